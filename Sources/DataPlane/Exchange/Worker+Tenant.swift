import HTTP2
import Model
import Policy

/// Whose request it is.
extension Worker {
    /// Notes whose request it is, and tells the backend where no trusted header does.
    /// - Returns: false when it names different tenants, which is answered.
    func readTenant(_ exchange: ExchangeRef, _ facts: RequestHead.Facts, on connection: DownstreamConnection) -> Bool {
        if facts.removedTenant { counters.tenantsUntrusted += 1 }
        let reading = snapshot._withUnsafeGuaranteedRef { snapshot in
            TenantReading(
                certificate: snapshot.tenants.fromCertificate ? connection.certificateName : .absent,
                hostSuffix: snapshot.view(snapshot.tenants.hostSuffix))
        }
        if reading.isPlain, !facts.tenant.isAmbiguous {
            exchange.pointee.tenant = facts.tenant.name
            return true
        }
        let head = exchange.pointee.requestHead
        let host = Worker.folded(reading.label(of: facts.authority), head)
        guard let tenant = reading.tenant(field: facts.tenant, host: host) else {
            counters.tenantConflicts += 1
            answer(exchange, .init(status: 400, reason: .tenantConflict))
            return false
        }
        exchange.pointee.tenant = tenant
        guard !tenant.isAbsent, facts.tenant.name.isAbsent else { return true }
        snapshot._withUnsafeGuaranteedRef { snapshot in
            // A certificate's name belongs to its connection: the exchange keeps a copy either way.
            head.append(copyingName: TenantReading.fieldName(snapshot), copying: tenant)
        }
        exchange.pointee.tenant = head.value(head.count - 1)
        return true
    }

    /// In lower case; where that differs, the block gives the room.
    static func folded(_ label: ByteView, _ block: HeaderBlock) -> ByteView {
        var isLower = true
        for index in 0..<label.count where ByteView.lowercased(label[index]) != label[index] { isLower = false }
        if isLower { return label }
        let bytes = block.allocate(label.count)
        for index in 0..<label.count { bytes[index] = ByteView.lowercased(label[index]) }
        return ByteView(base: bytes, count: label.count)
    }
}

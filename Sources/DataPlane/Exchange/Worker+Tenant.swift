import HTTP2
import Model

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
        if reading.isPlain, !facts.namesTenants {
            exchange.pointee.tenant = facts.tenant
            return true
        }
        let head = exchange.pointee.requestHead
        let tenant = reading.tenant(field: facts.tenant, authority: facts.authority, head)
        guard let tenant, !facts.namesTenants else {
            counters.tenantConflicts += 1
            answer(exchange, .init(status: 400, reason: .tenantConflict))
            return false
        }
        exchange.pointee.tenant = tenant
        guard !tenant.isAbsent, facts.tenant.isAbsent else { return true }
        snapshot._withUnsafeGuaranteedRef { snapshot in
            let name = snapshot.view(snapshot.tenants.header)
            // A certificate's name belongs to its connection: the exchange keeps a copy either way.
            head.append(copyingName: name.isEmpty ? "x-tenant-id" : name, copying: tenant)
        }
        exchange.pointee.tenant = head.value(head.count - 1)
        return true
    }
}

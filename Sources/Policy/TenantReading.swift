public import Model

/// Whose a request is: what the client's certificate, a trusted header and the host say (configuration, `tenants`).
public struct TenantReading: BitwiseCopyable {
    /// The common name of the verified certificate; absent where it names nobody.
    public let certificate: ByteView
    /// Begins with the dot of `*.example.com`; empty: hosts name no tenant.
    public let hostSuffix: ByteView

    public init(certificate: ByteView, hostSuffix: ByteView) {
        (self.certificate, self.hostSuffix) = (certificate, hostSuffix)
    }

    /// Only the header could name anybody.
    public var isPlain: Bool { hostSuffix.isEmpty && certificate.isAbsent }

    /// The one name that all who name anybody agree on; absent: nobody does. Nil: they do not agree.
    ///
    /// - Parameters:
    ///   - field: the trusted header's value, or absent.
    ///   - host: what `label(of:)` says of the authority, in lower case.
    public func tenant(field: TenantField, host: ByteView) -> ByteView? {
        if field.isAmbiguous { return nil }
        var name = ByteView.absent
        for index in 0..<3 {
            let said = index == 0 ? field.name : index == 1 ? certificate : host
            if said.isEmpty { continue }
            if name.isAbsent { name = said } else if !name.equals(said) { return nil }
        }
        return name
    }

    /// The label in front of the suffix, in the case it came in; absent where the host names nobody. Of several the
    /// nearest one: `a.acme.example.com` belongs to the tenant acme, whose fence a name in front must not open.
    public func label(of authority: ByteView) -> ByteView {
        if hostSuffix.isEmpty { return .absent }
        let host = TenantReading.host(of: authority)
        guard host.count > hostSuffix.count,
            host.dropFirst(host.count - hostSuffix.count).equalsIgnoringCase(lowercase: hostSuffix)
        else { return .absent }
        let names = host.prefix(host.count - hostSuffix.count)
        var start = names.count
        while start > 0, names[start - 1] != UInt8(ascii: ".") { start -= 1 }
        let label = names.dropFirst(start)
        return label.isEmpty ? .absent : label
    }

    /// What tells backends the tenant, lower case: the trusted header, or where none is configured a name of ours.
    public static func fieldName(_ snapshot: Snapshot) -> ByteView {
        let name = snapshot.view(snapshot.tenants.header)
        return name.isEmpty ? "x-tenant-id" : name
    }

    /// Without port and root's dots.
    private static func host(of authority: ByteView) -> ByteView {
        var end = authority.firstIndex(of: UInt8(ascii: ":")) ?? authority.count
        while end > 0, authority[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return authority.prefix(end)
    }
}

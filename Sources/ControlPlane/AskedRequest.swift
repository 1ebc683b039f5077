import Model
import Policy

/// A request that nobody sent, read by the rules for real ones.
struct AskedRequest {
    var facts: RequestFacts
    private(set) var fields: [HeaderFields.Field]
    /// The authority in lower case, empty without one.
    private let host: ByteView
    private var source = KeySource.none

    init(_ facts: RequestFacts, host: ByteView, fields: [HeaderFields.Field]) {
        (self.facts, self.host, self.fields) = (facts, host, fields)
        self.facts.xRegion = fields.last { $0.name.equals("x-region") }?.value ?? .absent
    }

    private func value(_ name: ByteView) -> ByteView {
        name.isEmpty ? .absent : fields.first { $0.name.equals(name) }?.value ?? .absent
    }

    /// Whose it is, and what the edge makes of its head before it looks for the route.
    /// - Returns: false when it names different tenants.
    mutating func readTenant(_ snapshot: Snapshot) -> Bool {
        let name = snapshot.view(snapshot.tenants.header)
        if !name.isEmpty { fields.removeAll { $0.name.equals(name) && $0.value.isEmpty } }
        var field = TenantField()
        for other in fields where !name.isEmpty && other.name.equals(name) { field.add(other.value) }
        let reading = TenantReading(
            certificate: .absent, hostSuffix: snapshot.view(snapshot.tenants.hostSuffix))
        guard let tenant = reading.tenant(field: field, host: reading.label(of: host)) else { return false }
        facts.tenant = tenant
        if !tenant.isAbsent, field.name.isAbsent {
            fields.append(HeaderFields.Field(name: TenantReading.fieldName(snapshot), value: tenant))
        }
        return true
    }

    /// What keys it on this route.
    mutating func readKey(of route: RouteEntry, _ snapshot: Snapshot) {
        let producer =
            route.sessions == .producer ? value(snapshot.view(snapshot.sessions.producerHeader)) : ByteView.absent
        source = route.keySource(producer: producer)
        switch source {
        case .producer:
            facts.key = SessionKey(producer, tenant: facts.tenant, snapshot.hashKey).hash
            facts.isKeyed = true
        case .header:
            let key = value(snapshot.view(route.hashBy))
            facts.isKeyed = !key.isAbsent
            if facts.isKeyed { facts.key = KeyHash(SipHash.hash(key, key: snapshot.hashKey)) }
        case .token, .none: break
        }
    }

    /// What could make a real request's way another one.
    func unknown(_ snapshot: Snapshot) -> [String] {
        var unknown: [String] = []
        if snapshot.tenants.fromCertificate {
            unknown.append("a client's certificate, which may name the tenant: as if it named none")
        }
        switch source {
        case .producer: unknown.append("where the producer's session is held: as if this were its first request")
        case .token: unknown.append("the session that a token names: as if this were the first request of a new one")
        case .header, .none: break
        }
        return unknown
    }
}

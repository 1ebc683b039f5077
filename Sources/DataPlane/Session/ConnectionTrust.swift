import Model

/// What a client's address lets it say (configuration, `trust`).
struct ConnectionTrust: Equatable {
    /// Its forwarding headers are believed.
    var isTrusted = false
    var xRegion = false
    var tenant = false

    init() {}

    /// - Parameter client: nil for a Unix socket, which only the machine's own users reach: trusted as configured.
    init(_ trust: Configuration.Trust, client: IPAddress?) {
        isTrusted = client.map { address in trust.from.contains { $0.contains(address) } } ?? !trust.from.isEmpty
        xRegion = isTrusted && trust.xRegion
        tenant = isTrusted && trust.tenant
    }
}

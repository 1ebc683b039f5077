public import Model

/// Whom to probe, and how.
public struct ProbeTarget: Equatable, Sendable {
    public var endpoint: EndpointID
    /// Resolved: a name is answered with a failure.
    public var address: Address
    /// Protocol and authorities: a probe connects as a request would.
    public var upstream: Configuration.Upstream
    public var health: Configuration.Health
    /// h2 only: the name sent as SNI and verified; an IP address is verified without SNI.
    public var serverName: String

    public init(
        endpoint: EndpointID, address: Address, upstream: Configuration.Upstream, health: Configuration.Health,
        serverName: String
    ) {
        (self.endpoint, self.address, self.upstream) = (endpoint, address, upstream)
        (self.health, self.serverName) = (health, serverName)
    }

    /// `:authority` of the probe request; a Unix socket has none of its own.
    var authority: String {
        if let authority = health.authority { return authority }
        if case .unix = address { return "localhost" }
        return "\(address)"
    }

    /// Whether a connection alone is the answer: nothing is said on it, in TLS or HTTP.
    var asksNothing: Bool { health.kind == .tcp }

    /// The same place asked the same way: a connection made for one serves the other.
    func sharesConnections(with other: ProbeTarget) -> Bool {
        asksNothing == other.asksNothing && address == other.address && upstream.protocol == other.upstream.protocol
            && serverName == other.serverName
            && upstream.authoritiesPath == other.upstream.authoritiesPath
    }
}

public import Model

/// What a name stands for at present.
public struct Answer: Equatable, Sendable {
    /// In ascending order, each once, of one family: name servers turn their records about from answer to answer, and
    /// that must not look like a change. May be empty.
    public let addresses: [IPAddress]
    public let lifeSeconds: UInt32

    /// Of addresses of both families the IPv4 ones are kept: an endpoint is one address, and a service that listens
    /// on one family alone would else count as half down (`localhost` is the usual case).
    public init(_ addresses: [IPAddress], lifeSeconds: UInt32) {
        let v4 = addresses.filter { !$0.isIPv6 }
        self.addresses = Set(v4.isEmpty ? addresses : v4).sorted { ($0.high, $0.low) < ($1.high, $1.low) }
        self.lifeSeconds = lifeSeconds
    }
}

public import Model

/// Asks for one probe of one endpoint. Whoever runs it calls `Controller.probeEnded` once, with the same id.
public struct ProbeRequest: Equatable, Sendable {
    /// Unique among the probes in flight.
    public let id: UInt32
    public let endpoint: EndpointID
    public let target: UpstreamTarget
    public let health: Configuration.Health
    /// From the start of the connection to the end of the answer.
    public let timeoutMilliseconds: UInt64
}

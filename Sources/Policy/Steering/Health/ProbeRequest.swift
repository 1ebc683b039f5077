public import Model

/// Asks for one probe of one endpoint. Whoever runs it calls `Controller.probeEnded` once, with the same id.
public struct ProbeRequest: Equatable, Sendable {
    /// Unique among the probes in flight.
    public let id: UInt32
    /// From the start of the connection to the end of the answer.
    public let timeoutMilliseconds: UInt64
    /// Shared by all probes of the endpoint: a request is three words and one retain.
    let watch: Watch

    public var endpoint: EndpointID { watch.endpoint }
    public var target: UpstreamTarget { watch.target }
    public var health: Configuration.Health { watch.health }
}

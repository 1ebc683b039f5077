public import Model

/// How one probe ended.
public struct ProbeOutcome: Equatable, Sendable {
    public var endpoint: EndpointID
    /// The id it was asked for with.
    public var id: UInt32
    public var succeeded: Bool
    /// Why not, in words for operators: `connection refused`; empty for a success.
    public var detail: String
    /// From the request's last byte sent to the answer's first byte; 0 when there was no answer.
    public var roundTripNanoseconds: UInt64

    public init(endpoint: EndpointID, id: UInt32, succeeded: Bool, detail: String, roundTripNanoseconds: UInt64) {
        (self.endpoint, self.id, self.succeeded) = (endpoint, id, succeeded)
        (self.detail, self.roundTripNanoseconds) = (detail, roundTripNanoseconds)
    }
}

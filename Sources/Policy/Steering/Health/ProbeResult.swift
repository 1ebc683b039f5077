/// How one probe ended.
public struct ProbeResult: Equatable, Sendable {
    /// `ProbeRequest.id`.
    public let id: UInt32
    public let succeeded: Bool
    /// Why not, in words for an operator: "connection refused", "status 503", "no answer within 1000 ms".
    public let detail: String
    public let roundTripNanoseconds: UInt64

    public init(id: UInt32, succeeded: Bool, detail: String, roundTripNanoseconds: UInt64) {
        (self.id, self.succeeded, self.detail) = (id, succeeded, detail)
        self.roundTripNanoseconds = roundTripNanoseconds
    }
}

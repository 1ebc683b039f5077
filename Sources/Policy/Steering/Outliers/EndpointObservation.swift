public import Model

/// What requests met at one endpoint over a short span, merged over the workers. Failures are 5xx answers, connection
/// failures and timeouts; what the edge or the client did is not in here.
public struct EndpointObservation: Equatable, Sendable, BitwiseCopyable {
    public var endpoint: EndpointID
    public var successes: UInt32
    public var failures: UInt32
    /// Those at the end of the span that no success came after; at most `failures`.
    public var consecutiveFailures: UInt32
    /// Of the failures: connections refused.
    public var refusals: UInt32
    /// From sending to the first byte of the answer, over `firstByteCount` successes.
    public var firstByteNanosecondsSum: UInt64
    public var firstByteCount: UInt32

    public init(
        endpoint: EndpointID, successes: UInt32 = 0, failures: UInt32 = 0, consecutiveFailures: UInt32 = 0,
        refusals: UInt32 = 0, firstByteNanosecondsSum: UInt64 = 0, firstByteCount: UInt32 = 0
    ) {
        (self.endpoint, self.successes, self.failures) = (endpoint, successes, failures)
        (self.consecutiveFailures, self.refusals) = (consecutiveFailures, refusals)
        (self.firstByteNanosecondsSum, self.firstByteCount) = (firstByteNanosecondsSum, firstByteCount)
    }
}

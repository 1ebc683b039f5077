public import Model

/// When something began. That may have been before this machine's monotonic clock did: after a reboot the clock is
/// younger than a drain that goes on, and no `LoopTime` can say so.
public struct Beginning: Equatable, Sendable {
    /// A moment of this process's clock,
    public let seenAt: LoopTime
    /// and how much time had passed by then.
    public let elapsedNanoseconds: UInt64

    public init(_ seenAt: LoopTime, elapsedNanoseconds: UInt64 = 0) {
        (self.seenAt, self.elapsedNanoseconds) = (seenAt, elapsedNanoseconds)
    }

    /// Nanoseconds that have passed since.
    public func age(at now: LoopTime) -> UInt64 {
        let (age, isTooLong) = elapsedNanoseconds.addingReportingOverflow(now.nanoseconds(since: seenAt))
        return isTooLong ? .max : age
    }

    /// When so much time will have passed since; what is past already is due at `seenAt`.
    public func instant(atAge nanoseconds: UInt64) -> LoopTime {
        if nanoseconds == .max { return .distantFuture }
        return seenAt.advanced(nanoseconds: nanoseconds > elapsedNanoseconds ? nanoseconds - elapsedNanoseconds : 0)
    }

    /// More than a clock can count is for ever.
    static func nanoseconds(_ milliseconds: UInt64) -> UInt64 {
        let (length, isTooLong) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
        return isTooLong ? .max : length
    }
}

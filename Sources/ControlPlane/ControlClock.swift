import Glibc
public import Model

/// Time as the control plane sees it: passed in, so that tests run hours in a moment.
public struct ControlClock: Sendable {
    /// The monotonic clock of the event loops.
    public var now: @Sendable () -> LoopTime
    /// Nanoseconds since 1970, for logs.
    public var wallNanoseconds: @Sendable () -> UInt64
    /// Returns at that instant, or at once when the task is cancelled.
    public var sleep: @Sendable (LoopTime) async -> Void

    public init(
        now: @escaping @Sendable () -> LoopTime, wallNanoseconds: @escaping @Sendable () -> UInt64,
        sleep: @escaping @Sendable (LoopTime) async -> Void
    ) {
        (self.now, self.wallNanoseconds, self.sleep) = (now, wallNanoseconds, sleep)
    }

    public static let system = ControlClock(
        now: { LoopTime(nanoseconds: read(CLOCK_MONOTONIC)) }, wallNanoseconds: { read(CLOCK_REALTIME) },
        sleep: { deadline in
            let left = deadline.nanoseconds(since: LoopTime(nanoseconds: read(CLOCK_MONOTONIC)))
            // Not for longer than an hour: a distant deadline would overflow the runtime's own clock.
            try? await Task.sleep(nanoseconds: min(left, 3_600_000_000_000))
        })

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

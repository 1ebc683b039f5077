import Model

/// How many refused changes the audit log takes, so that a flood of them cannot fill the disk: 200 at once, then ten
/// a minute, which is 5 MB a day. Pure: the time is passed in.
struct RefusalBudget: Equatable, Sendable {
    static let burst = 200
    static let millisecondsEach: UInt64 = 6_000

    private var left = RefusalBudget.burst
    private var since = LoopTime.zero
    /// Refusals that were only counted since the last one that was written.
    private var unwritten = 0

    /// How many were not written before this one, which is; nil: this one is not either.
    mutating func take(now: LoopTime) -> Int? {
        let earned = now.milliseconds(since: since) / RefusalBudget.millisecondsEach
        if earned > 0 {
            left = min(RefusalBudget.burst, left + Int(min(earned, UInt64(RefusalBudget.burst))))
            since = since.advanced(milliseconds: earned * RefusalBudget.millisecondsEach)
        }
        guard left > 0 else {
            unwritten += 1
            return nil
        }
        left -= 1
        defer { unwritten = 0 }
        return unwritten
    }
}

import Model

/// How many refusals may be written to disk: a burst, then one now and then, so that nobody fills a disk by knocking.
/// Pure: a bucket of tokens. `AuditLog` has all that there are: whoever refuses tells it of each refusal.
struct RefusalBudget: Equatable, Sendable {
    let burst: Int
    let refillMilliseconds: UInt64
    private var left: Int
    private var refilledAt = LoopTime.zero
    private var unrecorded: UInt64 = 0

    /// - Parameters:
    ///   - burst: so many at once; of 500 bytes each a few hundred are nothing.
    ///   - refillMilliseconds: then one in this time; one in 6 s is 7 MB a day.
    init(burst: Int = 300, refillMilliseconds: UInt64 = 6_000) {
        (self.burst, self.refillMilliseconds, left) = (burst, refillMilliseconds, burst)
    }

    /// Nil: only counted. Otherwise it is to be recorded, and so many before it only were counted.
    mutating func spend(now: LoopTime) -> UInt64? {
        let earned = now.milliseconds(since: refilledAt) / refillMilliseconds
        left = Int(min(UInt64(burst), UInt64(left) + min(earned, UInt64(burst))))
        // A full bucket earns nothing meanwhile.
        refilledAt = left == burst ? now : refilledAt.advanced(milliseconds: earned * refillMilliseconds)
        guard left > 0 else {
            unrecorded += 1
            return nil
        }
        left -= 1
        defer { unrecorded = 0 }
        return unrecorded
    }
}

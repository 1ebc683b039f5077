import Model

/// How many requests may be sent a second time because the first may have been in vain: a fifth of all, and three a
/// second whatever the load (routing.md, Retries). So retries never become the load that keeps a service down. Pure.
struct RetryBudget: Equatable {
    /// Hundredths of a retry that each request earns.
    static let share = 20
    /// What a quiet time can save up: an outage begins with many failures at once.
    static let maxSaved = 100 * 100
    /// Three a second, saved up for ten.
    private var floor: TokenBucket
    private var saved = 0

    init(now: LoopTime) { floor = TokenBucket(burst: 30, perSecond: 3, now: now) }

    /// A client's request came.
    mutating func requestBegan() { saved = min(RetryBudget.maxSaved, saved + RetryBudget.share) }

    /// Takes one retry; false when there is none left.
    mutating func take(now: LoopTime) -> Bool {
        if saved >= 100 {
            saved -= 100
            return true
        }
        return floor.take(1, now: now)
    }
}

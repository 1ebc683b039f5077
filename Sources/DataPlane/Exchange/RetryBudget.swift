import Model

/// How many requests may be sent a second time because the first may have been in vain: a fifth of all, and three a
/// second whatever the load (routing.md, Retries; `retries:` sets both). So retries never become the load that keeps a
/// service down. Pure.
struct RetryBudget: Equatable {
    /// What a quiet time can save up, in hundredths of a retry: an outage begins with many failures at once.
    static let maxSaved = 100 * 100
    /// Seconds for which the floor is saved up.
    private static let savedSeconds = 10
    /// Hundredths of a retry that each request earns.
    private var share: Int
    private var floor: TokenBucket
    private var saved = 0

    init(_ rules: Configuration.RetryRules, now: LoopTime) {
        share = rules.budgetPercent
        floor = RetryBudget.floor(rules, now)
    }

    /// Takes new numbers; what was saved stays.
    mutating func adopt(_ rules: Configuration.RetryRules, now: LoopTime) {
        share = rules.budgetPercent
        floor = RetryBudget.floor(rules, now)
    }

    private static func floor(_ rules: Configuration.RetryRules, _ now: LoopTime) -> TokenBucket {
        TokenBucket(burst: savedSeconds * rules.minPerSecond, perSecond: rules.minPerSecond, now: now)
    }

    /// A client's request came.
    mutating func requestBegan() { saved = min(RetryBudget.maxSaved, saved + share) }

    /// Takes one retry; false when there is none left.
    mutating func take(now: LoopTime) -> Bool {
        if saved >= 100 {
            saved -= 100
            return true
        }
        return floor.take(1, now: now)
    }
}

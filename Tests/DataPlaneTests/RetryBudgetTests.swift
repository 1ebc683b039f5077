import Model
import Testing

@testable import DataPlane

struct RetryBudgetTests {
    /// (requests before, seconds of quiet, retries granted at once)
    static let rows: [(Int, UInt64, Int)] = [(0, 0, 30), (5, 0, 31), (100, 0, 50), (100_000, 0, 130), (0, 60, 30)]

    @Test("a fifth of the requests, and thirty besides", arguments: rows)
    func grants(requests: Int, seconds: UInt64, expected: Int) {
        var budget = RetryBudget(Configuration.RetryRules(), now: .zero)
        for _ in 0..<requests { budget.requestBegan() }
        let now = LoopTime.zero.advanced(milliseconds: seconds * 1_000)
        var granted = 0
        while granted < 1_000, budget.take(now: now) { granted += 1 }
        #expect(granted == expected)
    }

    @Test func threeComeBackEachSecond() {
        var budget = RetryBudget(Configuration.RetryRules(), now: .zero)
        while budget.take(now: .zero) {}
        let later = LoopTime.zero.advanced(milliseconds: 2_100)
        var granted = 0
        while granted < 100, budget.take(now: later) { granted += 1 }
        #expect((5...6).contains(granted))
    }

    @Test func takesTheConfigurationsNumbers() {
        var rules = Configuration.RetryRules()
        (rules.budgetPercent, rules.minPerSecond) = (50, 1)
        var budget = RetryBudget(Configuration.RetryRules(), now: .zero)
        budget.adopt(rules, now: .zero)
        for _ in 0..<4 { budget.requestBegan() }
        var granted = 0
        while granted < 100, budget.take(now: .zero) { granted += 1 }
        #expect(granted == 12)
    }
}

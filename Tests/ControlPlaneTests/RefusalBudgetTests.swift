import Model
import Support
import Testing

@testable import ControlPlane

struct RefusalBudgetTests {
    @Test func aBurstThenOneNowAndThen() {
        var budget = RefusalBudget(burst: 3, refillMilliseconds: 10_000)
        let now = LoopTime(nanoseconds: 1_000_000_000)
        #expect((0..<5).map { _ in budget.spend(now: now) } == [0, 0, 0, nil, nil])
        #expect(budget.spend(now: now.advanced(milliseconds: 9_999)) == nil)
        #expect(budget.spend(now: now.advanced(milliseconds: 10_000)) == 3)
        #expect(budget.spend(now: now.advanced(milliseconds: 10_000)) == nil)
        #expect(budget.spend(now: now.advanced(milliseconds: 86_400_000)) == 1)
    }

    /// A day of a flood writes no more than the burst and one every six seconds, and every refusal is recorded or told
    /// of as a number. Replay: PORTOLAN_SEED=<seed>.
    @Test func aFloodIsBounded() {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var budget = RefusalBudget()
        var (now, recorded, told, asked) = (LoopTime.zero, 0, UInt64(0), 0)
        while now.nanoseconds < 86_400_000_000_000 {
            asked += 1
            if let unrecorded = budget.spend(now: now) {
                recorded += 1
                told += unrecorded
            }
            now = now.advanced(milliseconds: UInt64(random.next(below: 1_000)))
        }
        #expect(recorded <= 300 + 14_400, "seed \(random.seed)")
        #expect(recorded >= 14_400, "seed \(random.seed): \(recorded)")
        now = now.advanced(milliseconds: 86_400_000)
        told += budget.spend(now: now) ?? 0
        #expect(recorded + Int(told) == asked, "seed \(random.seed)")
    }
}

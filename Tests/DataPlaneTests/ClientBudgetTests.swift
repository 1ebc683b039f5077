import Testing

@testable import DataPlane

struct ClientBudgetTests {
    @Test("lends what there is, and takes it back")
    func lends() {
        var budget = ClientBudget(initial: 100, maximum: 800)
        let lent = [60, 41, 40].map { (budget.reserve($0), budget.left) }
        #expect(lent.map(\.0) == [true, false, true] && lent.map(\.1) == [40, 40, 0])
        budget.release(100)
        #expect(budget.left == 100 && budget.reserved == 0)
    }

    @Test("the first reservation always succeeds, or a large window would never be served")
    func servesLargeWindows() {
        var budget = ClientBudget(initial: 100, maximum: 800)
        let lent = [500, 1].map { budget.reserve($0) }
        budget.release(500)
        let again = budget.reserve(500)
        #expect(lent == [true, false] && again)
    }

    @Test("grows with each time as much was drained, to its maximum, and falls back when the client stalls")
    func grows() {
        var budget = ClientBudget(initial: 100, maximum: 500)
        budget.drained(99)
        #expect(budget.limit == 100)
        var limits: [Int] = []
        for _ in 0..<5 {
            budget.drained(budget.limit)
            limits.append(budget.limit)
        }
        #expect(limits == [200, 400, 500, 500, 500])
        let isLent = budget.reserve(450)
        budget.stalled()
        #expect(isLent && budget.limit == 100 && budget.left == -350)
        let isLentMore = budget.reserve(1)
        budget.release(450)
        let isLentAgain = budget.reserve(100)
        #expect(!isLentMore && isLentAgain)
    }
}

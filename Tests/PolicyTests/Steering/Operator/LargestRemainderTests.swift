import Model
import Support
import Testing

@testable import Policy

struct LargestRemainderTests {
    static let rows: [(Int, [Int], [Int])] = [
        (10_000, [1, 1, 1], [3_334, 3_333, 3_333]), (100, [33, 33, 34], [33, 33, 34]), (100, [0, 0], [0, 0]),
        (10_000, [], []), (10, [3, 0, 1], [8, 0, 2]), (7, [1, 1], [4, 3]), (0, [5, 5], [0, 0]),
    ]
    @Test("floors first, then the largest remainders, the earlier place first", arguments: rows)
    func apportions(seats: Int, weights: [Int], expected: [Int]) {
        #expect(LargestRemainder.apportion(seats, by: weights) == expected)
    }

    @Test("all seats are given, and nobody is further than one from the exact part")
    func exact() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<500 {
            let weights = (0...Int(random.next(below: 20))).map { _ in Int(random.next(below: 1_000)) }
            let given = LargestRemainder.apportion(10_000, by: weights)
            let total = weights.reduce(0, +)
            try #require(given.reduce(0, +) == (total > 0 ? 10_000 : 0), "seed \(random.seed), round \(round)")
            let isClose = zip(given, weights).allSatisfy { total == 0 || abs($0 * total - 10_000 * $1) < total }
            try #require(isClose, "seed \(random.seed), round \(round)")
        }
    }
}

import Model
import Support
import Testing

@testable import Policy

struct RaceTests {
    private static let names: [(former: [Double], weights: [Double])] = [
        ([50, 50], [50, 50]), ([50, 50], [60, 40]), ([1, 2, 3, 4], [4, 3, 2, 1]), ([10, 0, 90], [30, 30, 40]),
        ([30, 30, 40], [10, 0, 90]), ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 1, 1, 1, 1, 1, 1, 1, 1, 1]),
    ]

    /// Draws a former winner by its weights, and a new one that follows from it.
    private func run(_ row: (former: [Double], weights: [Double]), seed: UInt64) -> (former: Int, now: Int) {
        var random = SplitMix64(seed: seed)
        let sum = row.former.reduce(0, +)
        var left = Double(random.next() >> 11) * 0x1p-53 * sum
        var winner = 0
        while left >= row.former[winner] {
            left -= row.former[winner]
            winner += 1
        }
        var race = Race()
        race.begin()
        for (index, weight) in row.weights.enumerated() {
            race.add(index, weight: weight, former: row.former[index])
        }
        race.run(winner: (winner, row.former[winner]), formerSum: sum, seed: random.next())
        return (winner, race.entrants[0].index)
    }

    @Test(
        "each wins as often as its weight says, and nobody moves but to one that grew against theirs", arguments: names)
    func shares(row: (former: [Double], weights: [Double])) {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let count = 20_000
        var wins = row.weights.map { _ in 0.0 }
        for _ in 0..<count {
            let (former, now) = run(row, seed: random.next())
            wins[now] += 1
            let (before, after) = (row.former[former] * row.weights[now], row.former[now] * row.weights[former])
            if former != now, before <= after { Issue.record("seed \(random.seed): \(former) → \(now)") }
        }
        let sum = row.weights.reduce(0, +)
        for (index, weight) in row.weights.enumerated() {
            // Six standard deviations at most.
            #expect(abs(wins[index] / Double(count) - weight / sum) < 0.0213, "seed \(random.seed): \(wins)")
        }
    }

    @Test func nobodyIsKnown() {
        var race = Race()
        var wins = [0, 0]
        for seed in 0..<4_000 as Range<UInt64> {
            race.begin()
            race.add(0, weight: 1, former: 0)
            race.add(1, weight: 3, former: 0)
            race.add(2, weight: 0, former: 9)
            race.run(winner: nil, formerSum: 0, seed: seed &* 0x9E37_79B9_7F4A_7C15)
            wins[race.entrants[0].index] += 1
        }
        #expect((850...1_150).contains(wins[0]), "\(wins)")
    }
}

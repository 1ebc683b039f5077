import Model
import Support
import Testing

@testable import Policy

struct SliceMapTests {
    private func cell(_ number: Int) -> CellID { CellID(rawValue: UInt16(number)) }

    private func shares(_ counts: [Int]) -> [(cell: CellID, share: UInt16)] {
        counts.enumerated().map { (cell($0.offset), UInt16($0.element)) }
    }

    private func map(_ counts: [Int]...) -> SliceMap {
        var map = SliceMap()
        for step in counts { map.rebalance(to: shares(step)) }
        return map
    }

    private func picture(_ map: SliceMap) -> String {
        map.runs.map { "\($0.cell == .none ? "-" : "\($0.cell.rawValue)")×\($0.count)" }.joined(separator: " ")
    }

    static let rows: [([[Int]], String)] = [
        ([], "-×10000"), ([[5_000, 5_000]], "0×5000 1×5000"), ([[10_000]], "0×10000"),
        ([[5_000, 5_000], [4_900, 5_100]], "0×4900 1×5100"), ([[5_000, 5_000], [5_100, 4_900]], "0×5100 1×4900"),
        // Not side by side: a slice of its own at the loser's edge, which goes first when there is something to give.
        ([[3_000, 4_000, 3_000], [2_900, 4_000, 3_100]], "2×100 0×2900 1×4000 2×3000"),
        (
            [[3_000, 4_000, 3_000], [2_900, 4_000, 3_100], [3_000, 4_000, 3_000]], "0×3000 1×4000 2×3000"
        ),
        // Between a loser that vanishes its neighbours become one.
        ([[3_000, 4_000, 3_000], [5_000, 0, 5_000]], "0×5000 2×5000"),
        ([[5_000, 5_000], [0, 0]], "0×5000 1×5000"), ([[5_000, 5_000], [0, 10_000]], "1×10000"),
    ]
    @Test("slices shrink and grow at their edges", arguments: rows)
    func edges(steps: [[Int]], expected: String) {
        var map = SliceMap()
        for step in steps { map.rebalance(to: shares(step)) }
        #expect(picture(map) == expected)
        #expect(map.buckets.count == SliceMap.bucketCount)
    }

    @Test("a cell that is no longer named has none")
    func leaves() {
        var map = map([5_000, 5_000])
        map.rebalance(to: [(cell(1), 10_000)])
        #expect(map.count(of: cell(0)) == 0 && map.count(of: cell(1)) == 10_000)
    }

    /// In 10,000ths that sum to 10,000, some of them 0.
    private func randomShares(_ count: Int, _ random: inout SplitMix64) -> [Int] {
        let weights = (0..<count).map { _ in random.next(below: 4) == 0 ? 0 : Int(random.next(below: 100)) }
        return LargestRemainder.apportion(10_000, by: weights.contains { $0 > 0 } ? weights : [1] + weights.dropFirst())
    }

    private func moved(_ before: [CellID], _ after: [CellID]) -> [Int] {
        before.indices.filter { before[$0] != after[$0] }
    }

    @Test("any change is exact, moves the sum of the gains and no more, and leaves few slices")
    func exactAndMinimal() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var most = 0
        for round in 0..<10 {
            let count = 1 + Int(random.next(below: 16))
            var map = SliceMap()
            var counts = randomShares(count, &random)
            map.rebalance(to: shares(counts))
            for _ in 0..<30 {
                let before = (map, counts, map.buckets)
                counts = randomShares(count, &random)
                map.rebalance(to: shares(counts))
                let said = Comment(rawValue: "seed \(random.seed), round \(round): \(before.1) to \(counts)")
                for number in 0..<count { try #require(map.count(of: cell(number)) == counts[number], said) }
                let gains = zip(counts, before.1).reduce(0) { $0 + max(0, $1.0 - $1.1) }
                let after = map.buckets
                let places = moved(before.2, after)
                try #require(places.count == gains, said)
                // Who gains loses none.
                let isRight = places.allSatisfy { place in
                    let (from, to) = (Int(before.2[place].rawValue), Int(after[place].rawValue))
                    return counts[from] < before.1[from] && counts[to] > before.1[to]
                }
                try #require(isRight, said)
                var again = before.0
                again.rebalance(to: shares(counts))
                try #require(again == map, said)
                most = max(most, map.runs.count)
            }
        }
        #expect(most <= 16 * 8, "\(most) slices of 16 cells, seed \(random.seed)")
    }

    @Test("a weight that changes by 1 % moves 1 % of the keys, and no more than 1.2 % of real ones")
    func onePercent() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let keys = (0..<50_000).map { _ in KeyHash(random.next()) }
        for round in 0..<5 {
            let count = 2 + Int(random.next(below: 8))
            let percent = 1 + Int(random.next(below: 98))
            func cells(_ set: Int) -> [RegionShares.Cell] {
                [.init(configuredPercent: 50, setPercent: set)]
                    + Array(repeating: .init(configuredPercent: 10), count: count - 1)
            }
            var map = SliceMap()
            map.rebalance(to: shares(RegionShares(cells(percent)).shares))
            let before = map.buckets
            map.rebalance(to: shares(RegionShares(cells(percent + 1)).shares))
            let after = map.buckets
            try #require(moved(before, after).count == 100, "seed \(random.seed), round \(round)")
            let movedKeys = keys.count { before[$0.bucket] != after[$0.bucket] }
            try #require(movedKeys <= 600, "seed \(random.seed), round \(round)")
        }
    }

    @Test("a ramp of a drain moves a cell's keys away once each, and no others")
    func ramp() {
        var cells = [34, 33, 33].map { RegionShares.Cell(configuredPercent: $0) }
        var map = map(RegionShares(cells).shares)
        let first = map.buckets
        var movedPlaces = Set<Int>()
        var moves = 0
        for admission in stride(from: 99, through: 0, by: -1) {
            cells[0].admissionPercent = admission
            let before = map.buckets
            map.rebalance(to: shares(RegionShares(cells).shares))
            let places = moved(before, map.buckets)
            moves += places.count
            movedPlaces.formUnion(places)
        }
        #expect(map.count(of: cell(0)) == 0)
        #expect(first.indices.allSatisfy { first[$0] != cell(0) || movedPlaces.contains($0) })
        #expect(moves <= 3_400 + 100)  // the rounding of the two others may move a bucket a step
    }
}

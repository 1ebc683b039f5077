import Model
import Policy
import Support
import Testing

struct CellTurnTests {
    @Test("over two workers a share of 1 % is 0–2 of 100 requests")
    func twoWorkers() {
        for seed in 0..<60 as Range<UInt64> {
            let world = CellStageTests.world([99, 1])
            let workers = [Ask(world, seed: seed), Ask(world, seed: seed + 1_000)]
            var random = SplitMix64(seed: seed)
            for _ in 0..<20 {
                let ones = (0..<100).count { _ in workers[Int(random.next(below: 2))]().cell.rawValue == 1 }
                #expect((0...2).contains(ones), "seed \(seed)")
            }
        }
    }

    /// Snapshots change every hundredth request: another cell's health comes and goes, the dial turns, weights stay.
    static let shares: [[Int]] = [[1, 99], [37, 63], [99, 1], [1, 37, 62]]

    @Test("shares over a million requests while snapshots change", arguments: CellTurnTests.shares)
    func holdsItsShare(_ weights: [Int]) throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let requests = Scale.decisions / 5
        for isKeyed in [false, true] {
            var world = CellStageTests.world(weights)
            world.regions.append(.region("eu", [.cell("other", [.up])]))
            let ask = Ask(world, seed: random.next())
            var counts = Array(repeating: 0, count: weights.count + 1)
            for request in 0..<requests {
                if request % (requests / 1_000) == 0 {
                    ask.world.setRegion("eu", request % 3 == 0 ? .down : .up)
                    ask.world[region: "eu"].dial = Int(random.next(below: 101))
                    ask.publish()
                }
                counts[ask.quickly(key: isKeyed ? random.next() : nil).cell.index] += 1
            }
            for (cell, weight) in weights.enumerated() {
                // 0.1 and 0.2 percentage points are of a million: a chance's part of the error grows as the root.
                let bound = isKeyed ? max(0.002, 2 / Double(requests).squareRoot()) : 0.001
                let error = abs(Double(counts[cell]) / Double(requests) - Double(weight) / 100)
                try #require(error < bound, "seed \(random.seed), keyed \(isKeyed): \(counts)")
            }
        }
    }

    @Test("a cell that cannot serve gives its keys to the others by their shares; their own keys stay")
    func keyedFailover() {
        let ask = Ask(CellStageTests.world([50, 30, 20]))
        let keys = (0..<8_000 as Range<UInt64>).map { $0 &* 0x9E37_79B9_7F4A_7C15 }
        let before = keys.map { ask.quickly(key: $0).cell.index }
        ask.world.setCell("c0", .down)
        ask.publish()
        let after = keys.map { ask.quickly(key: $0).cell.index }
        for (old, new) in zip(before, after) where old != 0 { #expect(old == new) }
        let moved = zip(before, after).filter { $0.0 == 0 }.map(\.1)
        let share = Double(moved.count { $0 == 1 }) / Double(moved.count)
        #expect(abs(share - 0.6) < 0.04 && !moved.contains(0), "\(share)")
        ask.world.setCell("c1", .down)
        ask.publish()
        #expect(keys.allSatisfy { ask.quickly(key: $0).cell.index == 2 })
    }

    @Test("a key falls where its bucket lies")
    func buckets() {
        let ask = Ask(CellStageTests.world([50, 30, 20]))
        for (bucket, cell) in [(0, 0), (4_999, 0), (5_000, 1), (7_999, 1), (8_000, 2), (9_999, 2)] {
            #expect(ask(key: UInt64(bucket)).cell.index == cell && ask(key: UInt64(bucket) + 10_000).cell.index == cell)
        }
    }
}

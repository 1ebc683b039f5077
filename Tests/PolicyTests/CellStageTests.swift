import Model
import Policy
import Support
import Testing

struct CellStageTests {
    /// One region with cells of these weights, each with one endpoint that is up.
    static func world(_ weights: [Int]) -> SnapshotFixture {
        let cells = weights.enumerated().map { SnapshotFixture.Cell.cell("c\($0.offset)", $0.element, [.up]) }
        return SnapshotFixture(local: "us", [.region("us", cells)])
    }

    static let splits: [[Int]] = [
        [100], [50, 50], [90, 10], [99, 1], [34, 33, 33], [70, 20, 10], [97, 1, 1, 1], [0, 100], [60, 0, 40],
        [20, 20, 20, 20, 20], [13, 17, 29, 41],
    ]

    @Test("any 100 requests in a row are split exactly, from whatever start", arguments: splits)
    func isExact(_ weights: [Int]) {
        for seed in 0..<40 as Range<UInt64> {
            let ask = Ask(CellStageTests.world(weights), seed: seed)
            _ = ask.cells(Int(seed) * 7 % 100)
            for _ in 0..<5 { #expect(ask.cells(100) == weights, "seed \(seed)") }
        }
    }

    @Test("turns are spread: 5 1 1 is not five in a row")
    func isSmooth() {
        let ask = Ask(CellStageTests.world([70, 15, 15]))
        var longest = 0
        var run = 0
        for _ in 0..<200 {
            run = ask().cell.rawValue == 0 ? run + 1 : 0
            longest = max(longest, run)
        }
        #expect(longest <= 5)
    }

    @Test("workers start at different places")
    func startsAtRandom() {
        let starts = (0..<50).map { seed in Ask(CellStageTests.world([50, 50]), seed: seed)().cell }
        #expect(Set(starts).count == 2)
    }

    @Test("a cell without an endpoint that may be chosen gives its share to the others in proportion")
    func skipsUnfit() {
        let ask = Ask(CellStageTests.world([50, 30, 20]))
        ask.world.setCell("c0", .down)
        ask.publish()
        #expect(ask.cells(100) == [0, 60, 40])
        ask.world.setCell("c1", .unknown)
        ask.publish()
        #expect(ask.cells(10) == [0, 0, 10])
    }

    @Test("the excluded endpoint's cell is passed over only if it has no other")
    func excluded() {
        var world = CellStageTests.world([50, 50])
        world["c1"].endpoints = [.up, .up]
        let ask = Ask(world)
        for _ in 0..<20 {
            #expect(ask(excluded: world.endpoint("c0", 0)).cell == world.cell("c1"))
            let other = ask(excluded: world.endpoint("c1", 0))
            #expect(
                other.endpoint
                    == world.endpoint(
                        other.cell == world.cell("c0") ? "c0" : "c1", other.cell == world.cell("c0") ? 0 : 1))
        }
    }

    @Test("nothing but the excluded endpoint in the region: another region, or for X-Region a fallback")
    func excludedRegion() {
        let world = SnapshotFixture(
            local: "us",
            [.region("us", [.cell("a", 50, [.up]), .cell("b", 50, [.down])]), .region("eu", [.cell("c", [.up])])])
        let ask = Ask(world)
        let gone = world.endpoint("a", 0)
        #expect(ask(excluded: gone).region == world.region("eu") && ask(excluded: gone).reason == .onlyFit)
        let named = ask(xRegion: "us", excluded: gone)
        #expect(named.region == world.region("eu") && named.isFallback && named.wantedRegion == world.region("us"))
        let eu = ask(xRegion: "eu", excluded: world.endpoint("c", 0))
        #expect(eu.region == world.region("us") && eu.reason == .regionFallback)
        ask.world.routes = [.route("force", forcesXRegion: true)]
        ask.publish()
        #expect(ask(xRegion: "us", excluded: gone).reason == .xRegionUnavailable)
        ask.world.setCell("c", .down)
        ask.publish()
        #expect(ask(excluded: gone).reason == .noRegion)
    }

    /// However often weights and health change in between, over any 100 requests each cell gets what its shares add up
    /// to, ± 1 with two cells and below ± 2 with more. (No rule that does not know the next weights keeps ± 1 there;
    /// of three that were tried this one stays closest.)
    @Test(arguments: [2, 3, 4])
    func staysExactOverSnapshots(cells: Int) throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<40 {
            let ask = Ask(CellStageTests.world(CellStageTests.weights(cells, &random)), seed: random.next())
            // Requests taken less requests due, by cell, after each request.
            var surplus = [Array(repeating: 0.0, count: cells)]
            for _ in 0..<1_000 {
                if random.next(below: 7) == 0 { CellStageTests.change(ask, &random) }
                let weights = CellStageTests.effectiveWeights(ask.world)
                let sum = Double(weights.reduce(0, +))
                let decision = ask(.post)
                try #require(decision.isRefused == (sum == 0), "seed \(random.seed), round \(round)")
                if sum == 0 { continue }
                try #require(weights[decision.cell.index] > 0, "seed \(random.seed), round \(round)")
                var next = surplus[surplus.count - 1]
                for cell in 0..<cells { next[cell] -= Double(weights[cell]) / sum }
                next[decision.cell.index] += 1
                surplus.append(next)
            }
            for end in surplus.indices.dropFirst(100) {
                for cell in 0..<cells {
                    let error = abs(surplus[end][cell] - surplus[end - 100][cell])
                    try #require(error < (cells == 2 ? 1.001 : 2), "seed \(random.seed), round \(round): \(error)")
                }
            }
        }
    }

    static func change(_ ask: Ask, _ random: inout SplitMix64) {
        for (cell, weight) in weights(ask.snapshot.cells.count, &random).enumerated() {
            ask.world["c\(cell)"].weight = weight
            ask.world.setCell("c\(cell)", random.next(below: 8) == 0 ? .down : .up)
        }
        ask.publish()
    }

    static func effectiveWeights(_ world: SnapshotFixture) -> [Int] {
        world.regions[0].cells.map { $0.endpoints[0].health == .up ? $0.weight : 0 }
    }

    /// Weights that sum to 100, some of them 0.
    static func weights(_ count: Int, _ random: inout SplitMix64) -> [Int] {
        var weights = Array(repeating: 0, count: count)
        var left = 100
        for index in 0..<count - 1 {
            weights[index] = Int(random.next(below: UInt32(left + 1)))
            left -= weights[index]
        }
        weights[count - 1] = left
        return weights
    }
}

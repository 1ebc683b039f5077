import Model
import Policy
import Support
import Testing

@testable import ControlPlane

struct DecisionReplayTests {
    /// 8 regions × 16 cells × 32 endpoints in worlds of every kind: drained, dialled, spilling, cold, dark, with
    /// tenants that operators pinned and unpinned. Every line that the formatter wrote, read back and decided again,
    /// says what it said. Replay: PORTOLAN_SEED=<seed>.
    @Test func everyDecisionIsTheLoggedOne() throws {
        let seed = SplitMix64.fromEnvironmentOrFresh().seed
        var edge = try LoggedEdge(.everyKind(), seed: seed)
        var replay = LogReplay(over: edge.configuration)
        var reasons: Set<Reason> = []
        for _ in 0..<50 {
            edge.adoptAnything()
            for _ in 0..<2_020 {
                let shape = edge.randomShape()
                let lines = edge.serve(shape)
                for line in lines.split(separator: 0x0A) { replay.take(line) }
                let decision = try #require(edge.decided.last)
                reasons.insert(decision.reason)
                let isSame = replay.tally.same == edge.decided.count && replay.tally.otherReason == 0
                try #require(
                    isSame, "seed \(seed), request \(edge.decided.count), \(shape) went \(decision): \(replay.report)")
            }
        }
        let report = replay.report
        #expect(report.decided >= 100_000 && report.decided == report.same, "seed \(seed): \(report)")
        #expect(report.unknown == 0 && report.unreadable == 0 && report.missing == 0 && report.moves.isEmpty)
        let every: Set<Reason> = [
            .residency, .writeOwner, .xRegion, .regionFallback, .sticky, .stickyMigrated, .onlyFit, .panic,
            .latency, .homeRegion, .localRegion, .dial, .spill, .residencyDenied, .ownerUnhealthy, .noRegion, .noRoute,
            .xRegionUnavailable, .xRegionUnknown, .ownerOutsideResidency,
        ]
        #expect(reasons.isSuperset(of: every), "\(every.subtracting(reasons).map(\.name))")
    }

    /// The new weights of the region's four cells, and the part of all requests that has to move for them.
    static let weights: [(percents: [Int], moved: Double)] = [
        ([40, 20, 20, 20], 0.15), ([25, 25, 25, 25], 0), ([100, 0, 0, 0], 0.75), ([0, 34, 33, 33], 0.25),
        ([30, 30, 20, 20], 0.1),
    ]

    @Test(
        "under other weights the shares are right, and nobody moves but to a cell that grew against theirs",
        arguments: weights)
    func sharesFollowWeights(row: (percents: [Int], moved: Double)) throws {
        let seed = SplitMix64.fromEnvironmentOrFresh().seed
        let count = 20_000
        for key in [false, true] {
            var edge = try LoggedEdge(.everyKind(LoggedEdge.Size(regions: 1, cells: 4, endpoints: 2)), seed: seed)
            var changed = edge.configuration
            for place in 0..<4 { changed.regions[0].cells[place].weightPercent = row.percents[place] }
            var replay = LogReplay(over: changed)
            var random = SplitMix64(seed: seed)
            for _ in 0..<count {
                let shape = Shape(path: key ? "/user" : "/d", key: key ? random.next() : nil)
                for line in edge.serve(shape).split(separator: 0x0A) { replay.take(line) }
            }
            let report = replay.report
            #expect(report.decided == count && report.refused == 0)
            // Six standard deviations of so many draws of a half.
            let bound = 6 * (0.25 / Double(count)).squareRoot()
            let moved = Double(report.elsewhere) / Double(count)
            #expect(abs(moved - row.moved) < bound, "seed \(seed): \(moved) moved")
            for place in 0..<4 {
                let name = "r0/r0c\(place)"
                let went = report.moves.filter { $0.to == name }.reduce(0) { $0 + $1.requests }
                let left = report.moves.filter { $0.from == name }.reduce(0) { $0 + $1.requests }
                let before = edge.decided.count { $0.cell.index == place }
                let share = Double(before + went - left) / Double(count)
                #expect(abs(share - Double(row.percents[place]) / 100) < bound, "seed \(seed): \(name) \(share)")
            }
            for flow in report.moves {
                let (from, to) = (flow.from.suffix(1), flow.to.suffix(1))
                let percents = (row.percents[Int(from) ?? 0], row.percents[Int(to) ?? 0])
                #expect(percents.1 > percents.0, "seed \(seed): \(flow)")
            }
        }
    }

    /// A dial of 50 % over a first region: what it let go stays gone while the dial stays, and comes back with it.
    @Test(
        "what a dial let go comes back in part when the dial rises",
        arguments: [(50, 0.5), (75, 0.25), (100, 0), (20, 0.8)])
    func dialsAreDrawnAgain(after: Int, expected: Double) throws {
        let seed = SplitMix64.fromEnvironmentOrFresh().seed
        var edge = try LoggedEdge(.everyKind(LoggedEdge.Size(regions: 2, cells: 2, endpoints: 2)), seed: seed)
        let count = 9_000
        var conditions = Conditions.well(edge.registry)
        conditions.kept[RegionID(rawValue: 0)] = 5_000
        edge.adopt(conditions)
        for _ in 0..<count { _ = edge.serve(Shape()) }
        conditions.kept[RegionID(rawValue: 0)] = UInt16(after * 100)
        let said = edge.whatIf(over: conditions)
        #expect(said.requests == UInt64(count) && said.sampled > 1_300)
        let away = said.moves.filter { $0.from.hasPrefix("r0/") && $0.to.hasPrefix("r1/") }.reduce(0) {
            $0 + $1.requests
        }
        let back = said.moves.filter { $0.from.hasPrefix("r1/") && $0.to.hasPrefix("r0/") }.reduce(0) {
            $0 + $1.requests
        }
        let bound = 6 * (0.25 / Double(said.sampled)).squareRoot() + 0.001
        let share = 0.5 + Double(away - back) / Double(said.sampled)
        #expect(abs(share - expected) < bound, "seed \(seed): \(share)")
        #expect(min(away, back) == 0 && said.refused == 0)
        #expect(said.different == away + back)
    }

    @Test("the cells and regions that a new configuration lacks give theirs to those it has")
    func goneCells() throws {
        var edge = try LoggedEdge(.everyKind(LoggedEdge.Size(regions: 2, cells: 4, endpoints: 2)), seed: 7)
        var fewer = edge.configuration
        fewer.regions[0].cells.removeLast()
        for place in 0..<3 { fewer.regions[0].cells[place].weightPercent = [34, 33, 33][place] }
        var other = edge.configuration
        other.regions.removeFirst()
        (other.edge.region, other.datasets[0].owner) = ("r1", "r1")
        var first = LogReplay(over: fewer)
        var second = LogReplay(over: other)
        for _ in 0..<4_000 {
            for line in edge.serve(Shape()).split(separator: 0x0A) {
                first.take(line)
                second.take(line)
            }
        }
        let gone = first.report.moves.filter { $0.from == "r0/r0c3" }
        #expect(gone.count == 3 && gone.reduce(0) { $0 + $1.requests } == 1_000)
        #expect(gone.allSatisfy { (250...420).contains($0.requests) })
        // The rest for the one percent more of the first cell.
        #expect(first.report.elsewhere < 1_040)
        #expect(second.report.elsewhere == 4_000)
        #expect(second.report.moves.count == 16 && second.report.moves.allSatisfy { $0.to.hasPrefix("r1/") })
    }

    @Test("a header that the log does not keep makes a request unknown, one that its route asked for does not")
    func unknownHeaders() throws {
        var edge = try LoggedEdge(.everyKind(LoggedEdge.Size(regions: 1, cells: 2, endpoints: 2)), seed: 7)
        var changed = edge.configuration
        changed.routes.insert(changed.routes[10], at: 0)
        changed.routes[0].name = "new"
        changed.routes[0].match.headers = [Configuration.Header(name: "x-new", value: "")]
        var same = LogReplay(over: edge.configuration)
        var other = LogReplay(over: changed)
        for index in 0..<30 {
            var shape = Shape(path: index < 10 ? "/app" : index < 20 ? "/d" : "/user", key: index < 20 ? nil : 5)
            shape.isBeta = index < 5
            for line in edge.serve(shape).split(separator: 0x0A) {
                same.take(line)
                other.take(line)
            }
        }
        #expect(same.report.unknown == 0 && same.report.same == 30)
        #expect(other.report.unknown == 10 && other.report.same == 30)
    }
}

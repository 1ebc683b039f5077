import Model
import Policy
import Support
import Testing

struct LatencyStageTests {
    static let rows: [(dead: [String], goes: String, reason: Reason)] = [
        ([], "us", .localRegion), (["eu"], "us", .localRegion), (["us"], "ap", .latency),
        (["us", "ap"], "eu", .onlyFit),
    ]

    @Test("the local region, else the first of the snapshot's order", arguments: rows)
    func orders(dead: [String], goes: String, reason: Reason) {
        var world = SnapshotFixture.three
        for region in dead { world.setRegion(region, .down) }
        var parts = world.parts()
        parts.order = ["us", "ap", "eu"].map { world.region($0) }
        let decision = decideOnce(Snapshot(parts, generation: 1))
        #expect(decision.region == world.region(goes) && decision.reason == reason)
    }

    @Test("a region that the order forgot still serves")
    func unordered() {
        let world = SnapshotFixture.three
        var parts = world.parts()
        (parts.order, parts.localRegion) = ([], .none)
        #expect(decideOnce(Snapshot(parts, generation: 1)).region == world.region("us"))
    }

    @Test("where there is but one region no stage narrowed, and the weight decided")
    func single() {
        let world = SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up])])])
        #expect(decideOnce(world.snapshot()).reason == .weight)
    }

    // MARK: The band

    /// `us` local and nearest; `eu` and `ap` as near as each other, `sa` far. One jurisdiction.
    static var four: SnapshotFixture {
        var world = SnapshotFixture.three
        world.regions.append(.region("sa", [.cell("sa-a", [.up])]))
        world.order = ["us", "eu", "ap", "sa"]
        for name in ["eu", "ap"] { world[region: name].band = ["eu", "ap"] }
        return world
    }

    private func regions(_ ask: Ask, _ count: Int, key: UInt64? = nil) -> [Int] {
        var counts = Array(repeating: 0, count: 4)
        for turn in 0..<UInt64(count) {
            let decision = ask.quickly(key: key.map { $0 &* (turn + 1) })
            if !decision.isRefused { counts[decision.region.index] += 1 }
        }
        return counts
    }

    @Test("the local region wins within the band and loses outside it")
    func localInBand() {
        var world = LatencyStageTests.four
        world.order = ["eu", "us", "ap", "sa"]
        #expect(Ask(world)().region != world.region("us") && Ask(world)().reason == .latency)
        world[region: "eu"].band = ["eu", "us"]
        #expect(Ask(world)().region == world.region("us") && Ask(world)().reason == .localRegion)
    }

    @Test("a home in the band wins over its equals, for reads that may go anywhere")
    func homeInBand() {
        var world = LatencyStageTests.four
        world.setRegion("us", .down)
        world.tenants = [.tenant("asian", home: "ap", 0), .tenant("latin", home: "sa", 0)]
        world.routes[0].readsLocal = true
        let ask = Ask(world)
        #expect(ask(tenant: "asian").region == world.region("ap") && ask(tenant: "asian").reason == .homeRegion)
        #expect(ask(tenant: "latin").region != world.region("sa"), "out of the band it is only one of them")
        #expect(ask(.post, tenant: "latin").region == world.region("sa"))
    }

    @Test("equals share by capacity: unkeyed exactly, keyed as their keys fall")
    func byCapacity() {
        var world = LatencyStageTests.four
        world.setRegion("us", .down)
        (world[region: "eu"].capacity, world[region: "ap"].capacity) = (3, 1)
        #expect(regions(Ask(world), 400) == [0, 300, 100, 0])
        let keyed = regions(Ask(world), 8_000, key: 0x9E37_79B9_7F4A_7C15)
        #expect(abs(keyed[1] - 6_000) < 250 && keyed[1] + keyed[2] == 8_000, "\(keyed)")
    }

    // MARK: Dials and spill

    @Test("a dial keeps its part exactly and the rest goes to the next of the order", arguments: [1, 37, 50, 99])
    func dial(percent: Int) {
        var world = LatencyStageTests.four
        world[region: "us"].dial = percent
        for seed in 0..<10 as Range<UInt64> {
            #expect(regions(Ask(world, seed: seed), 100) == [percent, 100 - percent, 0, 0])
        }
        let keyed = regions(Ask(world), 8_000, key: 0x9E37_79B9_7F4A_7C15)
        #expect(abs(keyed[0] - 80 * percent) < 250 && keyed[0] + keyed[1] == 8_000, "\(keyed)")
    }

    @Test("each region keeps its own part of what reaches it, keyed or not, and the reason says who let go")
    func cascade() {
        var world = LatencyStageTests.four
        (world[region: "us"].kept, world[region: "eu"].dial) = (5_000, 50)
        #expect(regions(Ask(world), 400) == [200, 100, 100, 0])
        let keyed = regions(Ask(world), 8_000, key: 0x9E37_79B9_7F4A_7C15)
        #expect(zip(keyed, [4_000, 2_000, 2_000, 0]).allSatisfy { abs($0 - $1) < 250 }, "\(keyed)")
        let ask = Ask(world)
        for _ in 0..<40 {
            let decision = ask()
            #expect(decision.reason == (decision.region == world.region("us") ? .localRegion : .spill))
        }
        (world[region: "us"].kept, world[region: "us"].dial) = (10_000, 1)
        let reasons = Ask(world)
        #expect((0..<20).count { _ in reasons().reason == .dial } >= 19)
    }

    @Test("where nobody takes what was let go, the first one keeps it; a header, a fence or a session spill nothing")
    func nobodyTakes() {
        var world = LatencyStageTests.four
        for index in world.regions.indices { world.regions[index].kept = 1 }
        let counts = regions(Ask(world), 1_000)
        #expect(counts[0] >= 990, "\(counts)")
        world.tenants = [.tenant("fenced", home: "eu", 5)]
        world[region: "eu"].jurisdiction = 5
        let ask = Ask(world)
        let hold = SessionHold(region: world.region("ap"), cell: world.cell("ap-a"))
        for _ in 0..<50 {
            #expect(ask(xRegion: "ap").region == world.region("ap"))
            #expect(ask(tenant: "fenced").region == world.region("eu"))
            #expect(ask(key: 3, hold: hold).cell == hold.cell)
        }
    }

    @Test("dial 0: no new work while another is open")
    func dialZero() {
        var world = LatencyStageTests.four
        world[region: "us"].dial = 0
        #expect(regions(Ask(world), 200)[0] == 0 && Ask(world)(xRegion: "us").isFallback)
    }

    private func decideOnce(_ snapshot: Snapshot) -> Decision {
        var state = DecisionState(seed: 1)
        state.prepare(for: snapshot)
        return decide(RequestFacts(method: .get, authority: "a", path: "/"), snapshot, &state, now: .zero)
    }
}

import Model
import Policy
import Support
import Testing

struct SessionStageTests {
    /// `SnapshotFixture.three` with a route that keeps producers.
    static var world: SnapshotFixture {
        var world = SnapshotFixture.three
        world.routes[0].sessions = .producer
        return world
    }

    /// A key whose slot and bucket are known: slot from the upper half, bucket from all of it.
    static func key(slot: UInt64) -> UInt64 { ((slot << 24 + 9_999) / 10_000) << 40 }

    static func hold(_ world: SnapshotFixture, _ cell: String) -> SessionHold {
        SessionHold(region: world.region(String(cell.prefix(2))), cell: world.cell(cell))
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var name: String
        var change: @Sendable (inout SnapshotFixture) -> Void
        var hold = "eu-a"
        var goes: [String]
        var reason: Reason
        var isByDrain = false
        var testDescription: String { name }
    }

    static func row(
        _ name: String, goes: [String], _ reason: Reason, hold: String = "eu-a", byDrain: Bool = false,
        _ change: @escaping @Sendable (inout SnapshotFixture) -> Void
    ) -> Row {
        Row(name: name, change: change, hold: hold, goes: goes, reason: reason, isByDrain: byDrain)
    }

    /// The session's slot is 5,000.
    static let rows = [
        row("all is well", goes: ["eu-a"], .sticky) { _ in },
        row("weight 0", goes: ["eu-a"], .sticky) { ($0["eu-a"].weight, $0["eu-b"].weight) = (0, 100) },
        row("dial 0", goes: ["eu-a"], .sticky) { $0[region: "eu"].dial = 0 },
        row("farther by far, spilling", goes: ["eu-a"], .sticky) { $0[region: "eu"].kept = 100 },
        row("cell down", goes: ["eu-b"], .stickyMigrated) { $0.setCell("eu-a", .down) },
        row("cell unknown", goes: ["eu-b"], .stickyMigrated) { $0.setCell("eu-a", .unknown) },
        row("cell down, dial 0", goes: ["eu-b"], .stickyMigrated) {
            $0.setCell("eu-a", .down)
            $0[region: "eu"].dial = 0
        },
        row("cell down, the other's weight 0", goes: ["us-a", "us-b"], .stickyMigrated) {
            $0.setCell("eu-a", .down)
            $0["eu-b"].weight = 0
        },
        row("region down", goes: ["us-a", "us-b"], .stickyMigrated) { $0.setRegion("eu", .down) },
        row("standby", goes: ["us-a", "us-b"], .stickyMigrated) { $0[region: "eu"].takesNewWork = false },
        row("a drain below its slot", goes: ["eu-a"], .sticky) { $0.drain("eu-a", 5_000) },
        row("a drain above its slot", goes: ["eu-b"], .stickyMigrated, byDrain: true) { $0.drain("eu-a", 5_001) },
        row("a drain that has come to its end", goes: ["eu-b"], .stickyMigrated, byDrain: true) {
            $0.drain("eu-a", 10_000)
        },
        row("the region's drain", goes: ["us-a", "us-b"], .stickyMigrated, byDrain: true) {
            $0.drain("eu-a", 6_000)
            $0.drain("eu-b", 6_000)
        },
        row("the region's drain, shares still there", goes: ["us-a", "us-b"], .stickyMigrated, byDrain: true) {
            ($0["eu-a"].leavingSlots, $0["eu-b"].leavingSlots) = (6_000, 6_000)
        },
        row("the other cell drains too, the region's sessions with it", goes: ["us-a", "us-b"], .stickyMigrated) {
            $0.setCell("eu-a", .down)
            $0["eu-b"].leavingSlots = 6_000
        },
        row("all others are down", goes: ["eu-a"], .sticky) {
            for region in ["us", "ap"] { $0.setRegion(region, .down) }
        },
    ]

    @Test(arguments: rows)
    func keeps(_ row: Row) {
        var world = SessionStageTests.world
        row.change(&world)
        let hold = SessionStageTests.hold(world, row.hold)
        let isMove = row.reason == .stickyMigrated
        for seed in 0..<8 as Range<UInt64> {
            let decision = Ask(world, seed: seed)(.post, key: SessionStageTests.key(slot: 5_000) + seed, hold: hold)
            #expect(row.goes.map { world.cell($0) }.contains(decision.cell) && decision.reason == row.reason)
            #expect(decision.holdsSession == isMove && decision.isMovedByDrain == row.isByDrain)
            #expect(decision.movedFrom == (isMove ? hold.cell : .none))
        }
    }

    @Test("a new session is held where it goes, on a route that keeps sessions")
    func begins() {
        var world = SessionStageTests.world
        #expect(Ask(world)(key: 7).holdsSession && Ask(world)(key: 7).movedFrom == .none)
        #expect(Ask(world)(xRegion: "ap", key: 7).holdsSession)
        #expect(!Ask(world)(excluded: world.endpoint("us-a", 0), key: 7).holdsSession)
        world.routes[0].sessions = .none
        #expect(!Ask(world)(key: 7).holdsSession)
    }

    @Test("a cell that is gone: the region still holds")
    func goneCell() {
        let world = SessionStageTests.world
        for cell in [CellID.none, CellID(rawValue: 900), world.cell("us-a")] {
            let decision = Ask(world)(key: 7, hold: SessionHold(region: world.region("eu"), cell: cell))
            #expect(decision.region == world.region("eu") && decision.reason == .stickyMigrated)
            #expect(decision.holdsSession && decision.movedFrom == cell)
        }
    }

    @Test("a retry is served elsewhere this once, and moves no session")
    func retry() {
        var world = SessionStageTests.world
        world["eu-a"].endpoints = [.up]
        let ask = Ask(world)
        let hold = SessionStageTests.hold(world, "eu-a")
        let retry = ask(excluded: world.endpoint("eu-a", 0), key: 7, hold: hold)
        #expect(retry.cell == world.cell("eu-b") && !retry.holdsSession && retry.reason == .sticky)
        let inCell = ask(excluded: world.endpoint("eu-b", 0), key: 7, hold: SessionStageTests.hold(world, "eu-b"))
        #expect(inCell.endpoint == world.endpoint("eu-b", 1) && !inCell.holdsSession && inCell.reason == .sticky)
        ask.world.setCell("eu-b", .down)
        ask.publish()
        let elsewhere = ask(excluded: world.endpoint("eu-a", 0), key: 7, hold: hold)
        #expect(elsewhere.region == world.region("us") && !elsewhere.holdsSession && elsewhere.movedFrom == .none)
    }

    @Test("X-Region wins for this request and leaves the session; naming its own region keeps its cell")
    func named() {
        var world = SessionStageTests.world
        let hold = SessionStageTests.hold(world, "eu-a")
        let other = Ask(world)(xRegion: "ap", key: 7, hold: hold)
        #expect(other.region == world.region("ap") && other.reason == .xRegion && !other.holdsSession)
        for seed in 0..<6 as Range<UInt64> {
            let own = Ask(world, seed: seed)(xRegion: "eu", key: 7 + seed, hold: hold)
            #expect(own.cell == world.cell("eu-a") && own.reason == .xRegion && !own.holdsSession)
        }
        world[region: "eu"].dial = 0
        let dialed = Ask(world)(xRegion: "eu", key: 7, hold: hold)
        #expect(dialed.cell == world.cell("eu-a") && !dialed.isFallback)
        world.setRegion("eu", .down)
        let fallback = Ask(world)(xRegion: "eu", key: 7, hold: hold)
        #expect(fallback.region == world.region("us") && fallback.reason == .regionFallback && !fallback.holdsSession)
    }

    @Test("a session outside its tenant's fence comes inside")
    func fenced() {
        var world = SessionStageTests.world
        world.regions[1].jurisdiction = 1
        world.tenants = [.tenant("american", home: "us", 0)]
        let decision = Ask(world)(tenant: "american", key: 7, hold: SessionStageTests.hold(world, "eu-a"))
        #expect(decision.region == world.region("us") && decision.holdsSession && !decision.isMovedByDrain)
    }

    @Test("a panic moves no session")
    func panics() {
        var world = SessionStageTests.world
        for region in ["us", "eu", "ap"] { world.setRegion(region, .down) }
        let decision = Ask(world)(key: 7, hold: SessionStageTests.hold(world, "eu-a"))
        #expect(decision.reason == .panic && !decision.holdsSession && decision.movedFrom == .none)
    }
}

extension SnapshotFixture {
    /// As a drain leaves it: nothing new, and sessions below that slot go.
    mutating func drain(_ cell: String, _ leaving: Int) {
        (self[cell].share, self[cell].leavingSlots) = (0, leaving)
    }
}

import Model
import Policy
import Support
import Testing

struct OwnershipStageTests {
    /// Three regions of a jurisdiction each; `eu` owns `orders`, of epoch 7, `us` is local; `ap` has no replication.
    static var world: SnapshotFixture {
        var world = SnapshotFixture.three
        for index in 0..<3 { world.regions[index].jurisdiction = index }
        world[region: "us"].replication = [.up, .up]
        world[region: "eu"].replication = [.up, .up]
        world.datasets = [
            .dataset("orders", owner: "eu", epoch: 7), .dataset("lost"), .dataset("shared", isMulti: true),
            .dataset("apart", owner: "ap"),
        ]
        world.tenants = [
            .tenant("us-only", home: "us", 0), .tenant("ap-only", home: "ap", 2), .tenant("liar", home: "eu", 0),
        ]
        world.routes = ["orders", "lost", "shared", "apart"].enumerated().map { index, name in
            var route = SnapshotFixture.Route.route(name, path: "/\(name)")
            route.dataset = index
            return route
        }
        var forced = SnapshotFixture.Route.route("forced", path: "/forced", forcesXRegion: true)
        forced.dataset = 0
        var writes = SnapshotFixture.Route.route("class", path: "/class")
        (writes.dataset, writes.isWriteClass) = (0, true)
        world.routes += [forced, writes, .route("none", path: "/none")]
        return world
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var path: StaticString
        var method = Method.post
        var tenant: StaticString?
        var xRegion: String?
        /// The owner whose replication backend takes it; nil: no write, or refused.
        var owner: String?
        var reason: Reason
        var status: UInt16 = 0
        var testDescription: String { "\(method) \(path) of \(tenant ?? "nobody"), x-region \(xRegion ?? "-")" }
    }

    static let rows = [
        Row(path: "/orders", owner: "eu", reason: .writeOwner), Row(path: "/class", owner: "eu", reason: .writeOwner),
        Row(path: "/class", method: .get, owner: "eu", reason: .writeOwner),
        Row(path: "/orders", method: .get, reason: .localRegion), Row(path: "/none", reason: .localRegion),
        Row(path: "/shared", reason: .localRegion), Row(path: "/lost", reason: .ownerUnknown, status: 503),
        Row(path: "/lost", method: .head, reason: .localRegion),
        Row(path: "/apart", reason: .ownerUnhealthy, status: 503),
        Row(path: "/orders", tenant: "us-only", owner: "us", reason: .residency),
        Row(path: "/lost", tenant: "us-only", owner: "us", reason: .residency),
        Row(path: "/orders", tenant: "ap-only", reason: .ownerUnhealthy, status: 503),
        Row(path: "/orders", tenant: "liar", reason: .ownerOutsideResidency, status: 503),
        Row(path: "/orders", xRegion: "eu", owner: "eu", reason: .writeOwner),
        Row(path: "/orders", xRegion: "us", owner: "eu", reason: .regionFallback),
        Row(path: "/forced", xRegion: "eu", owner: "eu", reason: .writeOwner),
        Row(path: "/forced", xRegion: "us", reason: .xRegionUnavailable, status: 503),
        Row(path: "/forced", xRegion: "mars", reason: .xRegionUnknown, status: 400),
    ]

    @Test(arguments: rows)
    func owns(_ row: Row) {
        let world = OwnershipStageTests.world
        let decision = Ask(world)(row.method, row.path, xRegion: row.xRegion, tenant: row.tenant)
        #expect(decision.isRefused == (row.status != 0) && decision.status == row.status)
        #expect(decision.reason == row.reason)
        #expect(decision.isWrite == (row.owner != nil) && (decision.epoch > 0) == (row.owner != nil))
        if let owner = row.owner {
            #expect(decision.region == world.region(owner) && decision.cell == world.replication(owner))
            #expect(!decision.holdsSession)
        }
    }

    @Test("the epoch is the dataset's")
    func epoch() { #expect(Ask(OwnershipStageTests.world)(.post, "/orders").epoch == 7) }

    @Test("latency, dial, weight, standby cells and a session change nothing for a write")
    func narrow() {
        var world = OwnershipStageTests.world
        world[region: "eu"].dial = 0
        world.setRegion("eu", .down)
        world.routes[0].sessions = .producer
        let ask = Ask(world)
        let held = SessionHold(region: world.region("us"), cell: world.cell("us-a"))
        for hold in [SessionHold.none, held] {
            let decision = ask(.post, "/orders", key: 5, hold: hold)
            #expect(decision.cell == world.replication("eu") && decision.reason == .writeOwner)
            #expect(!decision.holdsSession && decision.movedFrom == .none)
        }
        #expect(ask(.get, "/orders", key: 5, hold: held).cell == world.cell("us-a"))
    }

    @Test("no replication backend that is up, or none but the one that just failed: refused, and nowhere else")
    func unhealthy() {
        var world = OwnershipStageTests.world
        let ask = Ask(world)
        let first = EndpointID(rawValue: UInt32(14))
        #expect(ask.snapshot.endpoints[first.index].cell == world.replication("eu"))
        for _ in 0..<20 { #expect(ask(.post, "/orders", excluded: first).endpoint.rawValue == 15) }
        world[region: "eu"].replication = [.up, .down]
        let one = Ask(world)
        let retry = one(.post, "/orders", excluded: first)
        #expect(retry.reason == .ownerUnhealthy && retry.isRefused && !retry.isWrite && retry.epoch == 0)
        world[region: "eu"].replication = [.unknown, .down]
        let none = Ask(world)(.post, "/orders")
        #expect(none.reason == .ownerUnhealthy && none.status == 503 && none.region == .none)
        #expect(Ask(world)(.get, "/class").reason == .ownerUnhealthy, "a safe one does not panic either")
    }

    @Test("other requests never meet a replication backend")
    func stays() {
        let ask = Ask(OwnershipStageTests.world)
        for _ in 0..<300 { #expect(!ask.snapshot.cells[ask(.post, "/none").cell.index].isReplication) }
    }
}

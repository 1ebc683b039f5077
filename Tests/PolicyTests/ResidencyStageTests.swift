import Model
import Policy
import Support
import Testing

struct ResidencyStageTests {
    /// `us` and `us2` in jurisdiction 0, `eu` in 1, `ap` in 2; the edge is in `us`.
    static var world: SnapshotFixture {
        var world = SnapshotFixture(
            local: "us",
            ["us", "us2", "eu", "ap"].map { .region($0, [.cell("\($0)-a", [.up, .up])]) })
        for (index, jurisdiction) in [0, 0, 1, 2].enumerated() { world.regions[index].jurisdiction = jurisdiction }
        world.tenants = [
            .tenant("american", home: "us", 0), .tenant("american2", home: "us2", 0), .tenant("german", home: "eu", 1),
            .tenant("both", home: "eu", 0, 1), .tenant("martian", home: "eu", 40), .tenant("nowhere", home: "us"),
        ]
        world.routes = [.route("home", path: "/home"), .route("near", path: "/near")]
        world.routes[1].readsLocal = true
        return world
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var tenant: StaticString?
        var method = Method.get
        var path: StaticString = "/home"
        var dead: [String] = []
        /// Nil: refused.
        var goes: String?
        var reason: Reason
        var isMisroute = false
        var testDescription: String { "\(tenant ?? "nobody") \(method) \(path), dead \(dead)" }
    }

    static let rows = [
        Row(tenant: nil, goes: "us", reason: .localRegion), Row(tenant: "unknown", goes: "us", reason: .localRegion),
        Row(tenant: "american", goes: "us", reason: .homeRegion),
        Row(tenant: "american", dead: ["us"], goes: "us2", reason: .onlyFit),
        Row(tenant: "american", method: .post, dead: ["us", "us2"], goes: nil, reason: .noRegion),
        Row(tenant: "american", dead: ["us", "us2"], goes: "us", reason: .panic),
        Row(tenant: "american2", goes: "us2", reason: .homeRegion, isMisroute: true),
        Row(tenant: "american2", path: "/near", goes: "us", reason: .localRegion),
        Row(tenant: "american2", method: .post, path: "/near", goes: "us2", reason: .homeRegion, isMisroute: true),
        Row(tenant: "american2", path: "/near", dead: ["us"], goes: "us2", reason: .onlyFit),
        Row(tenant: "german", goes: "eu", reason: .residency, isMisroute: true),
        Row(tenant: "german", path: "/near", goes: "eu", reason: .residency, isMisroute: true),
        Row(tenant: "german", method: .post, dead: ["eu"], goes: nil, reason: .noRegion, isMisroute: true),
        Row(tenant: "german", dead: ["eu"], goes: "eu", reason: .panic, isMisroute: true),
        Row(tenant: "both", goes: "eu", reason: .homeRegion, isMisroute: true),
        Row(tenant: "both", path: "/near", goes: "us", reason: .localRegion),
        Row(tenant: "both", dead: ["eu"], goes: "us", reason: .localRegion, isMisroute: true),
        Row(tenant: "martian", goes: nil, reason: .residencyDenied),
        Row(tenant: "nowhere", goes: nil, reason: .residencyDenied),
    ]

    @Test(arguments: rows)
    func fences(_ row: Row) {
        var world = ResidencyStageTests.world
        for region in row.dead { world.setRegion(region, .down) }
        let decision = Ask(world)(row.method, row.path, tenant: row.tenant)
        #expect(decision.region == row.goes.map { world.region($0) } ?? .none)
        #expect(decision.reason == row.reason && decision.isMisroute == row.isMisroute)
        #expect(decision.isRefused == (row.goes == nil) && decision.status == (row.goes == nil ? 503 : 0))
    }

    @Test("what X-Region names outside the fence is a fallback inside it, or refused")
    func namedOutside() {
        let ask = Ask(ResidencyStageTests.world)
        let decision = ask(xRegion: "ap", tenant: "german")
        #expect(decision.isRefused && decision.reason == .noRoute, "no route at /")
        let named = ask(.get, "/home", xRegion: "ap", tenant: "both")
        #expect(named.region == ask.world.region("us") && named.isFallback && named.reason == .regionFallback)
        ask.world.routes[0].forcesXRegion = true
        ask.publish()
        #expect(ask(.get, "/home", xRegion: "ap", tenant: "both").reason == .xRegionUnavailable)
    }

    @Test("the decision carries the fence and the home, refused or not")
    func carriesTheFence() {
        let ask = Ask(ResidencyStageTests.world)
        for method in [Method.get, .post] {
            let decision = ask(method, "/home", tenant: "both")
            #expect(decision.home == ask.world.region("eu") && decision.allowed == RegionSet(bits: 0b0111))
        }
        let denied = ask(.get, "/home", tenant: "martian")
        #expect(denied.home == ask.world.region("eu") && denied.allowed.isEmpty)
        #expect(ask(.get, "/home").home == .none && ask(.get, "/home").allowed == RegionSet(bits: .max))
    }

    static let misroutes: [(mode: MisrouteMode, edge: String, status: UInt16)] = [
        (.forward, "eu.example.com", 0), (.redirect, "eu.example.com", 307), (.redirect, "", 0),
        (.reject, "eu.example.com", 421), (.reject, "", 421),
    ]

    @Test("a tenant at home elsewhere is forwarded, sent there, or refused", arguments: misroutes)
    func misroute(mode: MisrouteMode, edge: String, status: UInt16) {
        var world = ResidencyStageTests.world
        world.misroute = mode
        world[region: "eu"].edge = edge
        let ask = Ask(world)
        let decision = ask(.get, "/home", tenant: "german")
        #expect(decision.isMisroute && decision.status == status && decision.isRefused == (status != 0))
        #expect(decision.region == (status == 0 ? world.region("eu") : .none))
        #expect(decision.reason == (status == 0 ? .residency : .misroute))
        #expect(decision.wantedRegion == (status == 0 ? .none : world.region("eu")))
        let atHome = ask(.get, "/home", tenant: "american")
        #expect(!atHome.isMisroute && !atHome.isRefused)
        #expect(!ask(.get, "/near", tenant: "both").isMisroute, "it reads here")
        #expect(ask(.get, "/home", tenant: "martian").reason == .residencyDenied, "the fence comes first")
    }
}

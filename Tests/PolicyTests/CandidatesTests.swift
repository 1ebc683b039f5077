import Model
import Policy
import Support
import Testing

struct CandidatesTests {
    static func world(force: Bool = false) -> SnapshotFixture {
        SnapshotFixture(
            local: "us",
            [
                .region("us", [.cell("us-a", [.up, .up])]), .region("eu", [.cell("eu-a", [.up, .up])]),
                .region("ap", [.cell("ap-a", [.down, .down])]),
            ], routes: [.route("default", forcesXRegion: force)])
    }

    static func decide(
        _ world: SnapshotFixture, avoiding region: String, _ more: (inout RequestFacts) -> Void = { _ in }
    )
        -> Decision
    {
        var facts = RequestFacts(method: .get, authority: "a", path: "/", excluded: world.endpoint("us-a", 0))
        facts.avoided = world.region(region)
        more(&facts)
        return Ask(world).decide(facts)
    }

    @Test("a region that failed a request twice is left out while another is open")
    func avoids() {
        let world = CandidatesTests.world()
        #expect(CandidatesTests.decide(world, avoiding: "us").region == world.region("eu"))
        #expect(CandidatesTests.decide(world, avoiding: "eu").region == world.region("us"))
        let named = CandidatesTests.decide(world, avoiding: "us") { $0.xRegion = "us" }
        #expect(named.region == world.region("eu") && named.reason == .regionFallback)
    }

    @Test("it is the last resort, not forbidden")
    func lastResort() {
        var world = CandidatesTests.world()
        world.setRegion("eu", .down)
        let only = CandidatesTests.decide(world, avoiding: "us")
        #expect(only.region == world.region("us") && !only.isPanic && only.endpoint == world.endpoint("us-a", 1))
        let forced = CandidatesTests.decide(CandidatesTests.world(force: true), avoiding: "us") { $0.xRegion = "us" }
        #expect(forced.region == world.region("us") && forced.reason == .xRegion)
    }

    @Test("a session is served elsewhere this once, and stays where it is held")
    func sessions() {
        let world = CandidatesTests.world()
        let decision = CandidatesTests.decide(world, avoiding: "us") { facts in
            facts.hold = SessionHold(region: world.region("us"), cell: world.cell("us-a"))
            (facts.key, facts.isKeyed) = (KeyHash(7), true)
        }
        #expect(decision.region == world.region("eu") && !decision.holdsSession)
    }
}

import Model
import Policy
import Support
import Testing

struct FitnessStageTests {
    @Test("panic: safe requests fail open, unsafe ones do not, a closed route lets none")
    func panics() {
        var world = SnapshotFixture.three
        world.routes = [.route("closed", path: "/closed", panicIsOpen: false), .route("open")]
        for region in ["us", "eu", "ap"] { world.setRegion(region, .down) }
        let ask = Ask(world)
        for method in Method.allCases {
            let decision = ask(method, "/open")
            #expect(decision.isRefused == !method.isSafe && decision.isPanic == method.isSafe)
            if method.isSafe {
                #expect(decision.reason == .panic && decision.region == world.region("us"))
            } else {
                #expect(decision.reason == .noRegion && decision.status == 503 && decision.endpoint == .none)
            }
            let closed = ask(method, "/closed")
            #expect(closed.isRefused && closed.reason == .noRegion && closed.status == 503)
        }
    }

    @Test("the least bad region has an endpoint not yet heard of; there, only such endpoints are chosen")
    func leastBad() {
        var world = SnapshotFixture.three
        for region in ["us", "eu", "ap"] { world.setRegion(region, .down) }
        world["ap-b"].endpoints[1].health = .unknown
        let ask = Ask(world)
        for _ in 0..<50 {
            let decision = ask()
            #expect(decision.endpoint == world.endpoint("ap-b", 1) && decision.cell == world.cell("ap-b"))
        }
        let retry = ask(excluded: world.endpoint("ap-b", 1))
        #expect(retry.region == world.region("us") && retry.isPanic)
    }

    @Test("an operator's 0 and a standby hold in a panic")
    func zeroHolds() {
        var world = SnapshotFixture.three
        for region in ["us", "eu", "ap"] { world.setRegion(region, .down) }
        world["us-a"].weight = 0
        world["us-b"].weight = 0
        world.regions[1].takesNewWork = false
        world["ap-a"].weight = 0
        let ask = Ask(world)
        for _ in 0..<50 { #expect(ask().cell == world.cell("ap-b")) }
        ask.world["ap-b"].weight = 0
        ask.publish()
        #expect(ask().isRefused && ask().reason == .noRegion)
    }

    @Test("a region that is open only to somebody else is no reason to panic")
    func excludedIsNoPanic() {
        let world = SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up, .down])])])
        let ask = Ask(world)
        let retry = ask(excluded: world.endpoint("a", 0))
        #expect(retry.isRefused && retry.reason == .noRegion && retry.status == 503)
    }

    @Test("fitness that leaves one region says so")
    func onlyFit() {
        var world = SnapshotFixture.three
        world.setRegion("us", .down)
        world.setRegion("eu", .unknown)
        let ask = Ask(world)
        #expect(ask(.post).region == world.region("ap") && ask(.post).reason == .onlyFit)
    }
}

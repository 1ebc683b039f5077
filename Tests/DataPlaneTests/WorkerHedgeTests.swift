import Model
import Support
import Testing

@testable import DataPlane

/// Two attempts beside each other, from the client's and both endpoints' sides.
struct WorkerHedgeTests {
    /// A request that waits at `first`; `second` has heard nothing.
    struct Scene {
        let fixture: WorkerFixture
        let client: Int
        let stubs: [EndpointStub]
        let first: EndpointStub
        let second: EndpointStub

        init(request: [Frame] = [headers(1).get().end()], _ route: (inout SnapshotFixture.Route) -> Void) throws {
            stubs = [try EndpointStub(), try EndpointStub()]
            fixture = try WorkerFixture(WorkerFixture.world(stubs, route))
            client = fixture.connect()
            fixture.greet(client)
            for frame in request { fixture.send(client, frame) }
            fixture.settle(stubs)
            (first, second) = stubs[0].requests.isEmpty ? (stubs[1], stubs[0]) : (stubs[0], stubs[1])
            #expect(first.requests == [1] && second.requests.isEmpty)
        }

        var counters: WorkerCounters { fixture.worker.counters }

        /// Load that the decisions see at both endpoints.
        var load: Int {
            (0..<2).reduce(0) { $0 + fixture.worker.decisionState.inFlight(EndpointID(rawValue: UInt32($1))) }
        }

        func wait(milliseconds: UInt64) {
            fixture.wait(milliseconds: milliseconds)
            fixture.settle(stubs)
        }

        func says(_ stub: EndpointStub, _ frames: Frame...) {
            for frame in frames { stub.say(frame) }
            fixture.settle(stubs)
        }

        func lines() -> [String] { fixture.lines(client).filter { !$0.hasPrefix("WINDOW_UPDATE") } }
    }

    static func hedged(_ route: inout SnapshotFixture.Route) { route.hedgeMilliseconds = 50 }

    @Test func theFirstHeadWinsAndTheOtherStreamIsReset() throws {
        let scene = try Scene(WorkerHedgeTests.hedged)
        scene.wait(milliseconds: 40)
        #expect(scene.second.requests.isEmpty, "it has time left")
        scene.wait(milliseconds: 15)
        #expect(scene.second.requests == [1] && scene.counters.hedges == 1 && scene.load == 2)
        scene.says(scene.second, headers(1).status("200"))
        #expect(scene.first.resets == [1] && scene.second.resets.isEmpty)
        #expect(scene.counters.hedgesWon == 1 && scene.load == 1)
        scene.says(scene.second, data(1, count: 5).end())
        #expect(scene.lines() == ["HEADERS 1", "DATA 1 5 end"])
        #expect(scene.fixture.worker.exchanges.liveCount == 0 && scene.load == 0)
    }

    @Test func aHedgeThatComesSecondIsReset() throws {
        let scene = try Scene(WorkerHedgeTests.hedged)
        scene.wait(milliseconds: 55)
        scene.says(scene.first, headers(1).status("204").end())
        #expect(scene.second.resets == [1] && scene.counters.hedgesWon == 0)
        #expect(scene.lines() == ["HEADERS 1 end"] && scene.load == 0)
    }

    /// What the second attempt meets is nobody's failure, and the other way round.
    @Test("one failure while the other lives is none", arguments: ["reset", "503", "gone"], [true, false])
    func survivesOneFailure(how: String, isFirst: Bool) throws {
        let scene = try Scene(WorkerHedgeTests.hedged)
        scene.wait(milliseconds: 55)
        let (failing, living) = isFirst ? (scene.first, scene.second) : (scene.second, scene.first)
        switch how {
        case "reset": scene.says(failing, reset(1, code: 2))
        case "503": scene.says(failing, headers(1).status("503").end())
        default:
            failing.breakOff()
            scene.fixture.settle(scene.stubs)
        }
        #expect(scene.lines().isEmpty && scene.load == 1)
        #expect(scene.counters.retries == 0 && scene.counters.resends == 0)
        scene.says(living, headers(1).status("200").end())
        #expect(scene.lines() == ["HEADERS 1 end"] && scene.load == 0)
    }

    @Test func bothFailingIsOneFailure() throws {
        let scene = try Scene {
            WorkerHedgeTests.hedged(&$0)
            $0.retries = 0
        }
        scene.wait(milliseconds: 55)
        scene.says(scene.second, reset(1, code: 2))
        scene.says(scene.first, reset(1, code: 2))
        #expect(scene.lines().first == "HEADERS 1" && scene.counters.localResponses == 1 && scene.load == 0)
    }

    @Test func aClientThatGoesAwayEndsBoth() throws {
        let scene = try Scene(WorkerHedgeTests.hedged)
        scene.wait(milliseconds: 55)
        scene.fixture.send(scene.client, reset(1))
        scene.fixture.settle(scene.stubs)
        #expect(scene.first.resets == [1] && scene.second.resets == [1])
        #expect(scene.fixture.worker.exchanges.liveCount == 0 && scene.load == 0)
    }

    @Test func aBodyIsSentToBoth() throws {
        let whole = [headers(1).request("OPTIONS", "/"), data(1, count: 9).end()]
        let scene = try Scene(request: whole, WorkerHedgeTests.hedged)
        scene.wait(milliseconds: 55)
        #expect(scene.first.bodyBytes == 9 && scene.second.bodyBytes == 9)
        scene.says(scene.second, headers(1).status("200").end())
        #expect(scene.lines() == ["HEADERS 1 end"])
    }

    /// (what it is about, the request, retries left in the budget)
    static let unhedged: [(String, [Frame], Bool)] = [
        ("an unsafe method", [headers(1).post().end()], true),
        ("a body that is not complete", [headers(1).request("OPTIONS", "/"), data(1, count: 9)], true),
        ("a budget that is used up", [headers(1).get().end()], false),
    ]

    @Test("some requests get no second attempt", arguments: unhedged)
    func isNotHedged(what: String, request: [Frame], hasBudget: Bool) throws {
        let scene = try Scene(request: request, WorkerHedgeTests.hedged)
        if !hasBudget { while scene.fixture.worker.retryBudget.take(now: scene.fixture.now) {} }
        scene.wait(milliseconds: 60)
        #expect(scene.second.requests.isEmpty && scene.counters.hedges == 0)
    }

    @Test func anAnswerTakesTheTimerBack() throws {
        let scene = try Scene(WorkerHedgeTests.hedged)
        let timers = scene.fixture.worker.loop.timers.count
        scene.says(scene.first, headers(1).status("200"))
        #expect(scene.fixture.worker.loop.timers.count == timers - 1)
        scene.wait(milliseconds: 60)
        #expect(scene.counters.hedges == 0)
    }

    @Test func routesWithoutItSetNoTimer() throws {
        let scene = try Scene { _ in }
        let plain = scene.fixture.worker.loop.timers.count
        let hedged = try Scene(WorkerHedgeTests.hedged)
        #expect(hedged.fixture.worker.loop.timers.count == plain + 1)
    }
}

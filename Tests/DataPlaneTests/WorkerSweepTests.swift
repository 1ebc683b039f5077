import Model
import Support
import Testing

@testable import DataPlane

/// What a request meets when time runs out.
struct WorkerSweepTests {
    typealias Scene = WorkerHedgeTests.Scene

    /// A little more than a sweep each.
    private func sweeps(_ scene: Scene, _ count: Int) {
        for _ in 0..<count { scene.wait(milliseconds: 110) }
    }

    @Test func aTryThatTakesTooLongMovesOn() throws {
        let scene = try Scene { $0.perTryMilliseconds = 250 }
        sweeps(scene, 2)
        #expect(scene.second.requests.isEmpty)
        sweeps(scene, 1)
        #expect(scene.second.requests == [1] && scene.first.resets == [1])
        #expect(scene.counters.perTryTimeouts == 1 && scene.counters.retries == 1)
        scene.says(scene.second, headers(1).status("200").end())
        #expect(scene.lines() == ["HEADERS 1 end"])
    }

    /// (the method, bits of `retry_on`, retries)
    static let endings: [(String, UInt8, Int)] = [
        ("POST", RetryCause.all, 1), ("GET", RetryCause.all & ~RetryCause.perTryTimeout.bit, 1),
        ("GET", RetryCause.all, 0),
    ]

    @Test("a try that takes too long and may not be repeated is a 504", arguments: endings)
    func tellsTheClient(method: String, causes: UInt8, retries: Int) throws {
        let scene = try Scene(request: [headers(1).request(method, "/").end()]) {
            ($0.perTryMilliseconds, $0.retryOn, $0.retries) = (250, causes, retries)
        }
        sweeps(scene, 4)
        #expect(scene.second.requests.isEmpty && scene.first.resets == [1])
        #expect(scene.counters.localResponses == 1 && scene.counters.responses.4 == 1)
    }

    @Test func aSecondTryHasItsOwnTimeAndThenItIsEnough() throws {
        let scene = try Scene { $0.perTryMilliseconds = 250 }
        sweeps(scene, 3)
        sweeps(scene, 2)
        #expect(scene.lines().isEmpty)
        sweeps(scene, 2)
        #expect(scene.lines().first == "HEADERS 1" && scene.counters.perTryTimeouts == 2)
    }

    @Test func aSilentEndpointsSafeRequestIsTriedElsewhere() throws {
        let scene = try Scene { _ in }
        sweeps(scene, 152)
        #expect(scene.second.requests == [1] && scene.counters.retries == 1 && scene.counters.perTryTimeouts == 0)
    }

    @Test func theTotalTimeIsTotal() throws {
        let scene = try Scene { ($0.perTryMilliseconds, $0.timeoutMilliseconds) = (250, 400) }
        sweeps(scene, 6)
        #expect(scene.lines().first == "HEADERS 1" && scene.counters.perTryTimeouts == 1)
    }

    /// (octets every second, whether it is answered 408)
    @Test("a body that trickles is told so", arguments: [(10, true), (2_000, false)])
    func slowBody(bytes: Int, isTold: Bool) throws {
        let scene = try Scene(request: [headers(1).post(), data(1, count: 5)]) { _ in }
        for _ in 0..<21 {
            scene.fixture.send(scene.client, data(1, count: bytes))
            sweeps(scene, 10)
        }
        #expect((scene.counters.requestBodyTimeouts == 1) == isTold)
        #expect((scene.counters.responses.3 == 1) == isTold)
    }
}

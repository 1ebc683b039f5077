import Model
import Support
import Testing

@testable import DataPlane

/// The end of a drain, from the client's and the endpoints' sides.
struct WorkerDrainTests {
    /// Two cells with an endpoint each, and a request that waits at the first one's.
    struct Scene {
        let fixture: WorkerFixture
        let client: Int
        let stubs: [EndpointStub]
        var world: SnapshotFixture

        init(request: Frame) throws {
            stubs = [try EndpointStub(), try EndpointStub()]
            world = SnapshotFixture(
                local: "us",
                [
                    .region(
                        "us",
                        [
                            .cell("us-a", 100, [.up(at: stubs[0].address)]),
                            .cell("us-b", 0, [.up(at: stubs[1].address)]),
                        ])
                ])
            fixture = try WorkerFixture(world)
            client = fixture.connect()
            fixture.greet(client)
            fixture.send(client, request)
            fixture.settle(stubs)
            #expect(stubs[0].requests == [1])
        }

        /// All goes to the other cell, and the first one's time is up.
        mutating func endDrain(others: Bool = true) {
            world["us-a"].weight = 0
            world["us-b"].weight = others ? 100 : 0
            var parts = world.parts()
            parts.cells[0].resetsStreams = true
            fixture.publish(Snapshot(parts, generation: 3))
            fixture.settle(stubs)
        }

        var counters: WorkerCounters { fixture.worker.counters }
    }

    @Test func anAnswerThatHasBegunIsReset() throws {
        var scene = try Scene(request: headers(1).get().end())
        scene.stubs[0].say(headers(1).status("200"), data(1, count: 3))
        scene.fixture.settle(scene.stubs)
        #expect(scene.fixture.lines(scene.client) == ["HEADERS 1", "DATA 1 3"])
        scene.endDrain()
        #expect(scene.fixture.lines(scene.client) == ["RST_STREAM 1 CANCEL"])
        #expect(scene.stubs[0].resets == [1] && scene.counters.drainDeadlineResets == 1)
        #expect(scene.counters.requestsAborted == 0, "nobody's failure")
        #expect(scene.fixture.worker.exchanges.liveCount == 0)
    }

    @Test func anUnsafeRequestWithoutAnAnswerIsTold() throws {
        var scene = try Scene(request: headers(1).post().end())
        scene.endDrain()
        #expect(scene.fixture.lines(scene.client).first == "HEADERS 1")
        #expect(scene.stubs[0].resets == [1] && scene.stubs[1].requests.isEmpty)
        #expect(scene.counters.drainDeadlineResets == 1 && scene.counters.responses.4 == 1)
    }

    @Test func aSafeRequestWithoutAnAnswerGoesOn() throws {
        var scene = try Scene(request: headers(1).get().end())
        scene.endDrain()
        #expect(scene.stubs[0].resets == [1] && scene.stubs[1].requests == [1])
        scene.stubs[1].say(headers(1).status("200").end())
        scene.fixture.settle(scene.stubs)
        #expect(scene.fixture.lines(scene.client) == ["HEADERS 1 end"])
    }

    @Test func aSafeRequestThatNobodyElseTakesIsTold() throws {
        var scene = try Scene(request: headers(1).get().end())
        scene.endDrain(others: false)
        #expect(scene.fixture.lines(scene.client).first == "HEADERS 1")
        #expect(scene.counters.drainDeadlineResets == 1 && scene.counters.responses.4 == 1)
    }

    @Test func otherCellsAreLeftAlone() throws {
        var scene = try Scene(request: headers(1).get().end())
        var parts = scene.world.parts()
        parts.cells[1].resetsStreams = true
        scene.fixture.publish(Snapshot(parts, generation: 3))
        scene.fixture.settle(scene.stubs)
        #expect(scene.stubs[0].resets.isEmpty && scene.counters.drainDeadlineResets == 0)
        scene.endDrain()
        #expect(scene.stubs[0].resets == [1])
    }
}

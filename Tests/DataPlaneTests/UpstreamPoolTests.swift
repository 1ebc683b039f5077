import Model
import Support
import Testing

@testable import DataPlane

/// How much of an endpoint whom is given.
struct UpstreamPoolTests {
    private func world(_ stub: EndpointStub, _ change: (inout Configuration.Upstream) -> Void) -> SnapshotFixture {
        var world = WorkerFixture.world([stub]) { _ in }
        change(&world["us-a"].upstream)
        return world
    }

    /// Opens so many streams and leaves them open; says how many of them were turned away.
    private func open(_ count: Int, by client: Int, _ fixture: WorkerFixture, _ stub: EndpointStub) -> Int {
        let before = fixture.worker.counters.localResponses
        for index in 0..<count {
            fixture.send(client, headers(UInt32(2 * index + 1)).get().end())
            fixture.settle([stub])
            _ = fixture.receive(client)
        }
        return Int(fixture.worker.counters.localResponses - before)
    }

    @Test func clientsWithManyStreamsLeaveRoomForOthers() throws {
        let stub = try EndpointStub()
        let fixture = try WorkerFixture(world(stub) { ($0.maxRequests, $0.maxConnections) = (160, 64) })
        var turnedAway: [Int] = []
        for _ in 0..<4 {
            let client = fixture.connect()
            fixture.greet(client)
            turnedAway.append(open(80, by: client, fixture, stub))
        }
        // 80 and 60 fit; what is left is 20, of which one client may have one.
        #expect(turnedAway == [0, 20, 79, 79])
        for _ in 0..<10 {
            let modest = fixture.connect()
            fixture.greet(modest)
            #expect(open(1, by: modest, fixture, stub) == 0)
        }
    }

    @Test func theUnreadLoseTheirPlacesWhereFewAreLeft() throws {
        let stub = try EndpointStub()
        let fixture = try WorkerFixture(world(stub) { $0.maxRequests = 2 })
        let client = fixture.connect()
        fixture.greet(client)
        // A window of nothing: the client takes no octet of any answer.
        fixture.send(client, settings((4, 0)))
        #expect(open(2, by: client, fixture, stub) == 0)
        stub.say(headers(1).status("200"), data(1, count: 100))
        stub.say(headers(3).status("200"), data(3, count: 100))
        fixture.settle([stub])
        for _ in 0..<12 { fixture.wait(milliseconds: 100) }
        fixture.settle([stub])
        #expect(fixture.worker.counters.streamsStalled > 0 && !stub.resets.isEmpty)
        let other = fixture.connect()
        fixture.greet(other)
        #expect(open(1, by: other, fixture, stub) == 0)
    }

    @Test func theUnreadKeepTheirPlacesWhereThereIsRoom() throws {
        let stub = try EndpointStub()
        let fixture = try WorkerFixture(world(stub) { $0.maxRequests = 100 })
        let client = fixture.connect()
        fixture.greet(client)
        fixture.send(client, settings((4, 0)))
        #expect(open(2, by: client, fixture, stub) == 0)
        stub.say(headers(1).status("200"), data(1, count: 100))
        fixture.settle([stub])
        for _ in 0..<20 { fixture.wait(milliseconds: 100) }
        #expect(fixture.worker.counters.streamsStalled == 0 && stub.resets.isEmpty)
    }

    @Test("where nobody may wait, a request still waits for the connection that it causes")
    func withoutAQueue() throws {
        let stub = try EndpointStub()
        let fixture = try WorkerFixture(world(stub) { $0.maxPending = 0 })
        let client = fixture.connect()
        fixture.greet(client)
        fixture.send(client, headers(1).get().end(), headers(3).get().end())
        #expect(fixture.worker.counters.upstreamQueueFull == 1, "the second one finds no room")
        fixture.settle([stub])
        #expect(stub.requests == [1])
        fixture.send(client, headers(5).get().end())
        fixture.settle([stub])
        #expect(stub.requests.count == 2, "there is a connection now")
    }

    @Test func whatLatencyDoesNotAllowIsRefused() throws {
        let stub = try EndpointStub()
        let fixture = try WorkerFixture(world(stub) { $0.adaptsConcurrency = true })
        let client = fixture.connect()
        fixture.greet(client)
        let turnedAway = open(40, by: client, fixture, stub)
        #expect(turnedAway == 30, "a limit that knows nothing yet begins with ten")
        #expect(fixture.worker.counters.concurrencyRefusals == 30 && fixture.worker.counters.upstreamQueueFull == 0)
    }
}

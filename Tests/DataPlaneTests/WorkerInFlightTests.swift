import HTTP2
import Model
import Testing

@testable import DataPlane

struct WorkerInFlightTests {
    @Test("an exchange counts in its cell until the client's stream ends, and no longer once the edge answers")
    func counts() throws {
        let world = try PlayedWorld { $0.routes[0].dataset = -1 }
        var held: [(PlayedPeer, StreamID)] = []
        world["us"].serve = { held.append(($0, $1)) }
        #expect(world.worker.exchangesByCell().isEmpty)
        let client = world.connect()
        let streams = (0..<3).map { _ in client.request(PlayedWorld.head("GET")) }
        world.settle()
        // Cell 0 is us-a.
        #expect(held.count == 3 && world.worker.exchangesByCell() == [3])
        let (peer, stream) = held[0]
        peer.answer(stream, 200)
        world.settle()
        #expect(world.worker.exchangesByCell() == [2])
        client.reset(streams[1], .cancel)
        world.settle()
        #expect(world.worker.exchangesByCell() == [1])
        let moved = world.ask("GET", [("via", "2.0 edge-1 (portolan)")])
        #expect(moved[":status"] == "508" && world.worker.exchangesByCell() == [1])
    }
}

import HTTP2
import Model
import Support
import Testing

@testable import DataPlane

/// A worker from its clients' side: what it answers by itself, and how it says goodbye.
struct WorkerTests {
    static let answers: [(String, Frame, [String])] = [
        ("CONNECT", headers(1).field(":method", "CONNECT").field(":authority", "a:1"), ["HEADERS 1", "DATA 1 end"]),
        ("a loop", headers(1).get().field("via", "2.0 edge-1 (portolan)").end(), ["HEADERS 1", "DATA 1 end"]),
        (
            "HEAD in a loop", headers(1).request("HEAD", "/").field("via", "2.0 edge-1 (portolan)").end(),
            ["HEADERS 1 end"]
        ),
        (
            "gRPC in a loop",
            headers(1).post().field("content-type", "application/grpc").field("via", "2.0 edge-1 (portolan)").end(),
            ["HEADERS 1 end"]
        ),
    ]

    /// Bodies without their length: it is the reason's.
    private func shape(_ frames: [Frame]) -> [String] {
        frames.map { $0.type == 0 ? "DATA \($0.stream)\($0.flags & 1 != 0 ? " end" : "")" : $0.text }
    }

    @Test("answers what it cannot forward", arguments: answers)
    func answersItself(what: String, request: Frame, expected: [String]) throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        fixture.greet(client)
        fixture.send(client, request)
        let said = shape(fixture.receive(client))
        #expect(said.filter { !$0.hasPrefix("RST_STREAM 1 NO_ERROR") } == expected)
        #expect(fixture.worker.counters.localResponses == 1)
        fixture.send(client, ping())
        #expect(fixture.lines(client) == ["PING ack"])
    }
}

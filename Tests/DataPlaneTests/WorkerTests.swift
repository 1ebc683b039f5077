import Glibc
import HTTP2
import Model
import Reactor
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

    @Test("431 is answered whole, and then the client is told to calm down")
    func tooLarge() throws {
        let fixture = try WorkerFixture()
        let client = fixture.connect()
        fixture.greet(client)
        fixture.send(client, (0...100).reduce(headers(1).get()) { $0.field("n\($1)", "x") }.end())
        #expect(shape(fixture.receive(client)) == ["HEADERS 1", "DATA 1 end", "GOAWAY last=1 ENHANCE_YOUR_CALM"])
    }

    @Test("requests that cross with the second GOAWAY are refused, those before it are served")
    func drains() throws {
        // Listens, accepts nobody: requests to it stay open.
        var template = Array("/tmp/portolan-worker-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return #expect(Bool(false), "no temporary folder") }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { rmdir(folder) }
        let path = folder + "/silent"
        let silent = try Socket.listen(on: .unix(path: path), reusePort: false, backlog: 8)
        defer { unlink(path) }
        let fixture = try WorkerFixture(WorkerFixture.world(at: path))
        defer { _ = silent.descriptor }
        let client = fixture.connect()
        fixture.greet(client)
        fixture.send(client, headers(1).post(), headers(3).post())
        fixture.tick { fixture.connection(client).startDrain() }
        let said = fixture.receive(client)
        #expect(said.map(\.text) == ["GOAWAY last=max NO_ERROR", "PING"])
        guard let asked = said.last else { return }
        fixture.send(client, Frame(6, flags: 1, stream: 0, asked.payload), headers(5).post(), headers(7).post())
        #expect(fixture.lines(client).contains("GOAWAY last=3 NO_ERROR"))
        #expect(fixture.connection(client).exchangeCount == 2)
        #expect(!fixture.connection(client).isClosed)
        fixture.send(client, reset(1))
        #expect(fixture.connection(client).exchangeCount == 1 && !fixture.connection(client).isClosed)
        fixture.send(client, reset(3))
        #expect(!fixture.connection(client).isClosed, "the client may be reading: its own end is waited for")
        fixture.hangUp(client)
        #expect(fixture.connection(client).isClosed)
    }
}

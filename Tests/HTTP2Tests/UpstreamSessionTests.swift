import HTTP2
import Model
import Support
import Testing

struct UpstreamSessionTests {
    private func asking(_ method: String = "GET") -> Side<UpstreamSession> {
        let side = Side<UpstreamSession>()
        _ = side.drain()
        side.feed(settings().bytes + settingsAck().bytes)
        let block = side.block([(":method", method), (":scheme", "https"), (":path", "/"), (":authority", "a.example")])
        _ = side.session.request(block, tag: 5, isEnd: true)
        _ = side.drain()
        _ = side.owner.takeSaid()
        return side
    }

    static let ok = headers(1).status("200")
    static let rows: [(String, [Frame], String)] = [
        ("an answer", [ok.end()], "closed 1 0"),
        (
            "with a body of the announced length", [ok.field("content-length", "3"), data(1, count: 3).end()],
            "closed 1 0"
        ),
        (
            "less body than announced", [ok.field("content-length", "3"), data(1, count: 2).end()],
            "RST_STREAM 1 PROTOCOL_ERROR"
        ),
        (
            "more body than announced", [ok.field("content-length", "3"), data(1, count: 4)],
            "RST_STREAM 1 PROTOCOL_ERROR"
        ),
        ("no status", [headers(1).field("a", "b").end()], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("a status that is no number", [headers(1).status("ok").end()], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("a field of the connection", [ok.field("connection", "close").end()], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("a field that cannot be passed on", [ok.field("a", [10]).end()], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("1xx that ends the stream", [headers(1).status("103").end()], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("a switch of protocols", [headers(1).status("101")], "RST_STREAM 1 PROTOCOL_ERROR"),
        ("a body before its head", [data(1, count: 1)], "GOAWAY last=0 PROTOCOL_ERROR"),
        ("a reset", [reset(1, code: 7)], "closed 1 7"),
        ("a goodbye below the stream", [goaway(last: 0)], "closed 1 7"),
        ("a goodbye at the stream, and its answer", [goaway(last: 1), ok.end()], "closed 1 0"),
        ("a stream that was never asked for", [headers(3).status("200").end()], "GOAWAY last=0 PROTOCOL_ERROR"),
        ("a push", [Frame(5, flags: 4, stream: 1, [0, 0, 0, 2])], "GOAWAY last=0 PROTOCOL_ERROR"),
        ("no SETTINGS frame but", [Frame(4, stream: 0, [1])], "GOAWAY last=0 FRAME_SIZE_ERROR"),
    ]

    @Test("what an endpoint may and may not answer", arguments: rows)
    func holdsTheEndpointToTheRules(what: String, frames: [Frame], expected: String) {
        let side = asking()
        side.feed(frames.flatMap(\.bytes))
        let said = side.drainFrames().map(\.text) + side.owner.takeSaid()
        #expect(said.contains(expected), "\(said)")
    }

    @Test("trailers of an earlier stream do not take back that a later head has left")
    func headsThatLeft() {
        let side = Side<UpstreamSession>()
        _ = side.drain()
        side.feed(settings().bytes + settingsAck().bytes)
        let head = [(":method", "POST"), (":scheme", "https"), (":path", "/"), (":authority", "a.example")]
        _ = side.session.request(side.block(head), tag: 5, isEnd: false)
        _ = side.session.request(side.block(head), tag: 6, isEnd: true)
        _ = side.drain()
        #expect(side.session.lastHeadSent == 3)
        side.owner.bodies[1] = Recorder.Body(trailers: side.block([("checksum", "1")]))
        side.session.resume(1)
        let sent = side.drainFrames().map(\.text)
        #expect(sent.contains { $0.hasPrefix("HEADERS 1") }, "\(sent)")
        #expect(side.session.lastHeadSent == 3)
    }

    @Test("an answer to HEAD has a length and no body")
    func answersToHead() {
        let side = asking("HEAD")
        side.feed(UpstreamSessionTests.ok.field("content-length", "3").end().bytes)
        #expect(side.owner.takeSaid().suffix(2) == ["end 1", "closed 1 0"])
    }

    @Test("a list of fields may be four times as large as a request's", arguments: [(390, false), (401, true)])
    func tellsTooLargeHeads(fields: Int, isTooLarge: Bool) {
        let side = asking()
        side.feed(
            (1..<fields).reduce(UpstreamSessionTests.ok) { head, number in head.field("n\(number)", "x") }.end().bytes)
        #expect(side.owner.said.first?.contains("too-large") == isTooLarge)
    }

    @Test("the connection's window is credited by its own call, so that one stalled stream blocks no other")
    func creditsTheConnection() {
        let side = asking()
        side.owner.consumes = false
        side.feed(UpstreamSessionTests.ok.bytes)
        for _ in 0..<4 { side.feed(data(1, count: 16_000).bytes) }
        side.session.consumeConnection(64_000)
        #expect(side.drainFrames().isEmpty, "a small part of 16 MiB: not worth a frame yet")
        side.session.consume(1, 64_000)
        #expect(side.drainFrames().map(\.text) == ["WINDOW_UPDATE 1 +64000"])
    }
}

import Model
import Support
import Testing

@testable import App

struct EventSourceParserTests {
    static let rows: [(text: String, events: [ServerSentEvent])] = [
        ("data: a\n\n", [ServerSentEvent(data: "a")]),
        (
            "id: 7\nevent: CELL_DOWN\ndata: {\"a\":1}\n\n",
            [ServerSentEvent(id: "7", name: "CELL_DOWN", data: "{\"a\":1}")]
        ),
        ("data: a\r\ndata:b\r\n\r\ndata: c\r\r", [ServerSentEvent(data: "a\nb"), ServerSentEvent(data: "c")]),
        ("\u{FEFF}data:  a\n\n", [ServerSentEvent(data: " a")]),
        (": nothing\n\nid: 3\n\nevent: x\n\ndata\n\n", [ServerSentEvent(id: "3")]),
        ("id: 1\ndata: a\n\ndata: b\n\n", [ServerSentEvent(id: "1", data: "a"), ServerSentEvent(id: "1", data: "b")]),
        ("id: a\0b\ndata: x\n\n", [ServerSentEvent(data: "x")]), ("data: unfinished\n", []),
        ("other: x\nretry: soon\ndata: ü🚢\n\n", [ServerSentEvent(data: "ü🚢")]),
    ]

    @Test("as WHATWG says", arguments: rows)
    func reads(text: String, events: [ServerSentEvent]) {
        var parser = EventSourceParser()
        #expect(parser.receive(Array(text.utf8)) == events)
    }

    /// Wherever the bytes are cut, in the middle of a letter or between CR and LF, the same events come out. Replay:
    /// PORTOLAN_SEED=<seed>.
    @Test func cutsChangeNothing() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        for round in 0..<2_000 {
            let text = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                EventSourceParserTests.rows[Int.random(in: 0..<EventSourceParserTests.rows.count, using: &random)].text
            }.joined()
            let bytes = Array(text.utf8)
            var whole = EventSourceParser()
            let expected = whole.receive(bytes)
            var (cut, said, index) = (EventSourceParser(), [ServerSentEvent](), 0)
            while index < bytes.count {
                let end = min(bytes.count, index + Int.random(in: 1...5, using: &random))
                said += cut.receive(bytes[index..<end])
                index = end
            }
            try #require(said == expected, "seed \(seed), round \(round)")
        }
    }

    @Test("a line without an end is not kept whole, and the next one is read")
    func bounds() {
        var parser = EventSourceParser()
        let long = Array("data: ".utf8) + [UInt8](repeating: 0x61, count: EventSourceParser.maxLineBytes + 10)
        #expect(parser.receive(long).isEmpty)
        #expect(parser.receive(Array("\ndata: b\n\n".utf8)) == [ServerSentEvent(data: "b")])
        #expect(parser.receive(Array("retry: 1500\n".utf8)).isEmpty && parser.retryMilliseconds == 1_500)
    }
}

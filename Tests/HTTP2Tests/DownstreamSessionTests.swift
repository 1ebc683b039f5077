import HTTP2
import Model
import Support
import Testing

struct DownstreamSessionTests {
    @Test("keeps a client to the rules", arguments: Rules.all)
    func keepsTheRules(rule: ConformanceCase) {
        let side = Side<DownstreamSession>()
        side.answersRequests()
        side.owner.consumes = !rule.isStalled
        side.greet()
        check(side, rule) { side.feed($0) }
    }

    @Test("however its frames are torn", arguments: Rules.all)
    func keepsTheRulesByteByByte(rule: ConformanceCase) {
        let side = Side<DownstreamSession>()
        side.answersRequests()
        side.owner.consumes = !rule.isStalled
        side.greet()
        check(side, rule) { bytes in for byte in bytes { side.feed([byte]) } }
    }

    private func check(_ side: Side<DownstreamSession>, _ rule: ConformanceCase, feed: ([UInt8]) -> Void) {
        var said: [String] = []
        for batch in rule.frames.split(separator: Rules.pause) {
            feed(batch.flatMap(\.bytes))
            said += side.drainFrames().map(\.text)
        }
        let goodbyes = said.filter { $0.hasPrefix("GOAWAY") }
        switch rule.outcome {
        case .connectionError(let code):
            #expect(goodbyes.count == 1 && goodbyes[0].hasSuffix(" \(code)"), "\(said)")
            #expect(side.session.isFinished)
            return
        case .streamError(let stream, let code): #expect(said.contains("RST_STREAM \(stream) \(code)"), "\(said)")
        case .answered(let stream): #expect(said.contains("HEADERS \(stream)"), "\(said)")
        case .ends(let stream):
            if let stream { #expect(said.contains("HEADERS \(stream)"), "\(said)") }
            #expect(goodbyes.isEmpty && side.session.isFinished)
            return
        case .nothing: #expect(!said.contains { $0.hasPrefix("RST_STREAM") }, "\(said)")
        case .says(let line):
            #expect(said.contains(line), "\(said)")
            if line.hasPrefix("GOAWAY") { return }
        }
        #expect(goodbyes.isEmpty, "\(said)")
        #expect(side.answer(ping(99)).contains("PING ack"), "the connection goes on")
    }

    // MARK: Heads that are too large (limits.md, A2, A3)

    @Test(
        "a head with more fields or octets than the limit is told as too large, and the connection goes on",
        arguments: [(100, 1, false), (101, 1, true), (9, 13_000, false), (9, 13_100, true), (5, 65_520, true)])
    func tellsTooLargeHeads(fields: Int, octets: Int, isTooLarge: Bool) {
        let side = Side<DownstreamSession>()
        side.greet()
        let large = (4..<fields).reduce(headers(1).get()) { head, number in
            head.field("n\(number)", String(repeating: "x", count: octets))
        }
        side.feed(torn(large.end()))
        #expect(side.owner.said.first?.contains("too-large") == isTooLarge)
        #expect(side.owner.said.count == 2 && side.owner.said.last == "end 1")
        _ = side.answer(headers(3).get().field("x-a", "b").end())
        #expect(side.owner.said.dropFirst(2).first?.hasSuffix("x-a=b") == true, "the table is what it should be")
    }

    /// A head of up to nine frames.
    private func torn(_ head: Frame) -> [UInt8] {
        var (bytes, rest) = ([UInt8](), head.payload[...])
        for number in 0..<9 where number == 0 || !rest.isEmpty {
            let part = rest.prefix(16_384)
            rest = rest.dropFirst(part.count)
            var frame = number == 0 ? headers(1).raw(Array(part)) : continuation(1).raw(Array(part))
            if number == 0, head.flags & 1 != 0 { frame = frame.end() }
            bytes += (rest.isEmpty ? frame : frame.open()).bytes
        }
        return bytes
    }

    @Test("trailers that are too large end their stream: nobody could tell what is missing")
    func refusesTooLargeTrailers() {
        let side = Side<DownstreamSession>()
        side.greet()
        let trailers = (0...100).reduce(headers(1)) { $0.field("n\($1)", "x") }
        #expect(side.answer(headers(1).post(), trailers.end()).contains("RST_STREAM 1 ENHANCE_YOUR_CALM"))
        #expect(side.owner.said.count == 2 && side.owner.said.last == "closed 1 11")
        #expect(side.answer(ping()) == ["PING ack"])
    }

    @Test("an answer's head may be four times as large as a request's", arguments: [1_000, 100_000, 250_000])
    func sendsLargeHeads(octets: Int) {
        let side = Side<DownstreamSession>()
        side.greet()
        _ = side.answer(headers(1).get().end())
        let half = String(repeating: "x", count: octets / 4)
        side.session.respond(
            1, side.block([(":status", "200"), ("a", half), ("b", half), ("c", half), ("d", half)]), isEnd: true)
        let said = side.drainFrames().map(\.text)
        #expect(said.first?.hasPrefix("HEADERS 1 end") == true && said.last?.contains("open") == false, "\(said)")
    }

    @Test("one that cannot be sent resets its stream")
    func resetsUnsendableAnswers() {
        let side = Side<DownstreamSession>()
        side.greet()
        _ = side.answer(headers(1).get().end())
        let huge = String(repeating: "x", count: 60_000)
        side.session.respond(
            1, side.block([(":status", "200")] + Array(repeating: ("a", huge), count: 20)), isEnd: true)
        #expect(side.drainFrames().map(\.text) == ["RST_STREAM 1 INTERNAL_ERROR"])
    }

    // MARK: Floods (limits.md, A6, A9)

    @Test("acknowledgements that the client does not read are bounded", arguments: [ping(), settings()])
    func boundsAcknowledgements(frame: Frame) {
        let side = Side<DownstreamSession>()
        side.greet()
        for _ in 0..<1_000 { side.feed(frame.bytes) }
        #expect(!side.hasFailed)
        for _ in 0..<10 { side.feed(frame.bytes) }
        #expect(side.hasFailed)
        #expect(side.drainFrames().map(\.text).contains("GOAWAY last=0 ENHANCE_YOUR_CALM"))
    }

    @Test("read, they are not", arguments: [ping(), settings()])
    func answersWhoReads(frame: Frame) {
        let side = Side<DownstreamSession>()
        side.greet()
        for _ in 0..<3_000 { #expect(side.answer(frame).count == 1) }
        #expect(!side.hasFailed)
    }

    @Test("a SETTINGS frame has at most 32 entries", arguments: [(32, false), (33, true)])
    func boundsSettings(count: Int, isTooMany: Bool) {
        let side = Side<DownstreamSession>()
        side.greet()
        let entry = settings((id: 0x55, value: 1)).payload
        let said = side.answer(Frame(4, stream: 0, Array((0..<count).map { _ in entry }.joined())))
        #expect(said == [isTooMany ? "GOAWAY last=0 ENHANCE_YOUR_CALM" : "SETTINGS ack"])
    }

    @Test("streams that are opened and reset without end come to one")
    func boundsResets() {
        let side = Side<DownstreamSession>()
        side.greet()
        var said: [String] = []
        for stream in stride(from: UInt32(1), to: 2 * 6_000, by: 2) where said.isEmpty {
            said = side.answer(headers(stream).get().end(), reset(stream))
        }
        #expect(said.first?.hasPrefix("GOAWAY") == true)
    }

    @Test("what a client does wrong is counted where it happens")
    func countsGlitches() {
        let rows: [([Frame], [Glitch])] = [
            ([headers(1).get().field("A", "b").end()], [.malformed]),
            ([headers(1).get().field("a", [0]).end()], [.malformed]),
            ([headers(1).get().field("connection", "close").end()], [.malformed]),
            ([Frame(0x33, stream: 0), ping()], [.unknownFrame]),
            ([headers(1).post(), data(1), data(1)], [.unknownFrame, .unknownFrame]),
            ([headers(1).post(), windowUpdate(1, by: .max >> 1)], [.flowControl]),
            ([headers(1).get().end(), headers(3).post(), data(3, count: 9).end()], []),
        ]
        for (frames, glitches) in rows {
            let side = Side<DownstreamSession>()
            side.greet()
            side.feed(frames.flatMap(\.bytes))
            #expect(side.owner.glitches == glitches, "\(frames.map(\.text))")
        }
    }

    // MARK: Windows

    @Test("padding is given back at once, the body's octets as they are consumed")
    func givesPaddingBack() {
        let side = Side<DownstreamSession>()
        side.greet()
        _ = side.answer(headers(1).post())
        var opened = 0
        for _ in 0..<2_000 {
            side.feed(data(1, count: 1).padded(255).bytes)
            for frame in side.drainFrames() where frame.type == 8 && frame.stream == 1 {
                opened += Int(Frame.number(frame.payload))
            }
        }
        #expect(opened > 2_000 * 257 - 65_536)
        #expect(side.owner.received[1]?.count == 2_000)
    }

    @Test("octets for streams that are gone do not fill the connection's window")
    func doesNotLeakTheWindow() {
        let side = Side<DownstreamSession>()
        side.owner.consumes = false
        side.greet()
        for stream in stride(from: UInt32(1), to: 81, by: 2) {
            _ = side.answer(headers(stream).post())
            side.session.reset(Int32(stream), .cancel)
            _ = side.drainFrames()
            let said = side.answer(
                data(stream, count: 16_384), data(stream, count: 16_384), data(stream, count: 16_384))
            #expect(!said.contains { $0.hasPrefix("GOAWAY") })
        }
        #expect(side.owner.received.isEmpty)
    }

    // MARK: Taking turns

    @Test(
        "an answer without end lets others begin, unless its client asked for them one by one",
        arguments: [("", true), ("u=3", false), ("i", true)])
    func takesTurns(priority: String, isFair: Bool) {
        let side = Side<DownstreamSession>()
        side.greet()
        side.feed(settings((id: 4, value: .max >> 1)).bytes + windowUpdate(0, by: 1 << 30).bytes)
        _ = side.drain()
        for stream in [UInt32(1), 3] {
            let head = headers(stream).get()
            side.feed((priority.isEmpty ? head : head.field("priority", priority)).end().bytes)
            let count = stream == 1 ? 10_000_000 : 100_000
            side.owner.bodies[Int32(stream)] = .init(bytes: Array(repeating: 0, count: count))
            side.session.respond(Int32(stream), side.block([(":status", "200")]), isEnd: false)
        }
        var streams: [UInt32] = []
        while streams.count < 30 { streams += Frame.read(side.produce()).frames.filter { $0.type == 0 }.map(\.stream) }
        #expect(streams.prefix(30).contains(3) == isFair)
        if isFair { #expect(streams.prefix(12) == [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) }
    }
}

import Model
import Support
import Testing

@testable import HTTP2

struct StreamLedgerTests {
    /// What a ledger says of each frame: `-`, or the code it is refused with.
    private func verdicts(_ frames: [Frame]) -> [String] {
        var ledger = StreamLedger()
        return frames.map { frame in
            let bytes = frame.bytes
            let code = ledger.judge(FrameHead(start: Frame.number(bytes[..<8]), last: bytes[8]))
            return code.map { ["PROTOCOL_ERROR", "STREAM_CLOSED"][$0 == .protocolError ? 0 : 1] } ?? "-"
        }
    }

    static let open = headers(1).post()
    static let rows: [(String, [Frame], String)] = [
        ("a new stream", [open], "-"),
        ("its body and trailers", [open, data(1), data(1), headers(1).end()], "-"),
        ("DATA after its end", [open, data(1).end(), data(1)], "STREAM_CLOSED"),
        ("HEADERS after its end", [headers(1).end(), headers(1).end()], "STREAM_CLOSED"),
        ("HEADERS after its trailers", [open, headers(1).end(), headers(1).end()], "STREAM_CLOSED"),
        ("DATA after its reset", [open, reset(1), data(1)], "STREAM_CLOSED"),
        ("windows and resets may cross", [open, data(1).end(), windowUpdate(1, by: 1)], "-"),
        ("twice", [open, reset(1), reset(1)], "-"),
        ("PRIORITY is for any stream", [headers(9).end(), priority(3, on: 0)], "-"),
        ("so is what nobody knows", [headers(9).end(), Frame(0x77, stream: 3)], "-"),
        ("PRIORITY is not for the connection", [priority(0, on: 1)], "PROTOCOL_ERROR"),
        ("a number passed over: HEADERS", [headers(9).end(), headers(7).end()], "PROTOCOL_ERROR"),
        ("a number passed over: DATA", [headers(9).end(), data(7)], "PROTOCOL_ERROR"),
        ("a number passed over: WINDOW_UPDATE", [headers(9).end(), windowUpdate(7, by: 1)], "PROTOCOL_ERROR"),
        ("a number passed over: RST_STREAM", [headers(9).end(), reset(7)], "PROTOCOL_ERROR"),
        ("idle streams are nghttp2's", [open, data(3), windowUpdate(5, by: 1), reset(7)], "-"),
        ("and even numbers", [open, headers(2), data(2)], "-"),
        ("and the connection", [open, data(0), windowUpdate(0, by: 1)], "-"),
        ("an old stream that is still open", [open] + streams(3...513) + [data(1)], "-"),
        ("one too old to be known", [open, data(1).end()] + streams(3...513) + [data(1)], "-"),
        ("one that is not yet", [open, data(1).end()] + streams(3...511) + [data(1)], "STREAM_CLOSED"),
        ("a leap forgets", [headers(1).end(), headers(100_001).end(), headers(99_999).end()], "PROTOCOL_ERROR"),
        ("places are used again", streams(1...2_047) + [headers(2_047).end()], "STREAM_CLOSED"),
        ("places are used again, empty", streams(1...2_047) + [headers(2_051), data(2_049)], "PROTOCOL_ERROR"),
    ]

    private static func streams(_ numbers: ClosedRange<UInt32>) -> [Frame] {
        stride(from: numbers.lowerBound, through: numbers.upperBound, by: 2).map { headers($0).end() }
    }

    @Test("judges the last frame", arguments: rows)
    func judges(what: String, frames: [Frame], expected: String) {
        let said = verdicts(frames)
        #expect(said.last == expected)
        #expect(said.dropLast().allSatisfy { $0 == "-" })
    }

    /// Against a dictionary of all streams. Replay: PORTOLAN_SEED=<seed>.
    @Test func agreesWithALongMemory() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<100 {
            var (ledger, states, highest) = (StreamLedger(), [UInt32: String](), UInt32(0))
            for _ in 0..<400 {
                let (frame, stream) = randomFrame(&random, highest)
                let bytes = frame.bytes
                let said = ledger.judge(FrameHead(start: Frame.number(bytes[..<8]), last: bytes[8]))
                let isNew = stream > highest
                let state = states[stream] ?? "unused"
                var expected: ErrorCode?
                if !isNew, (highest - stream) / 2 < StreamLedger.span {
                    expected =
                        state == "unused" ? .protocolError : state == "ended" && frame.type < 2 ? .streamClosed : nil
                }
                try #require(said == expected, "seed \(random.seed), round \(round): \(frame.text) after \(highest)")
                guard said == nil, frame.type == 1 || states[stream] != nil else { continue }
                let ends = frame.type == 3 || frame.type < 2 && frame.flags & 1 != 0
                if ends || state == "unused" { states[stream] = ends ? "ended" : "open" }
                highest = max(highest, stream)
            }
        }
    }

    private func randomFrame(_ random: inout SplitMix64, _ highest: UInt32) -> (Frame, UInt32) {
        let isNew = random.next(below: 3) == 0 || highest == 0
        let leap = random.next(below: 50) == 0 ? random.next(below: 1_000) : random.next(below: 3)
        let back = min(highest, 2 * random.next(below: random.next(below: 4) == 0 ? 400 : 8))
        let stream = isNew ? (highest == 0 ? 1 : highest + 2) + 2 * leap : max(1, highest - back)
        switch random.next(below: isNew ? 1 : 5) {
        case 0: return (random.next(below: 2) == 0 ? headers(stream).end() : headers(stream), stream)
        case 1: return (data(stream), stream)
        case 2: return (data(stream).end(), stream)
        case 3: return (reset(stream), stream)
        default: return (windowUpdate(stream, by: 1), stream)
        }
    }
}

import Model
import Support
import Testing

@testable import HTTP2

struct FrameScannerTests {
    static let traffic: [Frame] = [
        settings((id: 3, value: 100)), headers(1).post(), data(1, count: 300), headers(3).get().end().open(),
        continuation(3).field("a", "b"), ping(), data(1, count: 0).end(), windowUpdate(0, by: 9),
        headers(5).get().end(),
    ]

    /// Feeds pieces until nothing is left or the turn is spent; says how many bytes went by.
    private func scan(
        _ scanner: inout FrameScanner, _ bytes: [UInt8], pieces: (Int) -> Int, _ turn: inout TurnBudget
    ) -> Int {
        var position = 0
        while position < bytes.count {
            let end = min(bytes.count, position + max(1, pieces(bytes.count - position)))
            let count = bytes[position..<end].withUnsafeBytes { scanner.advance(over: $0, turn: &turn) }
            position += count
            if position < end { break }
        }
        return position
    }

    @Test("counts frames and requests", arguments: [false, true])
    func counts(expectsPreface: Bool) {
        var scanner = FrameScanner(expectsPreface: expectsPreface)
        var turn = TurnBudget(frames: 100, requests: 50)
        let bytes = (expectsPreface ? Frame.preface : []) + FrameScannerTests.traffic.flatMap(\.bytes)
        #expect(scan(&scanner, bytes, pieces: { $0 }, &turn) == bytes.count)
        #expect(turn == TurnBudget(frames: 100 - 9, requests: 50 - 3))
    }

    @Test("stops before the frame that the turn has no room for", arguments: 1...9)
    func stopsAtFrames(frames: Int) {
        let all = FrameScannerTests.traffic
        for pieces in [1, 5, 9, 100_000] {
            var scanner = FrameScanner(expectsPreface: false)
            var turn = TurnBudget(frames: frames, requests: 50)
            let taken = scan(&scanner, all.flatMap(\.bytes), pieces: { _ in pieces }, &turn)
            #expect(taken == all[..<frames].flatMap(\.bytes).count, "in pieces of \(pieces)")
            #expect(turn.isSpent)
        }
    }

    @Test("stops after as many requests as the turn has", arguments: [(1, 2), (2, 4), (3, 9)])
    func stopsAtRequests(requests: Int, frames: Int) {
        var scanner = FrameScanner(expectsPreface: false)
        var turn = TurnBudget(frames: 100, requests: requests)
        let all = FrameScannerTests.traffic
        #expect(scan(&scanner, all.flatMap(\.bytes), pieces: { $0 }, &turn) == all[..<frames].flatMap(\.bytes).count)
    }

    /// Torn anywhere, the same bytes give the same counts and stop at the same places. Replay: PORTOLAN_SEED=<seed>.
    @Test func doesNotMindTears() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            let (bytes, starts) = randomTraffic(&random)
            let frames = 1 + Int(random.next(below: 12))
            var (whole, torn) = (FrameScanner(expectsPreface: true), FrameScanner(expectsPreface: true))
            var (wholeTurn, tornTurn) = (
                TurnBudget(frames: frames, requests: 4), TurnBudget(frames: frames, requests: 4)
            )
            let expected = scan(&whole, bytes, pieces: { $0 }, &wholeTurn)
            let found = scan(&torn, bytes, pieces: { _ in Int(random.next(below: 40)) }, &tornTurn)
            try #require(found == expected && tornTurn == wholeTurn, "seed \(random.seed), round \(round)")
            try #require(starts.contains(expected), "seed \(random.seed), round \(round): not at a frame")
        }
    }

    private func randomTraffic(_ random: inout SplitMix64) -> (bytes: [UInt8], starts: Set<Int>) {
        var (bytes, next) = (Frame.preface, UInt32(1))
        var starts: Set<Int> = []
        for _ in 0..<20 {
            starts.insert(bytes.count)
            switch random.next(below: 4) {
            case 0:
                bytes += headers(next).post().bytes
                next += 2
            case 1 where next > 1: bytes += data(next - 2, count: Int(random.next(below: 700))).bytes
            case 2: bytes += Frame(0x20, stream: 0, Array(repeating: 1, count: Int(random.next(below: 30)))).bytes
            default: bytes += ping().bytes
            }
        }
        starts.insert(bytes.count)
        return (bytes, starts)
    }

    @Test("stops at a frame that must not be fed, and tells where")
    func stopsAtViolations() {
        let good = [headers(1).get().end(), ping()]
        for pieces in [1, 4, 100_000] {
            var scanner = FrameScanner(expectsPreface: false)
            var turn = TurnBudget(frames: 100, requests: 100)
            let bytes = (good + [data(1, count: 5), ping()]).flatMap(\.bytes)
            let taken = scan(&scanner, bytes, pieces: { _ in pieces }, &turn)
            #expect(scanner.violation == .streamClosed)
            // Octets of a torn head may have gone by before it is known.
            #expect((0..<9).contains(taken - good.flatMap(\.bytes).count), "in pieces of \(pieces)")
        }
    }

    @Test(
        "counts frames that do nothing",
        arguments: [
            ([ping(), headers(1).post(), data(1, count: 1)], 0), ([headers(1).post(), data(1), data(1)], 2),
            ([headers(1).post(), data(1).end()], 0), ([Frame(0x0B, stream: 0), Frame(0xFE, stream: 9)], 2),
            ([Frame(0x10, stream: 0, [0, 0, 0, 1])], 0),
        ])
    func countsOddities(frames: [Frame], expected: Int) {
        var scanner = FrameScanner(expectsPreface: false)
        var turn = TurnBudget(frames: 100, requests: 100)
        _ = scan(&scanner, frames.flatMap(\.bytes), pieces: { $0 }, &turn)
        #expect(scanner.takeOddities() == expected)
        #expect(scanner.takeOddities() == 0)
    }

    @Test("knows while a list of fields is incomplete")
    func knowsOpenHeads() {
        var scanner = FrameScanner(expectsPreface: false)
        var turn = TurnBudget(frames: 100, requests: 100)
        for (frame, isOpen) in [
            (ping(), false), (headers(1).get().open(), true), (continuation(1).open(), true), (continuation(1), false),
            (headers(3).get(), false),
        ] {
            _ = scan(&scanner, frame.bytes, pieces: { $0 }, &turn)
            #expect(scanner.isHeadOpen == isOpen, "\(frame.text)")
        }
    }
}

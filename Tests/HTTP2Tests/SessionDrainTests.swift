import HTTP2
import Model
import Support
import Testing

struct SessionDrainTests {
    static let warn = SessionDrain.Action.warn(ping: 7, deadline: LoopTime(nanoseconds: 500_000_000))
    static let rows: [([UInt32], [SessionDrain.Action])] = [
        ([], [warn, .close(abandoned: 0)]),
        ([1], [.none, warn, .refuse(lastStream: 1), .close(abandoned: 0)]),
        ([1, 3], [.none, .none, warn, .refuse(lastStream: 3), .none, .close(abandoned: 0)]),
    ]

    @Test("warn, refuse, close, whatever is open", arguments: rows)
    func drains(opened: [UInt32], expected: [SessionDrain.Action]) {
        var drain = SessionDrain()
        var said = opened.map { drain.streamOpened($0) }
        said += [drain.begin(now: .zero, graceMilliseconds: 500, ping: 7), drain.pingAcknowledged(7)]
        said += opened.map { _ in drain.streamClosed() }
        #expect(said == expected)
        #expect(drain.isDraining)
    }

    @Test("streams opened between warning and refusal are served, later ones are not")
    func servesWhatWasOnItsWay() {
        var drain = SessionDrain()
        #expect(!drain.isDraining)
        _ = drain.begin(now: .zero, graceMilliseconds: 500, ping: 7)
        #expect(drain.streamOpened(5) == .none)
        #expect(drain.pingAcknowledged(8) == .none, "somebody else's")
        #expect(drain.pingAcknowledged(7) == .refuse(lastStream: 5))
        #expect(drain.streamOpened(7) == .discard(stream: 7))
        #expect(drain.open == 1)
        #expect(drain.streamClosed() == .close(abandoned: 0))
        #expect(drain.streamOpened(9) == .discard(stream: 9))
    }

    @Test("the deadline ends it, once, and counts what is left")
    func givesUp() {
        var drain = SessionDrain()
        _ = (drain.streamOpened(1), drain.streamOpened(3))
        _ = drain.begin(now: .zero, graceMilliseconds: 500, ping: 7)
        #expect(drain.begin(now: .zero, graceMilliseconds: 500, ping: 9) == .none)
        #expect(drain.deadlinePassed() == .close(abandoned: 2))
        #expect(drain.deadlinePassed() == .none)
        #expect(drain.pingAcknowledged(7) == .none)
        #expect(drain.streamClosed() == .none)
    }

    /// Whatever peer and clock do, a session closes once and nothing traps. Replay: PORTOLAN_SEED=<seed>.
    @Test func closesOnceInAnyOrder() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<2_000 {
            try #require(closes(in: &random, steps: 40) <= 1, "seed \(random.seed), round \(round)")
        }
    }

    private func closes(in random: inout SplitMix64, steps: Int) -> Int {
        var (drain, count, next): (SessionDrain, Int, UInt32) = (SessionDrain(), 0, 1)
        for _ in 0..<steps {
            let action: SessionDrain.Action
            switch random.next(below: 5) {
            case 0, 1:
                action = drain.streamOpened(next)
                next += 2
            case 2: action = drain.open > 0 ? drain.streamClosed() : drain.pingAcknowledged(8)
            case 3: action = drain.begin(now: .zero, graceMilliseconds: 1, ping: 7)
            default: action = random.next(below: 3) == 0 ? drain.deadlinePassed() : drain.pingAcknowledged(7)
            }
            if case .close = action { count += 1 }
        }
        return count
    }
}

import Model
import Support
import Testing

@testable import ControlPlane

struct WebhookQueueTests {
    static let second: UInt64 = 1_000_000_000

    static let rows: [(outcome: WebhookOutcome, age: UInt64, waits: ClosedRange<UInt64>?, ends: WebhookQueue.Action?)] =
        [
            (.answered(status: 200, retryAfterSeconds: nil), 0, nil, .advance(isGivenUp: false)),
            (.answered(status: 204, retryAfterSeconds: 9), 0, nil, .advance(isGivenUp: false)),
            (.answered(status: 200, retryAfterSeconds: nil), .max, nil, .advance(isGivenUp: false)),
            (.answered(status: 410, retryAfterSeconds: nil), 0, nil, .stop),
            (.answered(status: 301, retryAfterSeconds: nil), 0, 1_000...2_000, nil),
            (.answered(status: 400, retryAfterSeconds: nil), 0, 1_000...2_000, nil),
            (.answered(status: 500, retryAfterSeconds: 60), 0, 1_000...2_000, nil),
            (.answered(status: 503, retryAfterSeconds: 60), 0, 60_000...60_000, nil),
            (.answered(status: 429, retryAfterSeconds: 0), 0, 1_000...2_000, nil),
            (.answered(status: 429, retryAfterSeconds: .max), 0, 86_400_000...86_400_000, nil),
            (.failed("refused"), WebhookQueue.lifeNanoseconds - 1, 1_000...2_000, nil),
            (.failed("refused"), WebhookQueue.lifeNanoseconds, nil, .advance(isGivenUp: true)),
        ]

    @Test("what follows from the first answer", arguments: rows)
    func answers(
        outcome: WebhookOutcome, age: UInt64, waits: ClosedRange<UInt64>?, ends: WebhookQueue.Action?
    ) {
        var random = SplitMix64(seed: 7)
        var queue = WebhookQueue(cursor: 4)
        queue.offer(6)
        queue.begin()
        let now = LoopTime(nanoseconds: 5 * Self.second)
        let action = queue.ended(outcome, ageNanoseconds: age, now: now, word: random.next())
        if let ends {
            #expect(action == ends)
            #expect(queue.cursor == (ends == .stop ? 4 : 6) && queue.isStopped == (ends == .stop))
        } else if case .wait(let until) = action, let waits {
            #expect(waits.contains(until.milliseconds(since: now)))
            #expect(queue.cursor == 4)
        } else {
            Issue.record("\(action)")
        }
    }

    /// Waits double from 1–2 s to 150–300 s, and half of each is chance.
    @Test func waitsGrowAndScatter() {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for failures in 1...40 {
            let longest: UInt64 = min(300_000, 1_000 << UInt64(min(failures, 20)))
            let waits = (0..<2_000).map { _ in
                WebhookQueue.waitMilliseconds(failures: failures, word: random.next())
            }
            #expect(waits.allSatisfy { (longest / 2...longest).contains($0) }, "seed \(random.seed)")
            let mean = waits.reduce(0, +) / 2_000
            #expect(abs(Int(mean) - Int(longest) * 3 / 4) < Int(longest) / 50, "seed \(random.seed): \(mean)")
        }
    }

    /// Whatever receivers answer: events go in order, the cursor only grows, none is passed over that was not taken or
    /// a day old, and a receiver that always fails gets a bounded number of requests. Replay: PORTOLAN_SEED=<seed>.
    @Test func takesEveryEventInOrder() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<300 {
            let note = Comment(rawValue: "seed \(random.seed), round \(round)")
            let badness = random.next(below: 101)
            var queue = WebhookQueue(cursor: UInt64(random.next(below: 100)))
            var now = LoopTime.zero
            var number = queue.cursor
            for _ in 0..<20 where !queue.isStopped {
                if random.next() & 1 == 0 {
                    number += UInt64(random.next(below: 4))
                    queue.pass(upTo: number)
                }
                number += 1
                let happenedAt = now
                queue.offer(number)
                var (attempts, isOver) = (0, false)
                while !isOver {
                    queue.begin()
                    attempts += 1
                    now = now.advanced(milliseconds: UInt64(random.next(below: 10_000)))
                    let outcome = outcome(&random, badness: badness)
                    let before = queue.cursor
                    let age = now.nanoseconds(since: happenedAt)
                    switch queue.ended(outcome, ageNanoseconds: age, now: now, word: random.next()) {
                    case .advance(let isGivenUp):
                        try #require(queue.cursor == number && number > before, note)
                        try #require(isGivenUp == (age >= WebhookQueue.lifeNanoseconds && !isTaken(outcome)), note)
                        isOver = true
                    case .wait(let until):
                        try #require(queue.cursor == before && until > now && age < WebhookQueue.lifeNanoseconds, note)
                        now = until
                    case .stop:
                        try #require(outcome == .answered(status: 410, retryAfterSeconds: nil), note)
                        isOver = true
                    }
                }
                // A day of waits of at least 150 s, but for the first few.
                try #require(attempts <= 86_400 / 150 + 12, note)
            }
        }
    }

    private func isTaken(_ outcome: WebhookOutcome) -> Bool {
        if case .answered(200, _) = outcome { true } else { false }
    }

    private func outcome(_ random: inout SplitMix64, badness: UInt32) -> WebhookOutcome {
        if random.next(below: 100) >= badness { return .answered(status: 200, retryAfterSeconds: nil) }
        switch random.next(below: 200) {
        case 0: return .answered(status: 410, retryAfterSeconds: nil)
        case 1..<50: return .answered(status: 503, retryAfterSeconds: UInt64(random.next(below: 5_000)))
        case 50..<100: return .answered(status: 404, retryAfterSeconds: nil)
        default: return .failed("timeout")
        }
    }
}

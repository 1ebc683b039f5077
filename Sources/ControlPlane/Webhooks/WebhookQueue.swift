public import Model

/// How far a webhook has come, and when its next event is tried again. One event at a time, in order.
///
///     idle ─offer→ due ─begin→ in flight ─2xx→ idle (cursor moves)
///                   ▲             │ ├─too old→ idle (cursor moves, given up)
///                   └───time──────┘ └─410→ stopped
///
/// Pure: time, the age of events and randomness are passed in; whoever owns it delivers and keeps the cursor.
public struct WebhookQueue: Equatable, Sendable {
    public enum Action: Equatable, Sendable {
        /// The cursor has moved: keep it, then offer the next event.
        case advance(isGivenUp: Bool)
        /// Begin again at that time, not before.
        case wait(until: LoopTime)
        /// The receiver wants no more.
        case stop
    }

    private enum State: Equatable { case idle, due, inFlight, stopped }

    /// An event is given up when it is this old and was not taken.
    public static let lifeNanoseconds: UInt64 = 86_400_000_000_000
    public static let shortestWaitMilliseconds: UInt64 = 1_000
    public static let longestWaitMilliseconds: UInt64 = 300_000
    /// The longest `retry-after` that is believed.
    public static let longestRetryAfterSeconds: UInt64 = 86_400

    /// Number of the last event that is done with: delivered, given up or not wanted.
    public private(set) var cursor: UInt64
    private var state = State.idle
    private var number: UInt64 = 0
    /// Failures of the present event.
    private var failures = 0

    public init(cursor: UInt64) { self.cursor = cursor }

    public var isStopped: Bool { state == .stopped }

    /// Events up to `number` are none of this webhook's.
    public mutating func pass(upTo number: UInt64) {
        precondition(state == .idle, "an event is on its way")
        cursor = max(cursor, number)
    }

    /// The next event that it wants.
    public mutating func offer(_ number: UInt64) {
        precondition(state == .idle && number > cursor, "events come one at a time, in order")
        (state, self.number, failures) = (.due, number, 0)
    }

    /// The event goes out: the first time, or again.
    public mutating func begin() {
        precondition(state == .due, "nothing is due")
        state = .inFlight
    }

    /// - Parameters:
    ///   - ageNanoseconds: of the event, by the wall clock.
    ///   - word: random, for the wait.
    public mutating func ended(
        _ outcome: WebhookOutcome, ageNanoseconds: UInt64, now: LoopTime, word: UInt64
    ) -> Action {
        precondition(state == .inFlight, "nothing is in flight")
        var retryAfter: UInt64 = 0
        if case .answered(let status, let seconds) = outcome {
            if (200..<300).contains(status) { return advance(isGivenUp: false) }
            if status == 410 {
                state = .stopped
                return .stop
            }
            if status == 429 || status == 503 { retryAfter = seconds ?? 0 }
        }
        if ageNanoseconds >= WebhookQueue.lifeNanoseconds { return advance(isGivenUp: true) }
        failures += 1
        state = .due
        let asked = min(retryAfter, WebhookQueue.longestRetryAfterSeconds) * 1_000
        let wait = max(WebhookQueue.waitMilliseconds(failures: failures, word: word), asked)
        return .wait(until: now.advanced(milliseconds: wait))
    }

    private mutating func advance(isGivenUp: Bool) -> Action {
        (cursor, state) = (number, .idle)
        return .advance(isGivenUp: isGivenUp)
    }

    /// From 1–2 s after the first failure, doubling, to 150–300 s: half of it is chance, so that edges that failed
    /// together do not come back together.
    static func waitMilliseconds(failures: Int, word: UInt64) -> UInt64 {
        let longest = min(longestWaitMilliseconds, shortestWaitMilliseconds << UInt64(min(max(1, failures), 16)))
        return longest / 2 + word % (longest / 2 + 1)
    }
}

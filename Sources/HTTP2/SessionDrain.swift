public import Model

/// Graceful close of one downstream session: warn, wait a round trip, refuse, finish (RFC 9113 §6.8).
///
///     serving ─begin→ warned ─pingAcknowledged→ finishing ─last stream closes→ closed
///        └─────────────── deadlinePassed, from any state ──────────────────────▲
///
/// Pure: bytes, timers, and randomness are the session's, which performs each action before the next event.
public struct SessionDrain: Equatable, Sendable {
    public enum Action: Equatable, Sendable {
        case none
        case warn(ping: UInt64, deadline: LoopTime)  // GOAWAY 2³¹−1, PING, arm one timer
        case refuse(lastStream: UInt32)  // GOAWAY; the client may retry what lies above
        case discard(stream: UInt32)  // decode its fields all the same: HPACK state is shared (RFC 9113 §4.3)
        case close(abandoned: Int)  // last GOAWAY if none was sent, flush, shut down
    }
    enum State: UInt8 { case serving, warned, finishing, closed }
    private(set) var state = State.serving
    public private(set) var open = 0
    private var lastStream: UInt32 = 0
    private var ping: UInt64 = 0
    public init() {}

    /// Nothing new is wanted on this session.
    public var isDraining: Bool { state != .serving }

    /// The peer picks the moment, so no state may trap.
    public mutating func streamOpened(_ id: UInt32) -> Action {
        if state == .finishing || state == .closed { return .discard(stream: id) }
        (open, lastStream) = (open + 1, id)
        return .none
    }

    public mutating func streamClosed() -> Action {
        precondition(open > 0, "the session closed a stream it never opened")
        open -= 1
        return state == .finishing && open == 0 ? close() : .none
    }

    /// `ping` is drawn by the caller so that a run replays from its seed.
    public mutating func begin(now: LoopTime, graceMilliseconds: UInt64, ping: UInt64) -> Action {
        guard state == .serving else { return .none }
        (state, self.ping) = (.warned, ping)
        return .warn(ping: ping, deadline: now.advanced(milliseconds: graceMilliseconds))
    }

    public mutating func pingAcknowledged(_ ping: UInt64) -> Action {
        guard state == .warned, ping == self.ping else { return .none }
        state = .finishing
        return open == 0 ? close() : .refuse(lastStream: lastStream)
    }

    public mutating func deadlinePassed() -> Action { state == .closed ? .none : close() }
    private mutating func close() -> Action {
        state = .closed
        return .close(abandoned: open)
    }
}

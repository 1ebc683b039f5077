public import Logging
import Synchronization

/// Where events go: one line each in the process log, the latest ones kept for whoever asks. Any thread.
public final class EventBus: Sendable {
    /// Events kept; older ones are in the log.
    public static let capacity = 1_000

    private struct State {
        var recent: [Event] = []
        /// Where the oldest event stands once `recent` is full.
        var oldest = 0
        var count: UInt64 = 0
        var countByKind: [Event.Kind: UInt64] = [:]
    }

    private let state = Mutex(State())
    private let logger: Logger
    private let clock: ControlClock

    public init(logger: Logger, clock: ControlClock = .system) { (self.logger, self.clock) = (logger, clock) }

    /// Numbers, keeps and logs one event.
    public func emit(_ kind: Event.Kind, subject: String, cause: String, generation: UInt64) {
        let time = clock.wallNanoseconds()
        let event = state.withLock { state in
            state.count += 1
            state.countByKind[kind, default: 0] += 1
            let event = Event(
                number: state.count, time: time, generation: generation, kind: kind, subject: subject, cause: cause)
            if state.recent.count < EventBus.capacity {
                state.recent.append(event)
            } else {
                state.recent[state.oldest] = event
                state.oldest = (state.oldest + 1) % EventBus.capacity
            }
            return event
        }
        logger.notice(
            "\(kind.rawValue)",
            metadata: [
                "time": .stringConvertible(event.time), "generation": .stringConvertible(event.generation),
                "event": .string(kind.rawValue), "subject": .string(subject), "cause": .string(cause),
            ])
    }

    /// The latest events, oldest first; at most `limit`, only those after `number`.
    public func recent(limit: Int = EventBus.capacity, after number: UInt64 = 0) -> [Event] {
        state.withLock { state in
            let ordered = state.recent[state.oldest...] + state.recent[..<state.oldest]
            return ordered.filter { $0.number > number }.suffix(limit)
        }
    }

    /// How many there were of each kind since the start; kinds that never happened are absent.
    public var counts: [Event.Kind: UInt64] { state.withLock { $0.countByKind } }
}

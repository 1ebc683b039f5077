public import Logging
public import Store
import Synchronization

/// Where events go: numbered, one line each in the process log, the latest ones kept for whoever asks or waits. Any
/// thread; `emit` never waits for a store or a reader.
public final class EventBus: Sendable {
    /// Events kept in memory whatever happens; older ones are in the store and the log.
    public static let capacity = 1_000
    /// Kept in memory at most while the store cannot take them.
    public static let unsavedCapacity = 10_000
    /// Of the process before, as many are worth being read at the start.
    public static let inheritedCapacity = 200

    private struct State {
        var window: EventWindow
        var countByKind: [Event.Kind: UInt64] = [:]
        /// Who waits for the next event, by a number of its own.
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter: UInt64 = 0
        var isClosed = false
    }

    private let state: Mutex<State>
    private let logger: Logger
    private let clock: ControlClock

    /// - Parameters:
    ///   - lastNumber: of the process before (`StoredState.lastEventTold`), so that numbers go on.
    ///   - past: its latest events, oldest first, so that whoever looks right after a restart sees what was.
    public init(
        logger: Logger, clock: ControlClock = .system, lastNumber: UInt64 = 0, past: [StoredEvent] = []
    ) {
        (self.logger, self.clock) = (logger, clock)
        let window = EventWindow(
            capacity: EventBus.capacity, unsavedCapacity: EventBus.unsavedCapacity, last: lastNumber,
            past: past.compactMap(Event.init))
        state = Mutex(State(window: window))
    }

    /// Numbers, keeps and logs one event.
    public func emit(_ kind: Event.Kind, subject: String, cause: String, generation: UInt64) {
        let time = clock.wallNanoseconds()
        let (event, waiters) = state.withLock { state in
            state.countByKind[kind, default: 0] += 1
            let event = Event(
                number: state.window.last + 1, time: time, generation: generation, kind: kind, subject: subject,
                cause: cause)
            state.window.append(event)
            defer { state.waiters = [:] }
            return (event, state.waiters)
        }
        for waiter in waiters.values { waiter.resume() }
        logger.notice(
            "\(kind.rawValue)",
            metadata: [
                "time": .stringConvertible(event.time), "generation": .stringConvertible(event.generation),
                "event": .string(kind.rawValue), "subject": .string(subject), "cause": .string(cause),
            ])
    }

    /// The latest events in memory, oldest first; at most `limit`, only those after `number`.
    public func recent(limit: Int = EventBus.capacity, after number: UInt64 = 0) -> [Event] {
        state.withLock { Array($0.window.after(number).suffix(limit)) }
    }

    /// How many there were of each kind since the start; kinds that never happened are absent.
    public var counts: [Event.Kind: UInt64] { state.withLock { $0.countByKind } }

    /// Of the newest event; 0: there never was one.
    public var lastNumber: UInt64 { state.withLock { $0.window.last } }

    /// Events that were let go before the store could take them.
    public var lostCount: UInt64 { state.withLock { $0.window.lost } }

    /// The edge stops: whoever waits for events goes home. What is emitted from now on is kept and logged all the same.
    public func close() {
        let waiters = state.withLock { state in
            state.isClosed = true
            defer { state.waiters = [:] }
            return state.waiters
        }
        for waiter in waiters.values { waiter.resume() }
    }

    // MARK: For the event log

    func keepUnsaved() { state.withLock { $0.window.keepUnsaved() } }
    var savedNumber: UInt64 { state.withLock { $0.window.saved } }
    func unsaved(limit: Int) -> [Event] { state.withLock { Array($0.window.after($0.window.saved, limit: limit)) } }
    func saved(upTo number: UInt64, without lost: Int) {
        state.withLock { $0.window.saved(upTo: number, without: lost) }
    }

    /// Number of the oldest event in memory, and those that are there after `number`.
    func held(after number: UInt64) -> (first: UInt64, events: [Event]) {
        state.withLock { ($0.window.first, Array($0.window.after(number))) }
    }

    /// Returns once there is an event after `number`; false when the bus was closed or the task cancelled instead.
    func changed(after number: UInt64) async -> Bool {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.window.last > number || state.isClosed || Task.isCancelled { return true }
                    state.waiters[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
        }
        return !Task.isCancelled && state.withLock { $0.window.last > number && !$0.isClosed }
    }

    /// For tests: how many wait.
    var waiterCount: Int { state.withLock { $0.waiters.count } }
}

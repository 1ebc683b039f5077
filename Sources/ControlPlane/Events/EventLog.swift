public import Logging
public import Store
import Synchronization

/// Events beyond the process: written behind to the store, read back with what is still in memory, followed.
///
///     EventBus ─(≤ 1 s, batches)─▶ StateStore
///         └──────── events, stream ──────┘
///
/// A store that fails costs no event as long as those it lacks fit into memory (`EventBus.unsavedCapacity`).
public final class EventLog: Sendable {
    /// Streams open at once: each is a client's connection.
    public static let maxReaders = 160
    /// How many events a stream may be behind, once it had caught up, before it ends.
    static let maxLag: UInt64 = 10_000
    /// Events gather so long before they are written, and so long after a failure: less than a second is lost with the
    /// power.
    static let writeMilliseconds: UInt64 = 500
    static let retryMilliseconds: UInt64 = 1_000
    private static let batch = 500

    private struct State {
        var keepMilliseconds: UInt64
        /// The store could not take the last batch, which was told.
        var isFailing = false
        /// Losses that were told.
        var lostTold: UInt64 = 0
    }

    public let bus: EventBus
    let seats = Seats(count: EventLog.maxReaders)
    private let store: any StateStore
    private let logger: Logger
    private let clock: ControlClock
    private let state: Mutex<State>
    private let begun: Moment

    /// - Parameter keepMilliseconds: the configuration's `events.keep`.
    public init(
        bus: EventBus, store: any StateStore, keepMilliseconds: UInt64, logger: Logger, clock: ControlClock = .system
    ) {
        (self.bus, self.store, self.logger, self.clock) = (bus, store, logger, clock)
        state = Mutex(State(keepMilliseconds: keepMilliseconds))
        begun = Moment(clock)
        bus.keepUnsaved()
    }

    /// Another configuration's `events.keep`.
    public func keep(milliseconds: UInt64) { state.withLock { $0.keepMilliseconds = milliseconds } }

    // MARK: Writing

    /// Writes behind until the bus is closed or the task cancelled; then what is left. Called once.
    public func run() async {
        while await bus.changed(after: bus.savedNumber) {
            let wait = state.withLock { $0.isFailing ? EventLog.retryMilliseconds : EventLog.writeMilliseconds }
            await clock.sleep(clock.now().advanced(milliseconds: wait))
            if Task.isCancelled { break }
            await flush()
        }
        // A task of its own: a store may refuse to work for one that is cancelled.
        await Task { await flush() }.value
    }

    /// Everything that the store lacks, until it fails.
    public func flush() async {
        while case let events = bus.unsaved(limit: EventLog.batch), let last = events.last {
            let keepAfter = keepAfter
            do throws(StoreError) {
                try await store.append(events.map(StoredEvent.init), keepAfter: keepAfter)
            } catch {
                return failed(error)
            }
            // Those of a moment when the clock was wrong, or that waited for the store longer than events are kept.
            bus.saved(upTo: last.number, without: events.count { $0.time < keepAfter })
            succeeded()
        }
    }

    /// What is older is forgotten. The time since the start counts as the clock that nobody sets tells it: a clock that
    /// is set ahead does not make everything old. (Set right after a start in the past, it forgets nothing by age until
    /// the next start; `StoredEvent.capacity` holds all the same.)
    private var keepAfter: UInt64 {
        let moment = Moment(clock)
        let now = min(moment.wall, begun.wall + moment.loop.nanoseconds(since: begun.loop))
        let kept = state.withLock { $0.keepMilliseconds } * 1_000_000
        return now - min(now, kept)
    }

    private func failed(_ error: StoreError) {
        let isFirst = state.withLock { state in
            defer { state.isFailing = true }
            return !state.isFailing
        }
        guard isFirst else { return }
        let room = EventBus.unsavedCapacity
        logger.error("events are not kept for now: \(error); the newest \(room) stay in memory until they are")
    }

    private func succeeded() {
        let lost = bus.lostCount
        let told = state.withLock { state -> UInt64? in
            guard state.isFailing else { return nil }
            defer { (state.isFailing, state.lostTold) = (false, lost) }
            return lost - state.lostTold
        }
        guard let told else { return }
        logger.notice("events are kept again; \(told) of them were lost to the store and are in this log alone")
    }

    // MARK: Reading

    /// Those with greater numbers, oldest first, of the store and of memory.
    /// - Parameter subject: only those about it (`EventSubject`); nil: all.
    public func events(
        after number: UInt64, subject: String? = nil, limit: Int
    ) async throws(StoreError) -> [Status.Event] {
        try await stored(after: number, subject: subject, limit: limit).map { Status.Event($0) }
    }

    func stored(
        after number: UInt64, subject: String? = nil, limit: Int
    ) async throws(StoreError) -> [StoredEvent] {
        // Memory first: what leaves it meanwhile is in the store by then.
        let (first, held) = bus.held(after: number)
        let about = held.lazy.filter { event in subject.map { EventSubject.isAbout($0, event.subject) } ?? true }
        let fresh = Array(about.prefix(limit)).map { StoredEvent($0) }
        if number + 1 >= first { return fresh }
        let kept = try await store.events(after: number, subject: subject, limit: limit).filter { $0.number < first }
        return Array((kept + fresh).prefix(limit))
    }

    /// The latest before that number (nil: the newest), newest first, of the store and of memory.
    /// - Parameter subject: only those about it (`EventSubject`); nil: all.
    public func events(
        before number: UInt64?, subject: String? = nil, limit: Int
    ) async throws(StoreError) -> [Status.Event] {
        let end = number ?? .max
        let (first, held) = bus.held(after: 0)
        let about = held.reversed().lazy.filter { event in
            event.number < end && subject.map { EventSubject.isAbout($0, event.subject) } ?? true
        }
        var found: [StoredEvent] = about.prefix(limit).map { StoredEvent($0) }
        if found.count < limit, first > 1 {
            found += try await store.events(before: min(end, first), subject: subject, limit: limit - found.count)
        }
        return found.map { Status.Event($0) }
    }

    /// Those after `number`, then every new one as it happens. A number that no event has had yet (state was lost with
    /// the power) begins with the next one.
    ///
    /// The stream reads on only as its reader takes: it holds a page, whatever the reader does. It ends when the edge
    /// stops, when the store cannot be read, or when the reader, once level, is 10,000 events behind: it shall come
    /// back with the last number it has. A stream that is dropped or cancelled leaves its seat.
    /// - Throws: all seats are taken.
    public func stream(after number: UInt64) throws(StoreError) -> AsyncStream<Status.Event> {
        guard let seat = seats.take() else {
            throw StoreError(
                path: "events",
                "\(EventLog.maxReaders) clients follow them already; close one, or ask without following")
        }
        let reader = EventReader(self, after: min(number, bus.lastNumber), seat: seat)
        return AsyncStream { await reader.next() }
    }
}

import Store

/// One stream's place among the events: a page of them and a number, nothing that grows.
actor EventReader {
    private static let page = 200
    private let log: EventLog
    private let seat: Seats.Seat
    private var page: ArraySlice<StoredEvent> = []
    private var cursor: UInt64
    private var wasLevel = false

    init(_ log: EventLog, after number: UInt64, seat: Seats.Seat) {
        (self.log, cursor, self.seat) = (log, number, seat)
    }

    /// Nil: the stream ends.
    func next() async -> Status.Event? {
        while !Task.isCancelled {
            if let event = page.popFirst() {
                cursor = event.number
                return Status.Event(event)
            }
            let last = log.bus.lastNumber
            if wasLevel, last > cursor + EventLog.maxLag { return nil }
            guard let events = try? await log.stored(after: cursor, limit: EventReader.page) else { return nil }
            page = events[...]
            if !events.isEmpty { continue }
            // What was there once and is no more (forgotten, lost) is not waited for.
            (cursor, wasLevel) = (max(cursor, last), true)
            guard await log.bus.changed(after: cursor) else { return nil }
        }
        return nil
    }
}

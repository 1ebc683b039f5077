import Synchronization

/// How many may read streams of events at once. Any thread.
final class EventSeats: Sendable {
    /// Held by a stream; given back with it.
    final class Seat: Sendable {
        private let seats: EventSeats
        fileprivate init(_ seats: EventSeats) { self.seats = seats }
        deinit { seats.free.withLock { $0 += 1 } }
    }

    private let free: Mutex<Int>

    init(count: Int) { free = Mutex(count) }

    var freeCount: Int { free.withLock { $0 } }

    /// Nil: all are taken.
    func take() -> Seat? {
        let isFree = free.withLock { free in
            if free == 0 { return false }
            free -= 1
            return true
        }
        return isFree ? Seat(self) : nil
    }
}

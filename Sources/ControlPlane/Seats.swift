import Synchronization

/// So many at once of something that costs. Any thread.
public final class Seats: Sendable {
    /// Whoever takes one gives it back by letting go of it.
    public final class Seat: Sendable {
        private let seats: Seats
        fileprivate init(_ seats: Seats) { self.seats = seats }
        deinit { seats.free.withLock { $0 += 1 } }
    }

    private let free: Mutex<Int>

    public init(count: Int) { free = Mutex(count) }

    var freeCount: Int { free.withLock { $0 } }

    /// Nil: all are taken.
    public func take() -> Seat? {
        let isFree = free.withLock { free in
            if free == 0 { return false }
            free -= 1
            return true
        }
        return isFree ? Seat(self) : nil
    }
}

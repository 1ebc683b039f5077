/// The events that are in memory, in the order of their numbers: the newest `capacity`, and before them those that no
/// store has yet, up to `unsavedCapacity` in all. Pure.
struct EventWindow: Sendable {
    let capacity: Int
    let unsavedCapacity: Int
    private var events: [Event] = []
    /// Where the oldest stands: what was let go is cut off now and then, not each time.
    private var start = 0
    /// Number of the newest there ever was; 0: none.
    private(set) var last: UInt64
    /// Up to here a store has them, or none is to have them.
    private(set) var saved: UInt64
    /// Let go though no store had them, or kept by none.
    private(set) var lost: UInt64 = 0
    /// Of the process before; they are not for this one to save.
    private let inherited: UInt64

    /// Until `keepUnsaved` events count as saved when they come.
    /// - Parameters:
    ///   - last: number of the newest event of the process before.
    ///   - past: what a store has of those, oldest first; as many are taken as end at `last` without a gap.
    init(capacity: Int, unsavedCapacity: Int, last: UInt64, past: [Event] = []) {
        precondition(0 < capacity && capacity <= unsavedCapacity, "unsaved events are the newest ones and more")
        (self.capacity, self.unsavedCapacity, self.last) = (capacity, unsavedCapacity, last)
        (saved, inherited) = (.max, last)
        let newest = past.suffix(capacity).reversed().enumerated().prefix { $1.number + UInt64($0) == last }
        events = newest.map(\.element).reversed()
    }

    var count: Int { events.count - start }
    /// Number of the oldest in memory; one more than the newest where there is none.
    var first: UInt64 { last + 1 - UInt64(count) }

    /// From now on events are let go only once they are saved, or when there is no room left.
    mutating func keepUnsaved() { saved = max(first - 1, inherited) }

    /// Its number must be the next.
    mutating func append(_ event: Event) {
        precondition(event.number == last + 1, "events are numbered without gaps")
        events.append(event)
        last = event.number
        trim()
    }

    /// - Parameter left: so many of them the store did not keep.
    mutating func saved(upTo number: UInt64, without left: Int = 0) {
        lost += UInt64(left)
        saved = max(saved, min(number, last))
        trim()
    }

    private mutating func trim() {
        while count > capacity, first <= saved || count > unsavedCapacity {
            if first > saved {
                lost += 1
                saved = first
            }
            start += 1
        }
        guard start > capacity else { return }
        events.removeFirst(start)
        start = 0
    }

    /// Those with greater numbers, oldest first.
    func after(_ number: UInt64, limit: Int = .max) -> ArraySlice<Event> {
        if number >= last { return [] }
        let skipped = number < first ? 0 : Int(number + 1 - first)
        return events[(start + skipped)...].prefix(limit)
    }
}

import Model

/// Something that will happen in the world.
struct Event: BitwiseCopyable {
    enum Kind: UInt8 {
        /// The world's own: they happen whether or not the edge's process runs.
        case faultBegins, faultEnds, requestArrives
        /// The process sees them; they wait while it stands still.
        case probeEnds, visit, rushVisit, command, answer, timeout, again, observe
        case expectDown, expectUp

        var isOfProcess: Bool { rawValue > Kind.requestArrives.rawValue }
    }

    /// Nanoseconds of the world's clock.
    var time: UInt64
    var kind: Kind
    var small: UInt16 = 0
    var number: UInt32 = 0
    /// Whatever the kind needs beside `number`.
    var detail: UInt64 = 0
}

/// Events by time, a binary heap that keeps its memory.
struct EventQueue {
    private var events: [Event] = []

    init(capacity: Int) { events.reserveCapacity(capacity) }

    var firstTime: UInt64 { events.isEmpty ? .max : events[0].time }

    mutating func push(_ event: Event) {
        events.append(event)
        var place = events.count - 1
        while place > 0 {
            let parent = (place - 1) / 2
            if events[parent].time <= event.time { break }
            events[place] = events[parent]
            place = parent
        }
        events[place] = event
    }

    /// The queue must not be empty.
    mutating func pop() -> Event {
        let first = events[0]
        let last = events.removeLast()
        let count = events.count
        if count == 0 { return first }
        var place = 0
        while true {
            var child = 2 * place + 1
            if child >= count { break }
            if child + 1 < count, events[child + 1].time < events[child].time { child += 1 }
            if last.time <= events[child].time { break }
            events[place] = events[child]
            place = child
        }
        events[place] = last
        return first
    }
}

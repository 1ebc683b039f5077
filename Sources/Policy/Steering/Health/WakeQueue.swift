import Model

/// The earliest of many alarms, of which each owner has one: a binary heap that knows where each stands, so that moving
/// one alarm costs no more than the heap is deep, and nothing is allocated.
struct WakeQueue: Sendable {
    /// Owners, the earliest first.
    private var heap: [Int32] = []
    /// Of each owner: where it stands in the heap, and its alarm.
    private var places: [Int32] = []
    private var alarms: [LoopTime] = []

    /// `count` owners, numbered from 0, all with an alarm at `time`.
    init(count: Int, at time: LoopTime) {
        heap = (0..<Int32(count)).map(\.self)
        places = heap
        alarms = Array(repeating: time, count: count)
    }

    /// Nil without owners.
    var first: (owner: Int, at: LoopTime)? {
        heap.isEmpty ? nil : (Int(heap[0]), alarms[Int(heap[0])])
    }

    mutating func set(_ owner: Int, at time: LoopTime) {
        let before = alarms[owner]
        if time == before { return }
        alarms[owner] = time
        if time < before { rise(from: Int(places[owner])) } else { sink(from: Int(places[owner])) }
    }

    private mutating func rise(from start: Int) {
        var place = start
        let owner = heap[place]
        while place > 0 {
            let parent = (place - 1) / 2
            guard alarms[Int(owner)] < alarms[Int(heap[parent])] else { break }
            put(heap[parent], at: place)
            place = parent
        }
        put(owner, at: place)
    }

    private mutating func sink(from start: Int) {
        var place = start
        let owner = heap[place]
        while true {
            var child = 2 * place + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, alarms[Int(heap[child + 1])] < alarms[Int(heap[child])] { child += 1 }
            guard alarms[Int(heap[child])] < alarms[Int(owner)] else { break }
            put(heap[child], at: place)
            place = child
        }
        put(owner, at: place)
    }

    private mutating func put(_ owner: Int32, at place: Int) {
        heap[place] = owner
        places[Int(owner)] = Int32(place)
    }
}

import Model

/// The probes of one endpoint that have no result yet: at most four, in vectors so that nothing is allocated.
struct ProbesInFlight: Equatable, Sendable {
    static let capacity = 4
    /// In order of start; 0: a free place.
    private var ids = SIMD4<UInt32>()
    private var deadlines = SIMD4<UInt64>()
    /// Bit per place: its deadline was put off already.
    private var extended = SIMD4<UInt8>()
    private(set) var count = 0

    var isFull: Bool { count == ProbesInFlight.capacity }

    var earliestDeadline: LoopTime {
        var earliest = LoopTime.distantFuture
        for place in 0..<count { earliest = min(earliest, LoopTime(nanoseconds: deadlines[place])) }
        return earliest
    }

    func contains(_ id: UInt32) -> Bool { place(of: id) != nil }

    func deadline(of id: UInt32) -> LoopTime {
        guard let place = place(of: id) else { return .zero }
        return LoopTime(nanoseconds: deadlines[place])
    }

    /// One whose deadline has come, the oldest first.
    func expired(at now: LoopTime) -> UInt32? {
        for place in 0..<count where deadlines[place] <= now.nanoseconds { return ids[place] }
        return nil
    }

    mutating func insert(_ id: UInt32, deadline: LoopTime) {
        precondition(!isFull, "a fifth probe in flight")
        (ids[count], deadlines[count], extended[count]) = (id, deadline.nanoseconds, 0)
        count += 1
    }

    mutating func remove(_ id: UInt32) {
        guard let place = place(of: id) else { return }
        removeFirst(place + 1, keeping: place)
    }

    /// That probe and all that began before it.
    mutating func removeAll(upTo id: UInt32) {
        guard let place = place(of: id) else { return }
        removeFirst(place + 1, keeping: 0)
    }

    mutating func extendOnce(to deadline: LoopTime) {
        for place in 0..<count where extended[place] == 0 && deadlines[place] < deadline.nanoseconds {
            (deadlines[place], extended[place]) = (deadline.nanoseconds, 1)
        }
    }

    private func place(of id: UInt32) -> Int? {
        for place in 0..<count where ids[place] == id { return place }
        return nil
    }

    /// Closes the gap from `kept` up to `end`.
    private mutating func removeFirst(_ end: Int, keeping kept: Int) {
        var target = kept
        for source in end..<max(end, count) {
            (ids[target], deadlines[target]) = (ids[source], deadlines[source])
            extended[target] = extended[source]
            target += 1
        }
        for place in target..<count { (ids[place], deadlines[place], extended[place]) = (0, 0, 0) }
        count = target
    }
}

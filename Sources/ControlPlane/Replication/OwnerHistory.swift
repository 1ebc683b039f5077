import Model

/// Where the owner was, and when: every reading of the last 120 s; where a tier reaches further back, older ones too,
/// as close together as `coarseCount` of them can be. Positions never go back in it. Bounded: a reading a second.
struct OwnerHistory: Sendable {
    struct Entry: Equatable, Sendable {
        var time: LoopTime
        var position: Position
    }

    static let milliseconds: UInt64 = 120_000
    /// Older readings; a day's then stand about 6 minutes apart.
    static let coarseCount: UInt64 = 256
    /// Readings further apart than three of the regular ones do not follow each other: what lies between is not known.
    static let longestStep: UInt64 = 3_000

    /// How far back it reaches.
    let spanMilliseconds: UInt64
    /// When its first entry was read, kept or not.
    private(set) var began: LoopTime?
    private var recent: [Entry] = []
    private var coarse: [Entry] = []

    /// - Parameter stale: what is further behind is broken; no further need the history reach.
    init(staleMilliseconds stale: UInt64) { spanMilliseconds = max(OwnerHistory.milliseconds, stale) }

    var last: Entry? { recent.last }
    /// Entries kept.
    var count: Int { recent.count + coarse.count }

    /// - Precondition: not before the last one, in time and position.
    mutating func append(_ position: Position, at time: LoopTime) {
        if let last { precondition(last.time <= time && last.position <= position, "the owner went back") }
        if began == nil { began = time }
        recent.append(Entry(time: time, position: position))
        let old = recent.prefix { OwnerHistory.milliseconds < time.milliseconds(since: $0.time) }
        if old.isEmpty { return }
        recent.removeFirst(old.count)
        guard spanMilliseconds > OwnerHistory.milliseconds else { return }
        let step = (spanMilliseconds - OwnerHistory.milliseconds) / OwnerHistory.coarseCount
        for entry in old {
            if let last = coarse.last, entry.time.milliseconds(since: last.time) < step { continue }
            coarse.append(entry)
        }
        let over = coarse.prefix { spanMilliseconds < time.milliseconds(since: $0.time) }
        coarse.removeFirst(over.count)
    }

    /// The newest time at which the owner was no further than that. Between two readings that followed each other it is
    /// taken to have moved evenly: else a copy that is 20 ms behind a busy owner would seem to be a second behind. Nil:
    /// it was further than that as far back as is known.
    func newest(atMost position: Position) -> LoopTime? {
        guard let place = recent.lastIndex(where: { $0.position <= position }) else {
            return coarse.last { $0.position <= position }?.time
        }
        let entry = recent[place]
        guard place + 1 < recent.count else { return entry.time }
        let next = recent[place + 1]
        let length = next.time.nanoseconds(since: entry.time)
        guard length <= OwnerHistory.longestStep * 1_000_000 else { return entry.time }
        let part = position.part(from: entry.position, to: next.position)
        return entry.time.advanced(nanoseconds: UInt64(part * Double(length)))
    }
}

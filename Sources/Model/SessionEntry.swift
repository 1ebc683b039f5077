import Synchronization

/// Where a session is held and since when, in the word beside its tag.
struct SessionState: Equatable, BitwiseCopyable {
    /// From the lowest bit: seconds since 1970 when it was made (32; of a tentative one, its number), cell (16),
    /// region (8), tentative (1).
    var bits: UInt64
    private static let tentativeBit: UInt64 = 1 << 56

    static var empty: SessionState { SessionState(bits: 0) }
    init(bits: UInt64) { self.bits = bits }

    init(_ hold: SessionHold, created: UInt32) {
        // A set of regions holds 64 of them: their ids fit eight bits.
        precondition(hold.region.index < RegionSet.capacity, "a session is held in a region")
        bits = UInt64(created) | UInt64(hold.cell.rawValue) << 32 | UInt64(hold.region.rawValue) << 48
    }

    init(tentative hold: SessionHold, number: UInt32) {
        self.init(hold, created: number)
        bits |= SessionState.tentativeBit
    }

    var isTentative: Bool { bits & SessionState.tentativeBit != 0 }
    var created: UInt32 { UInt32(truncatingIfNeeded: bits) }
    var hold: SessionHold {
        SessionHold(
            region: RegionID(rawValue: UInt16(bits >> 48 & 0xFF)),
            cell: CellID(rawValue: UInt16(truncatingIfNeeded: bits >> 32)))
    }

    /// A clock that goes back makes nothing older.
    func isLive(lastSeen: UInt32, _ now: UInt32, _ rules: SessionRules) -> Bool {
        let seen = max(lastSeen, created)
        let (idle, age) = (now > seen ? now - seen : 0, now > created ? now - created : 0)
        return idle <= rules.idleSeconds && age <= rules.lifeSeconds
    }
}

/// One entry of the session table, by its address: nothing but atomics.
struct SessionEntry {
    static let byteCount = 32
    let base: UnsafeMutableRawPointer

    /// What tells keys of a set apart: with the set's number 81 bits of the key in a table of a million. 0: empty.
    static func tag(_ key: SessionKey) -> UInt64 { key.low == 0 ? 1 : key.low }

    private func word(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
    private var seen: UnsafeMutablePointer<Atomic<UInt32>> {
        (base + 24).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    var tag: UInt64 { word(0).pointee.load(ordering: .sequentiallyConsistent) }
    var keyHigh: UInt64 { word(16).pointee.load(ordering: .relaxed) }
    var lastSeen: UInt32 { seen.pointee.load(ordering: .relaxed) }

    /// The state that stands with `tag`; nil when the entry is another key's. Two loads of the state around one of the
    /// tag: a 128-bit load would claim the cache line, as if it wrote.
    func state(of tag: UInt64) -> SessionState? {
        var bits = word(8).pointee.load(ordering: .sequentiallyConsistent)
        while self.tag == tag {
            let again = word(8).pointee.load(ordering: .sequentiallyConsistent)
            if again == bits { return SessionState(bits: bits) }
            bits = again
        }
        return nil
    }

    func touch(_ now: UInt32) {
        // Read first: a session's requests of one second write its line once.
        if lastSeen < now { seen.pointee.store(now, ordering: .relaxed) }
    }

    func describe(_ key: SessionKey, _ now: UInt32) {
        word(16).pointee.store(key.high, ordering: .relaxed)
        seen.pointee.store(now, ordering: .relaxed)
    }

    func exchange(_ old: (tag: UInt64, state: SessionState), _ new: (tag: UInt64, state: SessionState)) -> Bool {
        let pair = base.assumingMemoryBound(to: Atomic<WordPair>.self)
        let expected = WordPair(first: UInt(old.tag), second: UInt(old.state.bits))
        let desired = WordPair(first: UInt(new.tag), second: UInt(new.state.bits))
        return pair.pointee.compareExchange(
            expected: expected, desired: desired, ordering: .sequentiallyConsistent
        ).exchanged
    }
}

import Glibc
import Synchronization

/// Where producers are held: a fixed number of entries of 32 bytes in sets of eight, the least recently seen of a set
/// giving way. Shared by all workers without a lock: nobody ever waits for a thread that was stopped half way.
///
///     entry   │ tag, state │ rest of the key, last seen │       the first pair changes by one 128-bit exchange
///
///     empty ─insert→ tentative ─nobody else inserts the key→ confirmed ─move→ confirmed ─another key→ …
///                        └── withdrawn, or removed by a rival → empty
///
/// Readers see confirmed entries alone. Of two workers that insert the same key the one that published later sees the
/// other's entry and gives way or removes it before it confirms its own, and only the inserter confirms: so a key is
/// confirmed once.
public final class SessionTable: @unchecked Sendable {
    static let waysPerSet = 8
    /// After so many lost races a request goes on with what it wanted and leaves nothing behind.
    private static let maxRounds = 64
    /// A rival's tentative entry is respected that often, then removed: its thread may have been stopped.
    private static let patientRounds = 4

    private let base: UnsafeMutableRawPointer
    private let setMask: UInt64
    /// Numbers tentative entries, so that no two are alike.
    private let serial = Atomic<UInt32>(0)
    public let capacity: Int

    /// - Parameter capacity: sessions, rounded up to a power of two of sets; 1–2³⁰. Memory is taken as it is used.
    public init(capacity: Int) {
        precondition((1...1 << 30).contains(capacity), "a session table has 1 to 2³⁰ entries")
        var sets = 1
        while sets * SessionTable.waysPerSet < capacity { sets *= 2 }
        self.capacity = sets * SessionTable.waysPerSet
        setMask = UInt64(sets - 1)
        let byteCount = self.capacity * SessionEntry.byteCount
        let memory = mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { fatalError("no \(byteCount) bytes for the session table") }
        base = memory
    }

    deinit { munmap(base, capacity * SessionEntry.byteCount) }

    private func entry(_ key: SessionKey, _ way: Int) -> SessionEntry {
        let index = Int(key.high & setMask) * SessionTable.waysPerSet + way
        return SessionEntry(base: base + index * SessionEntry.byteCount)
    }

    /// Some session was held at some time.
    public var wasUsed: Bool { serial.load(ordering: .relaxed) != 0 }

    // MARK: Asking

    /// Where the session is held, and that it was seen now; nil when it is unknown or has run out.
    ///
    /// - Parameter nowSeconds: since 1970.
    public func find(_ key: SessionKey, nowSeconds: UInt32, _ rules: SessionRules) -> SessionHold? {
        let tag = SessionEntry.tag(key)
        for way in 0..<SessionTable.waysPerSet {
            let entry = entry(key, way)
            guard let state = entry.state(of: tag), !state.isTentative else { continue }
            guard state.isLive(lastSeen: entry.lastSeen, nowSeconds, rules) else { return nil }
            entry.touch(nowSeconds)
            return state.hold
        }
        return nil
    }

    /// Every session that is held, whether it has run out or not. Any thread; sessions that come, move or go meanwhile
    /// are seen as before or as after.
    public func visit(
        _ body: (_ key: SessionKey, _ hold: SessionHold, _ lastSeen: UInt32, _ created: UInt32) -> Void
    ) {
        for index in 0..<capacity {
            let entry = SessionEntry(base: base + index * SessionEntry.byteCount)
            let tag = entry.tag
            guard tag != 0, let state = entry.state(of: tag), !state.isTentative else { continue }
            let key = SessionKey(low: tag, high: entry.keyHigh)
            body(key, state.hold, max(entry.lastSeen, state.created), state.created)
        }
    }

    // MARK: Holding

    /// Holds a session, new or moved, and says where it is held now: elsewhere when another worker was first, and both
    /// use that.
    ///
    /// - Parameter replacing: where the caller found it; `.none` for a new one. Only that is replaced.
    public func hold(
        _ key: SessionKey, _ hold: SessionHold, replacing: SessionHold = .none, nowSeconds: UInt32,
        _ rules: SessionRules
    ) -> SessionHold {
        let tag = SessionEntry.tag(key)
        for round in 0..<SessionTable.maxRounds {
            let view = look(key, tag)
            if view.found >= 0 {
                let entry = entry(key, view.found)
                let isLive = view.state.isLive(lastSeen: entry.lastSeen, nowSeconds, rules)
                if isLive, view.state.hold != replacing || view.state.hold == hold {
                    entry.touch(nowSeconds)
                    return view.state.hold
                }
                let state = SessionState(hold, created: isLive ? view.state.created : nowSeconds)
                guard entry.exchange((tag, view.state), (tag, state)) else { continue }
                entry.touch(nowSeconds)
                return hold
            }
            guard view.victim >= 0 else { return hold }
            let place = (way: view.victim, tag: view.victimTag, state: view.state)
            if insert(key, hold, at: place, nowSeconds, isPatient: round < SessionTable.patientRounds) { return hold }
        }
        return hold
    }

    /// Puts back what an earlier process held.
    public func restore(_ key: SessionKey, _ hold: SessionHold, lastSeen: UInt32, created: UInt32) {
        var rules = SessionRules()
        (rules.idleSeconds, rules.lifeSeconds) = (.max, .max)
        _ = self.hold(key, hold, nowSeconds: created, rules)
        _ = find(key, nowSeconds: lastSeen, rules)
    }

    /// The way that holds the key, else the one to put it in; −1: none. `state` is of whichever it is.
    private struct View {
        var found = -1
        var victim = -1
        var victimTag: UInt64 = 0
        var state = SessionState.empty
    }

    private func look(_ key: SessionKey, _ tag: UInt64) -> View {
        var view = View()
        var oldest = UInt64.max
        for way in 0..<SessionTable.waysPerSet {
            let entry = entry(key, way)
            let present = entry.tag
            guard let state = entry.state(of: present) else { continue }
            if present == tag, !state.isTentative {
                (view.found, view.state) = (way, state)
                return view
            }
            // What is not inserted yet is nobody's to evict.
            if present != 0, state.isTentative { continue }
            let age = present == 0 ? 0 : 1 + UInt64(max(entry.lastSeen, state.created))
            guard age < oldest else { continue }
            (oldest, view.victim, view.victimTag, view.state) = (age, way, present, state)
        }
        return view
    }

    private func insert(
        _ key: SessionKey, _ hold: SessionHold, at place: (way: Int, tag: UInt64, state: SessionState),
        _ nowSeconds: UInt32, isPatient: Bool
    ) -> Bool {
        let (tag, entry) = (SessionEntry.tag(key), entry(key, place.way))
        let number = serial.wrappingAdd(1, ordering: .relaxed).newValue
        let tentative = SessionState(tentative: hold, number: number)
        guard entry.exchange((place.tag, place.state), (tag, tentative)) else { return false }
        guard isAlone(key, tag, but: place.way, isPatient: isPatient) else {
            _ = entry.exchange((tag, tentative), (0, .empty))
            return false
        }
        entry.describe(key, nowSeconds)
        return entry.exchange((tag, tentative), (tag, SessionState(hold, created: nowSeconds)))
    }

    /// Whether nobody else has the key, once rivals are out of the way.
    private func isAlone(_ key: SessionKey, _ tag: UInt64, but own: Int, isPatient: Bool) -> Bool {
        for way in 0..<SessionTable.waysPerSet where way != own {
            let entry = entry(key, way)
            while let state = entry.state(of: tag) {
                if !state.isTentative || isPatient && way < own { return false }
                if entry.exchange((tag, state), (0, .empty)) { break }
            }
        }
        return true
    }
}

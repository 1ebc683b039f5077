public import Model

/// When each name is to be looked up again, and what it last stood for.
///
///     waiting ─due→ under way ─an answer with addresses→ waiting, for its life
///                      └──────── anything else ────────→ waiting, for a short while; the last good answer stands
///
/// Pure: the lookups are the caller's, one `ended` for each name that `takeDue` gave.
public struct NameTable: Sendable {
    /// A life of 0 would ask without end, one of a week would never hear of a move.
    public static let shortestMilliseconds: UInt64 = 1_000
    public static let longestMilliseconds: UInt64 = 300_000
    /// After a failure: soon, but not so soon that an ailing name server is kept from getting well.
    public static let retryMilliseconds: UInt64 = 5_000
    /// So much of a life is taken away at most, at random: a fleet started at once must not ask at once.
    public static let jitterPercent: UInt64 = 10

    private struct Entry {
        var addresses: [IPAddress]
        /// Nil while it is under way.
        var due: LoopTime?
        var isFailing = false
        var lingering = Lingering<IPAddress>()
    }

    private var entries: [String: Entry] = [:]
    private var random: SplitMix64

    /// - Parameter seed: of the jitter.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// By name, what lingers last; names that were never answered are absent.
    public var addresses: [String: [IPAddress]] {
        entries.mapValues { $0.addresses + $0.lingering.items }.filter { !$0.value.isEmpty }
    }

    /// When `takeDue` has something to give; `.distantFuture` while all are under way, or there are none.
    public var nextDue: LoopTime { entries.values.compactMap(\.due).min() ?? .distantFuture }

    /// When `endLingering` has something to give.
    public var nextEnd: LoopTime { entries.values.map(\.lingering.nextEnd).min() ?? .distantFuture }

    /// From here on these names and no others, of which this was just found; what became of those that stood for
    /// something before.
    public mutating func adopt(
        _ names: Set<String>, _ results: [String: Result<Answer, LookupFailure>], now: LoopTime
    ) -> [(name: String, change: SourceChange<IPAddress>)] {
        let known = Set(addresses.keys)
        watch(names, now: now)
        return results.sorted { $0.key < $1.key }.compactMap { name, result in
            let change = ended(name, result, now: now)
            return known.contains(name) ? (name: name, change: change) : nil
        }
    }

    /// From here on these names and no others; those of them that are new are due at once.
    public mutating func watch(_ names: Set<String>, now: LoopTime) {
        entries = entries.filter { names.contains($0.key) }
        for name in names where entries[name] == nil { entries[name] = Entry(addresses: [], due: now) }
    }

    /// The names to look up now, in the order of the alphabet.
    public mutating func takeDue(now: LoopTime) -> [String] {
        let names = entries.filter { ($0.value.due ?? .distantFuture) <= now }.keys.sorted()
        for name in names { entries[name]?.due = nil }
        return names
    }

    /// How the lookup of a name ended; of a name that is gone it is nobody's concern.
    public mutating func ended(
        _ name: String, _ result: Result<Answer, LookupFailure>, now: LoopTime
    ) -> SourceChange<IPAddress> {
        guard let before = entries[name] else { return .unchanged }
        switch result {
        case .success(let answer) where !answer.addresses.isEmpty:
            return insert(name, answer, now: now)
        case .success: return failed(name, before, LookupFailure.noAddress.reason, now: now)
        case .failure(let failure): return failed(name, before, failure.reason, now: now)
        }
    }

    private mutating func failed(
        _ name: String, _ before: Entry, _ reason: String, now: LoopTime
    ) -> SourceChange<IPAddress> {
        entries[name]?.due = now.advanced(milliseconds: NameTable.retryMilliseconds)
        entries[name]?.isFailing = true
        return before.isFailing ? .unchanged : .failed(reason)
    }

    private mutating func insert(_ name: String, _ answer: Answer, now: LoopTime) -> SourceChange<IPAddress> {
        let life = min(UInt64(answer.lifeSeconds) * 1_000, NameTable.longestMilliseconds)
        let jitter = random.next() % (life * NameTable.jitterPercent / 100 + 1)
        let due = now.advanced(milliseconds: max(NameTable.shortestMilliseconds, life - jitter))
        let before = entries[name] ?? Entry(addresses: [])
        var lingering = before.lingering
        defer { entries[name] = Entry(addresses: answer.addresses, due: due, lingering: lingering) }
        if before.addresses == answer.addresses { return before.isFailing ? .recovered : .unchanged }
        return lingering.replace(before.addresses, by: answer.addresses, now: now)
    }

    /// What has lingered long enough is gone, by name.
    public mutating func endLingering(now: LoopTime) -> [String: [IPAddress]] {
        var over: [String: [IPAddress]] = [:]
        for name in entries.keys where entries[name]?.lingering.nextEnd ?? .distantFuture <= now {
            over[name] = entries[name]?.lingering.end(now: now)
        }
        return over
    }
}

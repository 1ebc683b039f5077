import Model

/// What a name or a file said before it came to say something else altogether. It stays in use beside the new for a
/// while: of new addresses nothing is known, and a cell that had no others would be unfit, and lose its sessions, until
/// the first probe of them ends.
public struct Lingering<Item: Hashable & Sendable>: Sendable {
    /// Time for the first probes of what is new: connecting, asking, and a second try.
    public static var milliseconds: UInt64 { 10_000 }

    private var entries: [(item: Item, until: LoopTime)] = []

    init() {}

    /// The longest here first.
    var items: [Item] { entries.map(\.item) }

    /// When `end` has something to give; `.distantFuture` where nothing lingers.
    var nextEnd: LoopTime { entries.first?.until ?? .distantFuture }

    /// What the source said gives way to what it says now. Where they share nothing, the old stays for a while; before
    /// nothing at all it does not: then somebody wants the cell empty.
    mutating func replace(_ old: [Item], by new: [Item], now: LoopTime) -> SourceChange<Item> {
        let (before, after) = (Set(old), Set(new))
        let added = new.filter { !before.contains($0) }
        let removed = old.filter { !after.contains($0) }
        entries.removeAll { after.contains($0.item) }
        if new.isEmpty {
            defer { entries = [] }
            return .changed(added: [], removed: removed + items)
        }
        if old.isEmpty || removed.count < old.count { return .changed(added: added, removed: removed) }
        let until = now.advanced(milliseconds: Lingering.milliseconds)
        entries.removeAll { before.contains($0.item) }
        entries += old.map { (item: $0, until: until) }
        return .replaced(by: added, leaving: removed)
    }

    /// Those whose time is over; they are gone.
    mutating func end(now: LoopTime) -> [Item] {
        let over = entries.prefix { $0.until <= now }.map(\.item)
        entries.removeFirst(over.count)
        return over
    }
}

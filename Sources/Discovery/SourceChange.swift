/// What a look at a name or a file brought.
public enum SourceChange<Item: Equatable & Sendable>: Equatable, Sendable {
    case unchanged
    /// What it says now, less and more than before.
    case changed(added: [Item], removed: [Item])
    /// It says nothing that can be used, for the first time in a row or in new words: what it said before stands.
    case failed(String)
    /// It says again what it said before it failed.
    case recovered
}

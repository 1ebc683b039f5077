/// What a look at a name or a file brought.
public enum SourceChange<Item: Equatable & Sendable>: Equatable, Sendable {
    case unchanged
    /// What it says now, less and more than before.
    case changed(added: [Item], removed: [Item])
    /// Nothing of what it said before, which stays beside the new for `Lingering.milliseconds`.
    case replaced(by: [Item], leaving: [Item])
    /// It says nothing that can be used, for the first time in a row or in new words: what it said before stands.
    case failed(String)
    /// It says again what it said before it failed.
    case recovered

    /// Other addresses than before are to be used.
    public var isMove: Bool {
        switch self {
        case .changed, .replaced: true
        case .unchanged, .failed, .recovered: false
        }
    }
}

import Model

/// How many octets a client's connection may make us hold (limits.md, B1): little at first, more for whoever drains
/// it, little again for whoever stalls.
struct ClientBudget: Equatable {
    private let initial: Int
    private let maximum: Int
    private(set) var limit: Int
    /// Set aside for answers that are on their way or held.
    private(set) var reserved = 0
    private var drainedSinceGrowth = 0

    init(initial: Int, maximum: Int) {
        (self.initial, self.maximum, limit) = (initial, maximum, initial)
    }

    var left: Int { limit - reserved }

    /// Sets `byteCount` aside; false when that is more than is left. The first reservation always succeeds, or a
    /// window larger than the budget would never be served.
    mutating func reserve(_ byteCount: Int) -> Bool {
        guard byteCount <= left || reserved == 0 else { return false }
        reserved += byteCount
        return true
    }

    mutating func release(_ byteCount: Int) {
        precondition(byteCount <= reserved, "more budget given back than was taken")
        reserved -= byteCount
    }

    /// The client took `byteCount` octets.
    mutating func drained(_ byteCount: Int) {
        drainedSinceGrowth += byteCount
        guard drainedSinceGrowth >= limit, limit < maximum else { return }
        drainedSinceGrowth = 0
        limit = min(maximum, limit * 2)
    }

    /// The client took nothing for a second although octets wait.
    mutating func stalled() { (limit, drainedSinceGrowth) = (initial, 0) }
}

/// What must hold at every step of every world (docs/testing.md).
public enum Invariant: UInt8, CaseIterable, Sendable {
    /// No request outside the jurisdictions of its tenant.
    case residency
    /// A session moves only when its cell cannot serve, or a drain takes it; and a retry moves none.
    case sessionMoved
    /// A drained cell keeps nothing past the end of its ramp.
    case drainLeft
    /// What is chosen is there, healthy, open, and not what a retry comes from.
    case choice
    /// Unkeyed requests: no cell is ever more than two requests off its share, in any worker.
    case weight
    /// Keyed requests go to the cell that owns their bucket; buckets are as many as the share says, and only those
    /// move that must.
    case buckets
    /// Effective shares of a region's cells sum to 10,000 or to 0.
    case shares
    /// Generations grow by one.
    case generation
    /// No region enters and leaves a band, or changes places with its neighbour, faster than the dwell.
    case flap
    /// A region keeps what its health and its dial say.
    case spill
    /// An endpoint that answers no probe is taken out in time.
    case detection
    /// One that answers them again comes back in time, and warms up.
    case recovery
    /// One that nothing is the matter with is not taken out.
    case falseAlarm
    /// Outliers are taken out, but never too many of a cell.
    case outlier
    /// A safe request fails only when nobody allowed could have served it.
    case availability
    /// An unsafe request that may have arrived is not sent again.
    case unsafeTwice
    /// A write goes to the owner's replication backend.
    case ownership
    /// Time goes on: no call for a wake-up at once, again and again.
    case progress

    public var name: String { Invariant.names[Int(rawValue)] }

    public init?(name: String) {
        guard let index = Invariant.names.firstIndex(of: name) else { return nil }
        self.init(rawValue: UInt8(index))
    }

    private static let names = [
        "residency", "session-moved", "drain-left", "choice", "weight", "buckets", "shares", "generation", "flap",
        "spill", "detection", "recovery", "false-alarm", "outlier", "availability", "unsafe-twice", "ownership",
        "progress",
    ]
}

/// What did not hold, when, and how.
public struct Violation: Equatable, Sendable {
    public let invariant: Invariant
    /// Milliseconds since the simulation's start.
    public let at: UInt64
    public let text: String
}

/// What an operator asks for; numbers are ids.
public enum Intervention: Equatable, Sendable {
    case weigh(cell: Int, percent: Int)
    case dial(region: Int, percent: Int)
    /// `isNow`: without a ramp.
    case drainCell(Int, isNow: Bool)
    case drainRegion(Int, isNow: Bool)
    case undrainCell(Int)
    case undrainRegion(Int)
}

/// When an operator asks for it.
public struct Operation: Equatable, Sendable {
    /// Milliseconds since the simulation's start.
    public var at: UInt64
    public var intervention: Intervention
    /// The safety checks are passed over.
    public var isForced = false
}

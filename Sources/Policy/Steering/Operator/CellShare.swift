public import Model

/// What the weights, dials and drains in force make of one cell: fields of its `CellEntry`.
public struct CellShare: Equatable, Sendable {
    public let cell: CellID
    /// Its weight, rounded to whole percents, before drains; 0 only when it is exactly 0.
    public let weightPercent: Int
    /// Of its region's new work, in 10,000ths, as drains leave it.
    public let share: UInt16
    /// Sessions whose slot is below leave: 0 none, 10,000 all.
    public let leavingSlots: UInt16
    /// A drain's deadline has passed.
    public let resetsStreams: Bool
}

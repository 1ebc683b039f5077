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
    /// What an operator set its weight to, whole percent; nil: the file's holds.
    public let setPercent: Int?
    /// Of its weight it takes so many percent: below 100 while it drains.
    public let admissionPercent: Int

    public init(
        cell: CellID, weightPercent: Int, share: UInt16, leavingSlots: UInt16 = 0, resetsStreams: Bool = false,
        setPercent: Int? = nil, admissionPercent: Int = 100
    ) {
        (self.cell, self.weightPercent, self.share) = (cell, weightPercent, share)
        (self.leavingSlots, self.resetsStreams) = (leavingSlots, resetsStreams)
        (self.setPercent, self.admissionPercent) = (setPercent, admissionPercent)
    }
}

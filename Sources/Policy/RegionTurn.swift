/// A region's place in the round robin of a band, and in what its dial lets go.
struct RegionTurn: BitwiseCopyable {
    /// Requests due to it less requests it took, in `CellStage.turn`s.
    var credit: Int64 = 0
    /// What a request costs the cell that takes it: all that its region's cells earned. 0: no cell may be chosen.
    var cost: Int64 = 0
    /// What is saved up towards the next request that it keeps, of 10,000.
    var kept: UInt32 = 0
    var isStarted = false
}

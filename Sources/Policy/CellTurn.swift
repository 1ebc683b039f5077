/// A cell's place in the round robin of its region.
struct CellTurn: BitwiseCopyable {
    /// Requests due to it less requests it took, in `CellStage.turn`s.
    var credit: Int64 = 0
    var isStarted = false
}

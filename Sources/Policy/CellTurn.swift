/// A cell's place in the round robin of its region.
struct CellTurn: BitwiseCopyable {
    /// Requests due to it less requests it took, in `CellStage.turn`s.
    var credit: Int64 = 0
    /// What each request earns it under the snapshot at hand; 0: it is not to be chosen.
    var earned: Int64 = 0
    var isStarted = false
}

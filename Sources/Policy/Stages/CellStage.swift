import Model

/// Stage 7: the cell whose turn it is, by smooth weighted round robin: every request gives each cell that may be chosen
/// its share of one turn, and the cell with the most credit pays a whole one.
///
/// A cell's credit is its share due less its requests taken, so it stays within a turn or so of 0, and the split over
/// any stretch of requests is off by no more, whatever happens to weights and health on the way. Credit is counted in
/// turns, not in weights: what is left over from a time of large weights then means the same at a time of small ones.
enum CellStage {
    /// One turn. Divisible by 1…40 and by 100, so that the usual sums of weights divide it exactly (lcm of 1…40).
    static let turn: Int64 = 5_342_931_457_063_200

    static func choose(
        in region: RegionID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> CellID {
        let cells = snapshot.regions[region.index].cells
        var sum: Int64 = 0
        for index in cells.indices {
            sum += weight(of: snapshot.cellLists[index], candidates, facts, snapshot)
        }
        if sum == 0 { return .none }
        let unit = turn / sum
        var (chosen, most) = (CellID.none, Int64.min)
        for index in cells.indices {
            let cell = snapshot.cellLists[index]
            let weight = weight(of: cell, candidates, facts, snapshot)
            if weight == 0 { continue }
            let credit = state.addCredit(weight &* unit, to: cell)
            if credit > most { (chosen, most) = (cell, credit) }
        }
        // What was handed out, not `turn`: else the remainder of the division would grow for ever.
        _ = state.addCredit(-(unit &* sum), to: chosen)
        return chosen
    }

    /// 0: not to be chosen. An operator's 0 holds in a panic too.
    private static func weight(
        of id: CellID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Int64 {
        let cell = snapshot.cells[id.index]
        let mayServe =
            candidates.isPanic
            ? EndpointStage.count(candidates.health, in: cell, facts, snapshot) > 0
            : id != candidates.barredCell && !cell.available.isEmpty
        return mayServe ? Int64(cell.weightPercent) : 0
    }
}

import Model

/// Stage 7: one cell of the region, each as often as its share says.
///
/// Keyed requests fall into the region's 10,000 buckets. The others take turns, by smooth weighted round robin: a
/// request gives each cell that may be chosen its share of one turn, and the one with the most credit pays a whole one.
///
/// A cell's credit is its share due less its requests taken, so it stays within a turn or so of 0, and the split over
/// any stretch of requests is off by no more, whatever happens to shares and health on the way. Credit is counted in
/// turns, not in shares: what is left over from a time of large shares then means the same at a time of small ones.
enum CellStage {
    /// One turn: divisible by 1…40 and by 10,000, so that the usual sums of shares divide it exactly. (25 × the least
    /// common multiple of 1…40; some 69 turns fit into a credit, which holds less than one a cell.)
    static let turn: Int64 = 133_573_286_426_580_000

    static func choose(
        in region: RegionID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> CellID {
        if candidates.cell != .none { return candidates.cell }
        if facts.isKeyed, snapshot.regions[region.index].buckets.count == 10_000 {
            return keyed(in: region, candidates, facts, snapshot)
        }
        let isUsual = !candidates.isPanic && candidates.barredCell == .none && candidates.slot == .max
        if isUsual { return state.takeTurn(of: region, snapshot) }
        return turn(in: region, candidates, facts, snapshot, &state)
    }

    /// It takes new work, and an endpoint of it may be chosen. An operator's 0 holds in a panic too.
    static func mayServe(
        _ id: CellID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Bool {
        let cell = snapshot.cells[id.index]
        if cell.share == 0 || cell.leavingSlots > candidates.slot { return false }
        if candidates.isPanic { return EndpointStage.count(candidates.health, in: cell, facts, snapshot) > 0 }
        return id != candidates.barredCell && !cell.available.isEmpty
    }

    // MARK: Turns

    /// The shares of those that may serve, found again for this request: not all that are fit may, or others may.
    private static func turn(
        in region: RegionID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> CellID {
        let cells = snapshot.regions[region.index].cells
        let sum = sum(of: cells, candidates, facts, snapshot)
        if sum == 0 { return .none }
        let unit = turn / sum
        var (chosen, most) = (CellID.none, Int64.min)
        for index in cells.indices {
            let cell = snapshot.cellLists[index]
            if !mayServe(cell, candidates, facts, snapshot) { continue }
            let credit = state.addCredit(Int64(snapshot.cells[cell.index].share) &* unit, to: cell)
            if credit > most { (chosen, most) = (cell, credit) }
        }
        // What was handed out, not `turn`: else the remainder of the division would grow for ever.
        _ = state.addCredit(-(unit &* sum), to: chosen)
        return chosen
    }

    private static func sum(
        of cells: TableRange, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Int64 {
        var sum: Int64 = 0
        for index in cells.indices {
            let cell = snapshot.cellLists[index]
            if mayServe(cell, candidates, facts, snapshot) { sum += Int64(snapshot.cells[cell.index].share) }
        }
        return sum
    }

    // MARK: Buckets

    /// The key's bucket, else other buckets of the same key, else by share of what may serve: the keys of a cell that
    /// cannot serve spread over the others as their shares say, and those of the others stay.
    private static func keyed(
        in region: RegionID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> CellID {
        let start = Int(snapshot.regions[region.index].buckets.start)
        var bucket = facts.key.bucket
        for attempt in 1...8 as ClosedRange<UInt64> {
            let cell = snapshot.buckets[start + bucket]
            if cell != .none, mayServe(cell, candidates, facts, snapshot) { return cell }
            bucket = Int(truncatingIfNeeded: facts.key.draw(.bucket, number: attempt, below: 10_000))
        }
        let cells = snapshot.regions[region.index].cells
        let sum = sum(of: cells, candidates, facts, snapshot)
        if sum == 0 { return .none }
        var draw = Int64(truncatingIfNeeded: facts.key.draw(.bucket, below: UInt64(truncatingIfNeeded: sum)))
        for index in cells.indices {
            let cell = snapshot.cellLists[index]
            if !mayServe(cell, candidates, facts, snapshot) { continue }
            draw -= Int64(snapshot.cells[cell.index].share)
            if draw < 0 { return cell }
        }
        return .none
    }
}

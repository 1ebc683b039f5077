import Model

/// Stage 4: a session keeps its region and cell while they are fit and it is not being drained of them; weight, dial
/// and latency do not move it. A cell that ails gives it to another of the region, a region that ails to any other.
///
/// A region that the request named wins over the session for this once, and a write goes to its owner: both leave the
/// session as it is.
enum SessionStage {
    static func narrow(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) {
        if candidates.isWrite { return }
        let hold = facts.hold
        if hold.isNone {
            if route.sessions != .none { candidates.beginSession() }
            return
        }
        let isInside = candidates.regions.contains(hold.region)
        if !isInside, candidates.isNamed { return }
        let fate = isInside ? fate(of: hold, candidates, facts, snapshot) : facts.isRetry ? .none : .moves
        switch fate {
        case .stays: candidates.stay(in: hold.cell, of: hold.region)
        case .movesWithin, .movesWithinByDrain, .retriesWithin:
            candidates.moveWithin(hold.region, fate, slot: facts.key.slot)
        default: candidates.leave(hold.region, fate)
        }
    }

    /// What becomes of a session whose region the stages before have left.
    static func fate(
        of hold: SessionHold, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> SessionCourse {
        if hold.region == facts.avoided { return .none }  // a retry: the session stays where it is held
        guard snapshot.fit.contains(hold.region) else { return facts.isRetry ? .none : .moves }
        let isServing = isServing(hold, candidates, snapshot)
        var isDrained = false
        if isServing { isDrained = snapshot.cells[hold.cell.index].leavingSlots > facts.key.slot }
        if isServing, !isDrained { return .stays }
        if hasAnotherCell(hold, candidates, facts, snapshot) {
            return facts.isRetry ? .retriesWithin : isDrained ? .movesWithinByDrain : .movesWithin
        }
        return facts.isRetry ? .none : isDrained ? .movesByDrain : .moves
    }

    /// The cell is there, and can answer this request.
    private static func isServing(_ hold: SessionHold, _ candidates: Candidates, _ snapshot: Snapshot) -> Bool {
        guard hold.cell.index < snapshot.cells.count, hold.cell != candidates.barredCell else { return false }
        let cell = snapshot.cells[hold.cell.index]
        if !cell.isPresent || cell.region != hold.region || cell.isReplication { return false }
        return !cell.available.isEmpty
    }

    /// Another cell of the region takes sessions, and does not have to give this one away.
    private static func hasAnotherCell(
        _ hold: SessionHold, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Bool {
        for index in snapshot.regions[hold.region.index].cells.indices {
            let id = snapshot.cellLists[index]
            let cell = snapshot.cells[id.index]
            if id == hold.cell || id == candidates.barredCell || cell.share == 0 { continue }
            if !cell.available.isEmpty, cell.leavingSlots <= facts.key.slot { return true }
        }
        return false
    }
}

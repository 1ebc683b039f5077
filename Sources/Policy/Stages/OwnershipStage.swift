import Model

/// Stage 2: a write to a dataset goes to the dataset's owner, and there to the replication backend. The owner is the
/// tenant's home where it has one. Nothing after this stage finds another place.
enum OwnershipStage {
    static func narrow(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) -> Refusal? {
        if route.dataset < 0 { return nil }
        if !route.isWriteClass, facts.method.isSafe { return nil }
        guard Int(route.dataset) < snapshot.datasets.count else { return .ownerUnknown }
        let dataset = snapshot.datasets[Int(route.dataset)]
        if dataset.isMulti { return nil }
        let owner = candidates.home != .none ? candidates.home : dataset.owner
        if owner == .none { return .ownerUnknown }
        if !candidates.allowed.contains(owner) { return .ownerOutsideResidency }
        let cell = replication(of: owner, candidates, snapshot)
        if cell == .none { return .ownerUnhealthy }
        candidates.write(to: cell, of: owner, epoch: dataset.epoch)
        return nil
    }

    /// The region's replication backends where one of them can be asked, else `.none`.
    private static func replication(
        of owner: RegionID, _ candidates: Candidates, _ snapshot: Snapshot
    ) -> CellID {
        guard candidates.regions.contains(owner) else { return .none }  // no longer configured
        let cell = snapshot.regions[owner.index].replication
        if cell == .none || cell == candidates.barredCell { return .none }
        return snapshot.cells[cell.index].available.isEmpty ? .none : cell
    }
}

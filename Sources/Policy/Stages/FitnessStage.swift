import Model

/// Stage 5: the regions that are open. With none, a safe request fails open to the least bad of those left, if its
/// route lets it. A write to its owner and a session in its cell have found their place already.
///
/// Replication lag will narrow here too.
enum FitnessStage {
    static func narrow(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) -> Refusal? {
        if candidates.isHeld { return nil }
        var open = candidates.regions.intersection(candidates.open)
        if open.isEmpty { open = candidates.regions.intersection(candidates.lastResort) }
        if !open.isEmpty {
            if open != candidates.regions { candidates.keep(open, .onlyFit) }
            return nil
        }
        // A region that is open but for the excluded endpoint: the first try had its chance, a retry is no panic.
        let isPanic = candidates.regions.intersection(snapshot.open).isEmpty
        guard isPanic, facts.method.isSafe, route.panicIsOpen else { return .noRegion }
        return panic(&candidates, facts, snapshot)
    }

    /// The least bad region has an endpoint not yet heard of; else one said to be down, which may be a mistake. Among
    /// equals the order of latency decides. Weight 0, dial 0 and standby are an operator's word and hold in a panic.
    private static func panic(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Refusal? {
        var fallback = RegionID.none
        for index in snapshot.order.indices {
            let region = snapshot.order[index]
            guard candidates.regions.contains(region), snapshot.regions[region.index].takesNewWork else { continue }
            if offers(.unknown, region, facts, snapshot) {
                candidates.panic(in: region, .unknown)
                return nil
            }
            if fallback == .none, offers(.down, region, facts, snapshot) { fallback = region }
        }
        if fallback == .none { return .noRegion }
        candidates.panic(in: fallback, .down)
        return nil
    }

    private static func offers(
        _ health: HealthState, _ region: RegionID, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Bool {
        for index in snapshot.regions[region.index].cells.indices {
            let cell = snapshot.cells[snapshot.cellLists[index].index]
            if cell.share > 0, EndpointStage.count(health, in: cell, facts, snapshot) > 0 { return true }
        }
        return false
    }
}

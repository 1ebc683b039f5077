import Model

/// Stage 3: the region that the request names, where its sender may name one.
///
/// `prefer`: that region if it can serve, else the local one if it can, else on with all that is left. `force`: that
/// region or nothing. An unknown name is as if absent with `prefer` and the client's mistake with `force`.
enum XRegionStage {
    static func narrow(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) -> Refusal? {
        if facts.xRegion.isAbsent { return nil }
        guard let wanted = snapshot.region(named: facts.xRegion) else {
            return route.forcesXRegion ? .regionUnknown : nil
        }
        if canServe(wanted, isForced: route.forcesXRegion, candidates, facts, snapshot) {
            candidates.name(wanted, .xRegion)
            return nil
        }
        if route.forcesXRegion { return .regionUnavailable }
        candidates.fallBack(from: wanted)
        if candidates.canServe(snapshot.localRegion) { candidates.name(snapshot.localRegion, .regionFallback) }
        return nil
    }

    /// A session that names its own region keeps its cell there, though the region may be closed to others.
    private static func canServe(
        _ wanted: RegionID, isForced: Bool, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Bool {
        if candidates.canServe(wanted) { return true }
        // Forced into a region whose endpoints failed this request: there is no other.
        if isForced, candidates.regions.intersection(candidates.lastResort).contains(wanted) { return true }
        if facts.hold.region != wanted || !candidates.regions.contains(wanted) { return false }
        return SessionStage.fate(of: facts.hold, candidates, facts, snapshot) == .stays
    }
}

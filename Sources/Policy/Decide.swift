public import Model

/// Where this request goes: the stages of routing.md in their order. Pure but for `state`, which must have been
/// prepared for this snapshot. Allocates nothing.
///
/// Stages 1 (residency), 2 (write ownership) and 4 (session) come with later issues. The first two belong before
/// `XRegionStage`, because nothing after them may bring back what they took away; the session's belongs after it,
/// because a named region wins over a session.
#if !DEBUG  // the compiler checks it where it sees the whole module: in release builds
    @_noAllocation
#endif
public func decide(
    _ facts: RequestFacts, _ snapshot: Snapshot, _ state: inout DecisionState, now: LoopTime
) -> Decision {
    state.beginDecision(snapshot, now: now)
    let routeID = RouteStage.choose(facts, snapshot)
    if routeID == .none { return .refused(.noRoute, route: .none) }
    let route = snapshot.routes[routeID.index]

    var candidates = Candidates.all(facts, snapshot)
    if let refusal = XRegionStage.narrow(&candidates, facts, route, snapshot) {
        return .refused(refusal, route: routeID)
    }
    if let refusal = FitnessStage.narrow(&candidates, facts, route, snapshot) {
        return .refused(refusal, route: routeID)
    }
    let region = LatencyStage.choose(&candidates, snapshot)
    let cell = CellStage.choose(in: region, candidates, facts, snapshot, &state)
    // Open without a cell that may be chosen: a snapshot that contradicts itself. Peers must not pay with a trap.
    if cell == .none { return .refused(.noRegion, route: routeID) }

    var decision = Decision()
    (decision.route, decision.region, decision.cell) = (routeID, region, cell)
    decision.endpoint = EndpointStage.choose(in: cell, candidates, facts, snapshot, &state)
    decision.reason = candidates.reason
    (decision.isFallback, decision.wantedRegion) = (candidates.isFallback, candidates.wanted)
    decision.isPanic = candidates.isPanic
    return decision
}

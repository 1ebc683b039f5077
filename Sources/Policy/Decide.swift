public import Model

/// Which route the request falls under; `.none`: nobody's. Pure; allocates nothing.
#if !DEBUG  // the compiler checks it where it sees the whole module: in release builds
    @_noAllocation
#endif
public func route(of facts: RequestFacts, _ snapshot: Snapshot) -> RouteID { RouteStage.choose(facts, snapshot) }

/// Where this request of that route goes: the stages of routing.md in their order. Pure but for `state`, which must
/// have been prepared for this snapshot. Allocates nothing.
#if !DEBUG
    @_noAllocation
#endif
public func decide(
    _ facts: RequestFacts, route: RouteID, _ snapshot: Snapshot, _ state: inout DecisionState, now: LoopTime
) -> Decision {
    var trace = NoTrace()
    return decide(facts, route, snapshot, &state, now, &trace)
}

/// Both in one, for callers that need nothing of the route in between.
#if !DEBUG
    @_noAllocation
#endif
public func decide(
    _ facts: RequestFacts, _ snapshot: Snapshot, _ state: inout DecisionState, now: LoopTime
) -> Decision {
    decide(facts, route: RouteStage.choose(facts, snapshot), snapshot, &state, now: now)
}

/// The one way to decide; real requests and `explain` differ in who looks on.
@inline(__always)
func decide<Trace: DecisionTrace>(
    _ facts: RequestFacts, _ routeID: RouteID, _ snapshot: Snapshot, _ state: inout DecisionState, _ now: LoopTime,
    _ trace: inout Trace
) -> Decision {
    state.beginDecision(snapshot, now: now)
    // A route of an older configuration may have a number that is no longer there.
    guard routeID.index < snapshot.routes.count else { return Decision(refusedWithoutRoute: .noRoute) }
    var candidates = Candidates.all(facts, snapshot)
    if let refusal = narrow(&candidates, facts, routeID, snapshot, &trace) {
        return Decision(refusal, candidates, routeID)
    }
    let region = LatencyStage.choose(&candidates, facts, snapshot.routes[routeID.index], snapshot, &state)
    trace.ended(.latency, candidates)
    let cell = CellStage.choose(in: region, candidates, facts, snapshot, &state)
    // Open without a cell that may be chosen: a snapshot that contradicts itself. Peers must not pay with a trap.
    if cell == .none { return Decision(.noRegion, candidates, routeID) }
    let endpoint = EndpointStage.choose(in: cell, candidates, facts, snapshot, &state)
    var decision = Decision(candidates, routeID, isRetry: facts.isRetry)
    (decision.region, decision.cell, decision.endpoint) = (region, cell, endpoint)
    decision.movedFrom = decision.holdsSession && candidates.session.isMove ? facts.hold.cell : .none
    return decision
}

/// Stages 1 to 5, each of which may refuse.
@inline(__always)
private func narrow<Trace: DecisionTrace>(
    _ candidates: inout Candidates, _ facts: RequestFacts, _ routeID: RouteID, _ snapshot: Snapshot,
    _ trace: inout Trace
) -> Refusal? {
    let route = snapshot.routes[routeID.index]
    if let refusal = ResidencyStage.narrow(&candidates, facts, route, snapshot) {
        trace.ended(.residency, candidates)
        return refusal
    }
    trace.ended(.residency, candidates)
    if let refusal = OwnershipStage.narrow(&candidates, facts, route, snapshot) {
        trace.ended(.ownership, candidates)
        return refusal
    }
    trace.ended(.ownership, candidates)
    if let refusal = XRegionStage.narrow(&candidates, facts, route, snapshot) {
        trace.ended(.xRegion, candidates)
        return refusal
    }
    trace.ended(.xRegion, candidates)
    SessionStage.narrow(&candidates, facts, route, snapshot)
    trace.ended(.session, candidates)
    let refusal = FitnessStage.narrow(&candidates, facts, route, snapshot)
    trace.ended(.fitness, candidates)
    return refusal
}

extension Decision {
    init(refusedWithoutRoute refusal: Refusal) {
        self.init()
        (isRefused, status, reason) = (true, refusal.status, refusal.reason)
    }

    init(_ refusal: Refusal, _ candidates: Candidates, _ route: RouteID) {
        self.init(refusedWithoutRoute: refusal)
        self.route = route
        (home, allowed, isMisroute) = (candidates.home, candidates.allowed, candidates.isMisroute)
        if refusal.reason == .misroute { wantedRegion = candidates.home }
    }

    /// All but the place.
    init(_ candidates: Candidates, _ route: RouteID, isRetry: Bool) {
        self.init()
        (self.route, reason) = (route, candidates.reason)
        (isFallback, wantedRegion) = (candidates.isFallback, candidates.wanted)
        isPanic = candidates.isPanic
        (isWrite, epoch) = (candidates.isWrite, candidates.epoch)
        (home, allowed, isMisroute) = (candidates.home, candidates.allowed, candidates.isMisroute)
        (letGo, nearest) = (candidates.letGo, candidates.firstLetGo)
        // Nobody's session is moved by a panic: nothing is known to be better than where it is.
        if isRetry || isPanic { return }
        holdsSession = candidates.session == .begins || candidates.session.isMove
        isMovedByDrain = candidates.session.isByDrain
    }
}

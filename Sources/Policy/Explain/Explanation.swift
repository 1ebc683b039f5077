public import Model

/// A decision with what each stage left, and why every loser lost: the same walk as a real request's, looked on.
public struct Explanation: Equatable, Sendable {
    /// What one of stages 1–6 made of the regions that the one before it left.
    public struct Step: Equatable, Sendable {
        public let stage: Stage
        public let left: [RegionID]
        public let lost: [LostRegion]
    }

    public struct LostRegion: Equatable, Sendable {
        public let region: RegionID
        public let loss: Loss
    }

    /// Stage 7: a cell of the region.
    public struct CellRow: Equatable, Sendable {
        public let cell: CellID
        /// 10,000ths of the region's new work; 0 for a replication backend.
        public let share: UInt16
        /// Nil: this is the one.
        public let loss: Loss?
    }

    /// Stage 8: an endpoint of the cell.
    public struct EndpointRow: Equatable, Sendable {
        public let endpoint: EndpointID
        public let health: HealthState
        public let warmthPercent: UInt8
        /// Exchanges of the worker that was asked.
        public let inFlight: Int
        /// Nil: this is the one.
        public let loss: Loss?
    }

    /// What `decide` says of the same facts, snapshot and state.
    public let decision: Decision
    /// In order, as far as the decision came; empty where no route matches.
    public let steps: [Step]
    /// Empty in a refusal.
    public let cells: [CellRow]
    public let endpoints: [EndpointRow]

    init(_ trace: ExplanationTrace, _ decision: Decision, _ facts: RequestFacts, _ snapshot: Snapshot) {
        self.decision = decision
        (steps, cells) = (trace.steps(decision, snapshot), trace.cells(decision, facts, snapshot))
        endpoints = trace.endpoints(decision, facts, snapshot)
    }

    /// A request that names different tenants: refused before it has a route.
    public static var tenantConflict: Explanation { Explanation(Decision(refusedWithoutRoute: .tenantConflict)) }

    private init(_ decision: Decision) {
        (self.decision, steps, cells, endpoints) = (decision, [], [], [])
    }
}

/// Why a request with these facts goes where it goes. Takes turns in `state` as a decision does: it is for a state of
/// its own, not for a worker's.
public func explain(
    _ facts: RequestFacts, route: RouteID, _ snapshot: Snapshot, _ state: inout DecisionState, now: LoopTime
) -> Explanation {
    var trace = ExplanationTrace(
        loads: snapshot.endpoints.indices.map { state.inFlight(EndpointID(rawValue: UInt32($0))) })
    let decision = decide(facts, route, snapshot, &state, now, &trace)
    return Explanation(trace, decision, facts, snapshot)
}

/// The same, with the route that the facts fall under.
public func explain(
    _ facts: RequestFacts, _ snapshot: Snapshot, _ state: inout DecisionState, now: LoopTime
) -> Explanation {
    explain(facts, route: route(of: facts, snapshot), snapshot, &state, now: now)
}

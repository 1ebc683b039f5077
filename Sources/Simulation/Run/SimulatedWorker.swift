import Model
import Policy

/// One worker of the edge: its part in the decisions is the real one.
final class SimulatedWorker {
    private var state: DecisionState

    init(seed: UInt64) { state = DecisionState(seed: seed) }

    func prepare(for snapshot: Snapshot) { state.prepare(for: snapshot) }

    func decide(_ facts: RequestFacts, route: RouteID, _ snapshot: Snapshot, now: UInt64) -> Decision {
        Policy.decide(facts, route: route, snapshot, &state, now: LoopTime(nanoseconds: now))
    }

    func began(_ endpoint: EndpointID) { state.began(endpoint) }

    func ended(_ endpoint: EndpointID, firstByteNanoseconds: UInt64?) {
        state.ended(endpoint, firstByteNanoseconds: firstByteNanoseconds)
    }
}

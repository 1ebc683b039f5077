import Model

/// Stage 8: two endpoints of the cell drawn at random, and of them the one with less load × latency (Mitzenmacher,
/// "The power of two choices in randomized load balancing", 2001). The excluded one is not drawn.
///
/// Slow start: one that has just recovered takes the turns that it wins as often as it is warm; its sibling the others.
enum EndpointStage {
    static func choose(
        in id: CellID, _ candidates: Candidates, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> EndpointID {
        let cell = snapshot.cells[id.index]
        return candidates.isPanic
            ? chooseLeastBad(candidates.health, in: cell, facts, snapshot, &state)
            : chooseAvailable(in: cell.available, excluded: facts.excluded, snapshot, &state)
    }

    private static func chooseAvailable(
        in available: TableRange, excluded: EndpointID, _ snapshot: Snapshot, _ state: inout DecisionState
    ) -> EndpointID {
        var count = available.count
        var hole = UInt32.max
        if excluded != .none {
            for index in available.indices where snapshot.endpointLists[index] == excluded {
                hole = UInt32(index) - available.start
                count -= 1
            }
        }
        let (first, second) = state.drawTwo(below: count)
        // The last one stands in for the hole; it is not drawn itself, because `count` is one short.
        let one = snapshot.endpointLists[Int(available.start + (first == hole ? count : first))]
        if first == second { return one }
        let other = snapshot.endpointLists[Int(available.start + (second == hole ? count : second))]
        return warm(state.better(one, other), one, other, snapshot, &state)
    }

    private static func warm(
        _ better: EndpointID, _ one: EndpointID, _ other: EndpointID, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> EndpointID {
        let warmth = snapshot.endpoints[better.index].warmthPercent
        if warmth >= 100 || state.draw(below: 100) < UInt32(warmth) { return better }
        return better == one ? other : one
    }

    /// A panic's way: the same choice among the endpoints of one health, found by counting.
    private static func chooseLeastBad(
        _ health: HealthState, in cell: CellEntry, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> EndpointID {
        let (first, second) = state.drawTwo(below: count(health, in: cell, facts, snapshot))
        var (one, other) = (EndpointID.none, EndpointID.none)
        var position: UInt32 = 0
        for index in cell.endpoints.indices where isEligible(index, health, facts, snapshot) {
            if position == first { one = snapshot.endpointLists[index] }
            if position == second { other = snapshot.endpointLists[index] }
            position += 1
        }
        return first == second ? one : state.better(one, other)
    }

    /// Endpoints of the cell with that health, the excluded one left out.
    static func count(
        _ health: HealthState, in cell: CellEntry, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> UInt32 {
        var count: UInt32 = 0
        for index in cell.endpoints.indices where isEligible(index, health, facts, snapshot) { count += 1 }
        return count
    }

    private static func isEligible(
        _ index: Int, _ health: HealthState, _ facts: RequestFacts, _ snapshot: Snapshot
    ) -> Bool {
        let id = snapshot.endpointLists[index]
        let endpoint = snapshot.endpoints[id.index]
        return endpoint.isPresent && endpoint.health == health && id != facts.excluded
    }
}

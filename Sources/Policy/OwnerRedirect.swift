public import Model

/// A write once more, for the owner that a 421 named: its replication backend, while the fence holds it and one of its
/// endpoints can be asked (routing.md, Writes). All else of the decision stays. Allocates nothing.
///
/// - Parameter epoch: newer than the decision's.
/// - Returns: nil where the owner cannot have it.
public func redirect(
    _ decision: Decision, to owner: RegionID, epoch: UInt64, _ snapshot: Snapshot, _ state: inout DecisionState,
    now: LoopTime
) -> Decision? {
    guard decision.isWrite, decision.allowed.contains(owner), snapshot.present.contains(owner) else { return nil }
    let cell = snapshot.regions[owner.index].replication
    guard cell != .none, !snapshot.cells[cell.index].available.isEmpty else { return nil }
    state.beginDecision(snapshot, now: now)
    let facts = RequestFacts(method: .post, authority: .absent, path: .absent)
    var next = decision
    (next.region, next.cell, next.epoch) = (owner, cell, epoch)
    next.endpoint = EndpointStage.choose(in: cell, Candidates.all(facts, snapshot), facts, snapshot, &state)
    return next
}

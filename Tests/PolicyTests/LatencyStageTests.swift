import Model
import Policy
import Support
import Testing

struct LatencyStageTests {
    static let rows: [(dead: [String], goes: String, reason: Reason)] = [
        ([], "us", .localRegion), (["eu"], "us", .localRegion), (["us"], "ap", .latency),
        (["us", "ap"], "eu", .onlyFit),
    ]

    @Test("the local region, else the first of the snapshot's order", arguments: rows)
    func orders(dead: [String], goes: String, reason: Reason) {
        var world = SnapshotFixture.three
        for region in dead { world.setRegion(region, .down) }
        var parts = world.parts()
        parts.order = ["us", "ap", "eu"].map { world.region($0) }
        let decision = decideOnce(Snapshot(parts, generation: 1))
        #expect(decision.region == world.region(goes) && decision.reason == reason)
    }

    @Test("a region that the order forgot still serves")
    func unordered() {
        let world = SnapshotFixture.three
        var parts = world.parts()
        (parts.order, parts.localRegion) = ([], .none)
        #expect(decideOnce(Snapshot(parts, generation: 1)).region == world.region("us"))
    }

    @Test("where there is but one region no stage narrowed, and the weight decided")
    func single() {
        let world = SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up])])])
        #expect(decideOnce(world.snapshot()).reason == .weight)
    }

    private func decideOnce(_ snapshot: Snapshot) -> Decision {
        var state = DecisionState(seed: 1)
        state.prepare(for: snapshot)
        return decide(RequestFacts(method: .get, authority: "a", path: "/"), snapshot, &state, now: .zero)
    }
}

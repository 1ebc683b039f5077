import Model
import Support
import Testing

@testable import Policy

struct OwnerRedirectTests {
    /// Two regions with a cell and a replication backend each.
    private func world(_ health: HealthState) -> Snapshot {
        let regions = ["us", "eu"].map { name in
            SnapshotFixture.Region.region(
                name,
                [
                    .cell("\(name)-a", 100, [.up]),
                    .cell("\(name)-r", 0, name == "eu" ? [.init(health), .init(health)] : [.up]),
                ])
        }
        var parts = SnapshotFixture(local: "us", regions).parts()
        for index in 0..<2 {
            parts.cells[index * 2 + 1].isReplication = true
            parts.regions[index].replication = CellID(rawValue: UInt16(index * 2 + 1))
        }
        return Snapshot(parts, generation: 1)
    }

    private func redirect(_ change: (inout Decision) -> Void, owner: UInt16 = 1, _ health: HealthState = .up)
        -> Decision?
    {
        let snapshot = world(health)
        var state = DecisionState(seed: 1)
        state.prepare(for: snapshot)
        var decision = Decision()
        (decision.isWrite, decision.epoch, decision.reason) = (true, 5, .writeOwner)
        (decision.route, decision.region) = (RouteID(rawValue: 0), RegionID(rawValue: 0))
        change(&decision)
        return Policy.redirect(
            decision, to: RegionID(rawValue: owner), epoch: 6, snapshot, &state, now: LoopTime(nanoseconds: 1))
    }

    @Test func goesToTheOwnersReplicationBackend() throws {
        let next = try #require(redirect { _ in })
        #expect(next.region == RegionID(rawValue: 1) && next.cell == CellID(rawValue: 3) && next.epoch == 6)
        #expect(next.isWrite && next.reason == .writeOwner && [3, 4].contains(next.endpoint.rawValue))
    }

    @Test func goesNowhereElse() {
        #expect(redirect { $0.isWrite = false } == nil)
        #expect(redirect { $0.allowed = RegionSet(bits: 0b01) } == nil, "outside the fence")
        #expect(redirect({ _ in }, owner: 7) == nil, "no such region")
        #expect(redirect({ _ in }, .down) == nil, "nobody there to ask")
    }
}

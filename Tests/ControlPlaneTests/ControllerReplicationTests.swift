import Model
import Store
import Testing

@testable import ControlPlane

struct ControllerReplicationTests {
    private static func stage() async throws -> Stage {
        var configuration = Configuration.small
        var (orders, logs) = (Configuration.Dataset(), Configuration.Dataset())
        (orders.name, orders.owner, logs.name) = ("orders", "us-east", "logs")
        let source = Configuration.PositionSource.prometheus(url: "http://127.0.0.1:9/", metric: "lsn")
        orders.positions = ["us-east": source, "eu-west": source]
        logs.positions = ["us-east": source]
        configuration.datasets = [orders, logs]
        return try await Stage(configuration)
    }

    /// One second.
    private static func second(_ stage: Stage, us: UInt64, eu: UInt64?) async throws {
        let asked = stage.clock.now
        let controller = stage.controller
        await controller.positionRead(
            dataset: "orders", region: "us-east", .success(try Position("\(us)")), asked: asked)
        let outcome: Result<Position, PositionFailure> =
            try eu.map { .success(try Position("\($0)")) } ?? .failure(PositionFailure("refused"))
        await controller.positionRead(dataset: "orders", region: "eu-west", outcome, asked: asked)
        stage.clock.advance(milliseconds: 500)
        await controller.judgeLag()
        stage.clock.advance(milliseconds: 500)
    }

    @Test("lag is told by region and by dataset, and a tier's change is an event")
    func lag() async throws {
        let stage = try await Self.stage()
        #expect(await stage.controller.regions.allSatisfy(\.replication.isEmpty))
        for number in 1...4 { try await Self.second(stage, us: UInt64(number), eu: UInt64(number)) }
        for number in 5...10 { try await Self.second(stage, us: UInt64(number), eu: 4) }
        let copy = Status.Replication(
            dataset: "orders", region: "eu-west", lagMilliseconds: 6_000, tier: "stale", position: "4")
        let owner = Status.Replication(
            dataset: "orders", region: "us-east", lagMilliseconds: 0, tier: "fresh", position: "10")
        #expect(await stage.controller.regions.map(\.replication) == [[owner], [copy]])
        #expect(await stage.controller.datasets().map(\.replication) == [[owner, copy], []])
        #expect(await stage.controller.regions[1].worstReplication == copy)
        let events = stage.events.recent().filter { $0.kind == .lagTierChanged }
        #expect(
            events.map { "\($0.kind.rawValue) \($0.subject) \($0.cause)" } == [
                "LAG_TIER_CHANGED eu-west orders is near, was fresh: 1.0 s behind",
                "LAG_TIER_CHANGED eu-west orders is stale, was near: 5.0 s behind",
            ])
    }

    @Test("an owner that a backend named is the one whom the others are measured against")
    func learntOwner() async throws {
        let stage = try await Self.stage()
        for number in 1...4 { try await Self.second(stage, us: UInt64(number), eu: UInt64(number)) }
        await stage.controller.learnOwner(dataset: "orders", owner: RegionID(rawValue: 1), epoch: 7)
        for number in 5...6 { try await Self.second(stage, us: 4, eu: UInt64(number)) }
        #expect(await stage.controller.regions.map { $0.replication.map(\.lagMilliseconds) } == [[2_000], [0]])
        for _ in 0..<3 { try await Self.second(stage, us: 4, eu: nil) }
        let said = await stage.controller.datasets()[0].replication
        #expect(said.map(\.isUnknown) == [false, true] && said.map(\.lagAsOfLoss) == [true, false])
        #expect(said[1].cause == "silent for 3 reads: refused" && said[1].tier == "broken")
    }
}

import Model
import Policy
import Store
import Support
import Synchronization
import Testing

@testable import ControlPlane

struct ControllerOperatorTests {
    static func drain(_ target: String, _ mode: Drain.Mode = .ramp) -> OperatorCommand {
        OperatorCommand(.drain(target: target, mode: mode, overMilliseconds: nil), reason: "deploy", who: "ops")
    }

    @Test("a dry run of a drain tells safety, sessions and the snapshot that it leads to; nothing changes")
    func dryRun() async throws {
        let asked = Mutex<[Snapshot]>([])
        let whatIf = Status.WhatIf(sampled: 10, requests: 20, different: 5, refused: 0, moves: [])
        let stage = try await Stage(
            sessions: { cell, region in cell == "use-a" && region == "us-east" ? 70 : 3 },
            whatIf: { snapshot in
                asked.withLock { $0.append(snapshot) }
                return whatIf
            })
        await stage.begin()
        let published = stage.snapshots.count
        var change = try await stage.controller.preview(ControllerOperatorTests.drain("use-a"))
        #expect(change.dryRun && change.safety == [] && change.whatIf == whatIf)
        #expect(change.sessions == [Status.SessionMove(from: "use-a", to: ["use-b"], sessions: 70)])
        #expect(change.moves.map(\.afterPercent) == [0, 100])
        let led = try #require(asked.withLock { $0.last })
        #expect(led.cells[0].share == 0 && led.cells[0].leavingSlots == 10_000 && led.cells[1].share == 10_000)
        change = try await stage.controller.preview(ControllerOperatorTests.drain("us-east"))
        #expect(
            change.sessions == [
                Status.SessionMove(from: "use-a", to: ["euw-a"], sessions: 70),
                Status.SessionMove(from: "use-b", to: ["euw-a"], sessions: 3),
            ])
        change = try await stage.controller.preview(ControllerOperatorTests.drain("euw-a"))
        #expect(change.safety?.count == 1 && change.safety?[0].hasPrefix("euw-a is the last fit cell") == true)
        let dial = OperatorCommand(.setDial(region: "us-east", percent: 0), reason: "", who: "ops")
        change = try await stage.controller.preview(dial)
        #expect(change.safety == nil && change.sessions == nil && change.whatIf == whatIf)
        #expect(asked.withLock { $0.last?.open.only } == RegionID(rawValue: 1))
        #expect(stage.snapshots.count == published && stage.events.recent().isEmpty)
    }

    @Test("in the first seconds a drain waits for what nobody knows yet; the last cell is the last all the same")
    func firstSeconds() async throws {
        let stage = try await Stage()
        await stage.step()
        func refusal(_ target: String) async -> String? {
            do throws(ChangeError) {
                _ = try await stage.controller.startDrain(ControllerOperatorTests.drain(target), .test())
                return nil
            } catch { return error.code }
        }
        #expect(await refusal("use-a") == "health_unknown")
        #expect(await refusal("us-east") == "health_unknown")
        #expect(await refusal("euw-a") == "last_fit_cell")
        let change = try await stage.controller.preview(ControllerOperatorTests.drain("use-a"))
        #expect(change.safety?.count == 1 && change.safety?[0].contains("whether use-b can serve") == true)
        await stage.answerAll(failing: [0, 1])
        // Nothing is taken away where nothing serves.
        #expect(await refusal("use-a") == nil)
    }

    @Test("a drain shows its requests in flight, a region's those of all its cells; it settles with the last one")
    func inFlight() async throws {
        let open = Mutex<[UInt32]>([3, 4, 9])
        let stage = try await Stage(inFlight: { open.withLock(\.self) })
        await stage.begin()
        _ = try await stage.controller.startDrain(ControllerOperatorTests.drain("us-east", .now), .test())
        var drain = try #require(await stage.controller.drains().first)
        drain.isApplied = true
        #expect(drain.requestsInFlight == 7 && !drain.isSettled && drain.isOverdue == false && drain.kind == "region")
        #expect(await stage.controller.cells.map(\.requestsInFlight) == [3, 4, 9])
        await stage.pass(milliseconds: 180_000)
        drain = try #require(await stage.controller.drain(1))
        #expect(drain.resetsStreams && drain.isOverdue == true)
        open.withLock { $0 = [0, 0, 9] }
        drain = try #require(await stage.controller.drain(1))
        drain.isApplied = true
        #expect(drain.requestsInFlight == 0 && drain.isSettled && drain.isOverdue == false)
        let refusal = await #expect(throws: ChangeError.self) { try await stage.ask(.undrain(target: "use-a")) }
        #expect(refusal?.detail == "use-a drains with its region us-east: undrain us-east")
    }

    @Test("one that expired is overdue until it is back, a held one until somebody sees to it")
    func overdue() async throws {
        let stage = try await Stage()
        await stage.begin()
        let command = OperatorCommand(
            .drain(target: "use-a", mode: .now, overMilliseconds: nil), reason: "", who: "ops",
            expiresInMilliseconds: 60_000)
        _ = try await stage.controller.startDrain(command, .test())
        #expect(await stage.controller.drain(1)?.isOverdue == false)
        await stage.pass(milliseconds: 60_000)
        #expect(await stage.controller.drain(1)?.state == "undraining")
        #expect(await stage.controller.drain(1)?.isOverdue == true)
        await stage.pass(milliseconds: 90_000)
        #expect(await stage.controller.drain(1)?.state == "ended")
        #expect(await stage.controller.drain(1)?.isOverdue == false)
        try await stage.ask(.drain(target: "use-a", mode: .now, overMilliseconds: nil))
        try await stage.ask(.undrain(target: "use-a"))
        await stage.controller.observe([
            EndpointObservation(endpoint: EndpointID(rawValue: 0), successes: 30, failures: 20)
        ])
        await stage.pass(milliseconds: 2_000)
        #expect(await stage.controller.drain(2)?.state == "held")
        #expect(await stage.controller.drain(2)?.isOverdue == true)
    }

    @Test("what operators set is shown where it applies, with times")
    func status() async throws {
        let stage = try await Stage(clock: ManualClock(now: .zero, wall: 1_767_225_600_000_000_000))
        await stage.begin()
        try await stage.ask(.setWeight(cell: "use-a", percent: 20), expiresIn: 7_200_000)
        try await stage.ask(.setDial(region: "eu-west", percent: 30))
        try await stage.ask(.drain(target: "us-east", mode: .now, overMilliseconds: nil))
        await stage.controller.observe([
            EndpointObservation(endpoint: EndpointID(rawValue: 0), successes: 15, failures: 5)
        ])
        let (cells, regions) = (await stage.controller.cells, await stage.controller.regions)
        #expect(
            cells[0].weightSet
                == Status.Setting(
                    percent: 20, reason: "test", who: "ops", setAt: "2026-01-01T00:00:00.000000Z",
                    expiresAt: "2026-01-01T02:00:00.000000Z"))
        #expect(cells[1].weightSet == nil && cells[0].requestsPerSecond == 2 && cells[0].errorPercent == 25)
        #expect(regions[1].dialSet?.percent == 30 && regions[1].dialSet?.expiresAt == nil)
        #expect(regions[0].drain == "drained, 0 % of its share (drain 1)" && regions[1].drain == nil)
        #expect(cells[0].drain == regions[0].drain)
    }

    /// Seeded operators, stopped at a random moment; another edge begins with what the store has, on a machine that has
    /// just booted. Beside it runs one that never stopped.
    @Test("an edge that was restarted stands where one stands that was not", arguments: 0..<12)
    func restarts(round: Int) async throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let said = Comment(rawValue: "seed \(random.seed), round \(round)")
        let store = MemoryStore()
        let wall: UInt64 = 1_767_225_600_000_000_000
        let before = try await Stage(store: store, clock: ManualClock(now: LoopTime(nanoseconds: 1 << 50), wall: wall))
        await before.begin()
        for _ in 0...random.next(below: 5) {
            try? await before.ask(ControllerOperatorTests.change(&random), isForced: true)
            await before.pass(milliseconds: UInt64(random.next(below: 40_000)))
        }
        let generation = try #require(before.snapshots.last?.generation)
        await before.controller.writeRest()
        let stored = try await store.load()
        let down = UInt64(random.next(below: 100_000))
        let isOnItsWayBack = await before.controller.drains().contains { $0.state == "undraining" }
        let wallThen = before.clock.wall + down * 1_000_000
        let after = try await Stage(
            store: store, clock: ManualClock(now: LoopTime(nanoseconds: 7_000), wall: wallThen))
        try #require(after.controller.firstSnapshot.generation > generation, said)
        await after.begin()
        await before.pass(milliseconds: down)
        try #require(try await store.load().settings.count <= stored.settings.count, said)
        if isOnItsWayBack { return }
        for _ in 0..<4 {
            let (old, new) = (await before.controller.cells, await after.controller.cells)
            try #require(old.map(\.share) == new.map(\.share) && old.map(\.drain) == new.map(\.drain), said)
            try #require(old.map(\.weightSet) == new.map(\.weightSet), said)
            let (oldRegions, newRegions) = (await before.controller.regions, await after.controller.regions)
            try #require(oldRegions.map(\.dialSet) == newRegions.map(\.dialSet), said)
            let (oldDrains, newDrains) = (await before.controller.drains(), await after.controller.drains())
            try #require(oldDrains.map(\.startedAt) == newDrains.map(\.startedAt), said)
            try #require(oldDrains.map(\.expiresAt) == newDrains.map(\.expiresAt), said)
            try #require(oldDrains.map(\.state) == newDrains.map(\.state), said)
            await before.pass(milliseconds: 30_000)
            await after.pass(milliseconds: 30_000)
        }
    }

    private static func change(_ random: inout SplitMix64) -> OperatorCommand.Change {
        let cell = ["use-a", "use-b", "euw-a"][Int(random.next(below: 3))]
        let region = ["us-east", "eu-west"][Int(random.next(below: 2))]
        return switch random.next(below: 7) {
        case 0, 1: .setWeight(cell: cell, percent: Int(random.next(below: 100)))
        case 2: .setDial(region: region, percent: Int(random.next(below: 101)))
        case 3: .drain(target: cell, mode: .now, overMilliseconds: nil)
        case 4: .drain(target: cell, mode: .ramp, overMilliseconds: UInt64(random.next(below: 60_000)))
        case 5: .drain(target: region, mode: .ramp, overMilliseconds: nil)
        default: .undrain(target: cell)
        }
    }

    @Test("what expired while the edge was down is gone, with its event; its drain is on its way back")
    func expiredMeanwhile() async throws {
        let store = MemoryStore()
        let before = try await Stage(store: store, clock: ManualClock(now: .zero, wall: 1_000_000_000_000))
        await before.begin()
        try await before.ask(.setWeight(cell: "use-b", percent: 20), expiresIn: 5_000)
        try await before.ask(.drain(target: "use-a", mode: .now, overMilliseconds: nil), expiresIn: 20_000)
        let after = try await Stage(store: store, clock: ManualClock(now: .zero, wall: 1_030_000_000_000))
        #expect(after.controller.firstSnapshot.cells[0].share == 50)
        await after.step()
        #expect(
            after.events.recent().map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" } == [
                "DRAIN_RESUMED use-a: drain 1, drained, at 0 %, goes on after a restart, begun by ops: test",
                "DRAIN_EXPIRED use-a: drain 1: it expired and undrains by itself, begun by ops: test",
                "DRAIN_UNDRAINING use-a: drain 1: back at 1 % of its share, begun by ops: test",
                "WEIGHT_CHANGED use-b: weight 20 % to 50 %, it expired, set by ops: test",
            ])
        try await after.until { try await store.load().settings.isEmpty }
        #expect(try await store.load().drains.map(\.state) == ["undraining"])
    }

    @Test("a setting of a cell that is not configured waits in the store, and comes back with it")
    func comesBack() async throws {
        let store = MemoryStore()
        let before = try await Stage(store: store)
        try await before.ask(.setWeight(cell: "use-a", percent: 20))
        var configuration = Configuration.small
        configuration.regions[0].cells.removeFirst()
        configuration.regions[0].cells[0].weightPercent = 100
        let after = try await Stage(configuration, store: store)
        await after.step()
        #expect(after.controller.firstSnapshot.cells[0].share == 10_000)
        #expect(try await store.load().settings.map(\.cell) == ["use-a"])
        _ = try await after.controller.apply(.small, from: "edge.yaml") { _, _ in }
        #expect(await after.controller.cells.map(\.share) == [2_000, 8_000, 10_000])
    }
}

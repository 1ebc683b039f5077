import Foundation
import Model
import Policy
import Store
import Support
import Testing

@testable import ControlPlane

struct ControllerStoreTests {
    static func weight(_ cell: String, _ percent: Int) -> OperatorCommand {
        OperatorCommand(.setWeight(cell: cell, percent: percent), reason: "canary", who: "ops")
    }

    static func drain(_ target: String, _ mode: Drain.Mode = .ramp) -> OperatorCommand {
        OperatorCommand(.drain(target: target, mode: mode, overMilliseconds: nil), reason: "deploy", who: "ops")
    }

    static func audit(_ store: GateStore) async throws -> [String] {
        try await store.audit(after: 0, limit: 100).map { "\($0.draft.subject) \($0.draft.outcome)" }
    }

    @Test("what was answered is in the store, with its audit entry and its answer")
    func durable() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        let command = ControllerStoreTests.weight("use-a", 1)
        let change = try await stage.controller.change(command, .test(key: "k"))
        let last = try #require(stage.snapshots.last)
        #expect(change.generation == last.generation && last.cells[0].share == 100)
        #expect(change.moves.map(\.afterPercent) == [1, 99])
        let stored = try await store.load()
        #expect(stored.settings.map(\.percent) == [1] && stored.settings.map(\.cell) == ["use-a"])
        let entry = try #require(try await store.audit(after: 0, limit: 9).last)
        #expect(entry.draft.who == "ops" && entry.draft.reason == "canary" && entry.draft.outcome == "done")
        #expect(entry.draft.generation == change.generation)
        let answer = try #require(try await store.answer(to: "k", now: 2))
        #expect(try JSONDecoder().decode(Status.Change.self, from: Data(answer.body)) == change)
        #expect(stage.events.recent().map(\.cause) == ["weight 50 % to 1 %, by ops: canary"])
    }

    @Test("what is refused changes nothing and stands in the audit log")
    func refused() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        let before = await stage.controller.steering.snapshot.generation
        await #expect(throws: ChangeError.stale(inForce: before)) {
            try await stage.controller.change(ControllerStoreTests.weight("use-a", 1), .test(ifMatch: before - 1))
        }
        await #expect(throws: ChangeError.self) {
            try await stage.controller.change(ControllerStoreTests.weight("mars", 1), .test())
        }
        #expect(try await ControllerStoreTests.audit(store) == ["use-a stale_generation", "mars unknown_target"])
        #expect(try await store.load().settings.isEmpty && stage.snapshots.last?.generation == before)
        _ = try await stage.controller.change(ControllerStoreTests.weight("use-a", 1), .test(ifMatch: before))
        #expect(stage.snapshots.last?.generation == before + 1)
    }

    @Test("a store that takes nothing: nothing changes, it is told once, health goes on")
    func full() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        let full = StoreError(path: "var/portolan.db", "the disk is full", kind: .full)
        await store.memory.fail(with: full)
        for _ in 0..<3 {
            await #expect(throws: ChangeError.notStored(full)) {
                try await stage.controller.startDrain(ControllerStoreTests.drain("use-a", .now), .test())
            }
        }
        #expect(await stage.controller.drains().isEmpty && stage.snapshots.last?.cells[0].share == 5_000)
        await stage.controller.observe([
            EndpointObservation(endpoint: EndpointID(rawValue: 2), failures: 5, consecutiveFailures: 5)
        ])
        #expect(stage.snapshots.last?.cells[1].available.count == 1)
        await store.memory.fail(with: nil)
        _ = try await stage.controller.startDrain(ControllerStoreTests.drain("use-a", .now), .test())
        #expect(await stage.controller.drains().map(\.id) == [1])
        #expect(
            stage.events.recent().map(\.kind) == [
                .storeFailed, .endpointEjected, .storeRecovered, .drainStarted, .drainEmptied,
            ])
    }

    @Test("two commands at once go one after the other, each judged by what the other left")
    func racing() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let first = Task { try await stage.controller.change(ControllerStoreTests.weight("use-a", 60), .test()) }
        await stage.until { await store.waitingCount == 1 }
        let second = Task { try await stage.controller.change(ControllerStoreTests.weight("use-b", 50), .test()) }
        await stage.until { await stage.controller.changesWaiting.count == 1 }
        #expect(stage.snapshots.last?.cells[0].share == 5_000)
        await store.open()
        #expect(try await first.value.moves.map(\.afterPercent) == [60, 40])
        await #expect(throws: ChangeError.self) { try await second.value }
        #expect(try await ControllerStoreTests.audit(store) == ["use-a done", "use-b weights_exceed"])
        #expect(try await store.load().settings.map(\.cell) == ["use-a"])
    }

    @Test("probes and steps go on while a command is being written; its answer names the snapshot that carries it out")
    func healthGoesOn() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let command = ControllerStoreTests.weight("use-a", 60)
        let asked = Task { try await stage.controller.change(command, .test(key: "k")) }
        await stage.until { await store.waitingCount == 1 }
        await stage.controller.observe([
            EndpointObservation(endpoint: EndpointID(rawValue: 2), failures: 5, consecutiveFailures: 5)
        ])
        let between = try #require(stage.snapshots.last?.generation)
        #expect(stage.snapshots.last?.cells[1].available.count == 1)
        await store.open()
        let change = try await asked.value
        #expect(change.generation == between + 1)
        let answer = try #require(try await store.answer(to: "k", now: 2))
        #expect(try JSONDecoder().decode(Status.Change.self, from: Data(answer.body)) == change)
    }

    @Test("a configuration that takes the cell away in the middle of a commit: refused, and taken back in the store")
    func reloadBetween() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let asked = Task {
            try await stage.controller.startDrain(ControllerStoreTests.drain("use-a"), .test(key: "k"))
        }
        await stage.until { await store.waitingCount == 1 }
        var configuration = Configuration.small
        configuration.regions[0].cells.removeFirst()
        configuration.regions[0].cells[0].weightPercent = 100
        _ = try await stage.controller.apply(configuration, from: "edge.yaml") { _, _ in }
        await store.open()
        await #expect(throws: ChangeError.self) { try await asked.value }
        #expect(try await ControllerStoreTests.audit(store) == ["use-a done", "use-a unknown_target"])
        let stored = try await store.load()
        #expect(stored.drains.isEmpty && stored.lastDrainID == 1)
        #expect(try await store.answer(to: "k", now: StoredAnswer.lifeNanoseconds + 2) == nil)
        let next = try await stage.controller.startDrain(
            ControllerStoreTests.drain("region/us-east", .now), .test())
        #expect(next.id == 2)
    }

    /// A pin that the store has, to a region that a reload took away meanwhile: it waits to be taken back there.
    private static func pinOvertaken(
        _ context: ChangeContext
    ) async throws -> (store: GateStore, stage: Stage, asked: Task<Status.Tenant, any Error>) {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let asked = Task {
            try await stage.controller.pin(
                tenant: "acme", home: "eu-west", residency: [], reason: "", context)
        }
        await stage.until { await store.waitingCount == 1 }
        var configuration = Configuration.small
        configuration.regions.removeLast()
        _ = try await stage.controller.apply(configuration, from: "edge.yaml") { _, _ in }
        await store.letOneThrough()
        await stage.until { await store.waitingCount == 1 }
        return (store, stage, asked)
    }

    @Test("what could not be taken back at once is taken back behind")
    func takenBackBehind() async throws {
        let (store, stage, asked) = try await ControllerStoreTests.pinOvertaken(.test())
        #expect(try await store.load().pins.map(\.tenant) == ["acme"])
        await store.memory.fail(with: StoreError(path: "db", "broken"))
        await store.open()
        await #expect(throws: ChangeError.self) { try await asked.value }
        #expect(try await store.load().pins.map(\.tenant) == ["acme"])
        await store.memory.fail(with: nil)
        try await stage.until {
            stage.clock.advance(milliseconds: 1_000)
            return try await store.load().pins.isEmpty
        }
        #expect(await stage.controller.tenant("acme") == nil)
    }

    /// The pin of a newer change is not what an older one, found impossible, is taken back to.
    @Test("what is taken back behind leaves alone what came since, and is in the audit log")
    func takenBackBehindNewer() async throws {
        let (store, stage, asked) = try await ControllerStoreTests.pinOvertaken(.test(key: "k"))
        await store.memory.fail(with: StoreError(path: "db", "broken"))
        await store.open()
        await #expect(throws: ChangeError.self) { try await asked.value }
        await stage.clock.untilAsleep()
        await store.memory.fail(with: nil)
        let pinned = try await stage.controller.pin(
            tenant: "acme", home: "us-east", residency: [], reason: "", .test())
        #expect(try await store.load().pins.map(\.home) == ["us-east"])
        await stage.until {
            stage.clock.advance(milliseconds: 1_000)
            return await stage.controller.writer == nil
        }
        #expect(try await store.load().pins.map(\.home) == ["us-east"])
        #expect(await stage.controller.tenant("acme") == pinned)
        #expect(try await ControllerStoreTests.audit(store) == ["acme done", "acme done", "acme invalid"])
        #expect(try await store.answer(to: "k", now: StoredAnswer.lifeNanoseconds + 2) == nil)
    }

    @Test("whoever repeats what is refused does not fill the disk, and hides nobody else's misuse")
    func floodOfRefusals() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        let before = await store.transactions.count
        for round in 0..<1_000 {
            let command = ControllerStoreTests.weight(round % 2 == 0 ? "use-a" : "mars", 1)
            _ = try? await stage.controller.change(command, .test(ifMatch: round % 2 == 0 ? 0 : nil))
        }
        #expect(await store.transactions.count == before + 300)
        stage.clock.advance(milliseconds: 6_000)
        _ = try? await stage.controller.change(ControllerStoreTests.weight("mars", 1), .test())
        let last = try #require(try await store.audit(before: nil, limit: 1).last)
        #expect(last.number == 301 && last.draft.outcome == "unknown_target")
        #expect(last.draft.reason == "canary; 700 refusals before this one were only counted")
        await stage.controller.audit.refused(.test(), subject: "use-a", outcome: "forbidden", generation: 1)
        #expect(try await store.audit(before: nil, limit: 1).last?.draft.outcome == "forbidden")
    }

    @Test("nobody waits while it is written who was refused")
    func refusalsKeepNobodyWaiting() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let stale = Task {
            try await stage.controller.change(ControllerStoreTests.weight("use-a", 1), .test(ifMatch: 0))
        }
        await stage.until { await store.waitingCount == 1 }
        let wrong = Task { try await stage.controller.change(ControllerStoreTests.weight("mars", 1), .test()) }
        await stage.until { await store.waitingCount == 2 }
        let right = Task { try await stage.controller.change(ControllerStoreTests.weight("use-a", 60), .test()) }
        #expect(await eventually { await store.waitingCount == 3 })
        await store.open()
        #expect(try await right.value.moves.map(\.afterPercent) == [60, 40])
        await #expect(throws: ChangeError.self) { try await stale.value }
        await #expect(throws: ChangeError.self) { try await wrong.value }
    }

    @Test("a caller that gives up leaves what is in the store and what is in force together")
    func cancelled() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        await store.shutGate()
        let asked = Task { try await stage.controller.change(ControllerStoreTests.weight("use-a", 60), .test()) }
        await stage.until { await store.waitingCount == 1 }
        asked.cancel()
        await store.open()
        _ = try await asked.value
        #expect(try await store.load().settings.map(\.percent) == [60])
        #expect(stage.snapshots.last?.cells[0].share == 6_000)
    }

    @Test("nothing is written while a drain ramps; each step of its way back is, behind")
    func writtenBehind() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        await stage.begin()
        _ = try await stage.controller.startDrain(ControllerStoreTests.drain("use-a"), .test())
        let count = await store.transactions.count
        await stage.pass(milliseconds: 200_000)
        #expect(await store.transactions.count == count)
        #expect(await stage.controller.drains().map(\.state) == ["drained"])
        try await stage.ask(.undrain(target: "use-a"))
        for percent in [5, 25] {
            await stage.pass(milliseconds: 30_000)
            try await stage.until { try await store.load().drains.map(\.admissionPercent) == [percent] }
        }
        // A store that fails for a while gets it later; it is told once.
        await store.memory.fail(with: StoreError(path: "db", "read-only", kind: .readOnly))
        await stage.pass(milliseconds: 30_000)
        await stage.until { stage.events.recent().last?.kind == .storeFailed }
        #expect(await stage.controller.drains().map(\.state) == ["ended"])
        await store.memory.fail(with: nil)
        try await stage.until {
            stage.clock.advance(milliseconds: 1_000)
            return try await store.load().drains.map(\.state) == ["ended"]
        }
        #expect(stage.events.recent().count { $0.kind == .storeFailed } == 1)
    }

    @Test("what is left to write is written when the controller stops")
    func writesAtTheEnd() async throws {
        let store = GateStore()
        let stage = try await Stage(store: store)
        let run = Task { await stage.controller.run() }
        await stage.clock.untilAsleep()
        try await stage.ask(.setWeight(cell: "use-a", percent: 5), expiresIn: 60_000)
        await store.memory.fail(with: StoreError(path: "db", "busy"))
        stage.clock.advance(milliseconds: 60_000)
        await stage.until { stage.events.recent().contains { $0.kind == .storeFailed } }
        await store.memory.fail(with: nil)
        run.cancel()
        await run.value
        #expect(try await store.load().settings.isEmpty)
    }

    @Test("generations grow over restarts, reserved ahead in blocks")
    func generations() async throws {
        let store = GateStore()
        var stage = try await Stage(store: store)
        #expect(stage.controller.firstSnapshot.generation == 1)
        #expect(try await store.load().reservedGeneration == 10_001)
        stage = try await Stage(store: store)
        #expect(stage.controller.firstSnapshot.generation == 10_002)
        await stage.begin()
        for _ in 0..<3_000 {
            for percent in [40, 41] {
                await stage.controller.setForTest(weight: percent)
                let last = try #require(stage.snapshots.last?.generation)
                if last % 500 == 0 { await stage.until { await stage.controller.writer == nil } }
                try #require(last <= (try await store.load().reservedGeneration))
            }
        }
        #expect(try await store.load().reservedGeneration > 20_002)
        let reservations = await store.transactions.flatMap(\.changes).count {
            if case .reserveGenerations = $0 { true } else { false }
        }
        #expect(reservations == 3)
    }

    @Test("an edge whose store takes nothing starts all the same, and says so")
    func startsWithoutStore() async throws {
        let store = GateStore()
        await store.memory.fail(with: StoreError(path: "db", "read-only", kind: .readOnly))
        let stage = try await Stage(store: store)
        #expect(stage.events.recent().map(\.kind) == [.storeFailed])
        await store.memory.fail(with: nil)
        await stage.begin()
        try await stage.until { try await store.load().reservedGeneration > 10_000 }
    }

    @Test("a learnt owner is there after a restart")
    func owners() async throws {
        var configuration = Configuration.small
        var dataset = Configuration.Dataset()
        (dataset.name, dataset.owner) = ("orders", "us-east")
        configuration.datasets = [dataset]
        let store = GateStore()
        var stage = try await Stage(configuration, store: store)
        #expect(await stage.controller.datasets().map(\.source) == ["file"])
        await stage.controller.learnOwner(dataset: "orders", owner: RegionID(rawValue: 1), epoch: 4)
        try await stage.until { try await store.load().owners.map(\.epoch) == [4] }
        stage = try await Stage(configuration, store: store)
        let expected = Status.Dataset(name: "orders", mode: "single", owner: "eu-west", epoch: 4, source: "learnt")
        #expect(await stage.controller.datasets() == [expected])
        #expect(stage.controller.firstSnapshot.datasets[0].owner == RegionID(rawValue: 1))
    }
}

extension Controller {
    /// Another snapshot, without the store.
    fileprivate func setForTest(weight: Int) {
        let command = OperatorCommand(.setWeight(cell: "use-a", percent: weight), reason: "", who: "test")
        guard let actions = try? steering.perform(command, now: clock.now()) else { return }
        ledger.intent = steering.intent.durable
        perform(actions)
    }
}

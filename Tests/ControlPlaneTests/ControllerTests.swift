import Discovery
import Dispatch
import Logging
import Model
import Policy
import Store
import Support
import Synchronization
import Testing

@testable import ControlPlane

struct ControllerTests {
    @Test func firstSnapshotKnowsNothing() async throws {
        let stage = try await Stage()
        #expect(stage.controller.firstSnapshot.generation == 1)
        #expect(stage.controller.firstSnapshot.fit.isEmpty)
        #expect(await !stage.controller.isReady)
        #expect(
            await stage.controller.notReadyReason
                == "first round of probes: 6 of 6 endpoints have not answered yet")
    }

    @Test func firstRoundMakesItReady() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll()
        #expect(await stage.controller.isReady)
        #expect(stage.snapshots.last?.fit.count == 2)
        #expect(stage.snapshots.map(\.generation) == Array(2...7))
        #expect(stage.events.recent().isEmpty)
    }

    @Test func silenceMakesItReadyAfterThreeSeconds() async throws {
        let stage = try await Stage()
        await stage.step()
        stage.clock.advance(milliseconds: 2_999)
        #expect(await !stage.controller.isReady)
        stage.clock.advance(milliseconds: 1)
        #expect(await stage.controller.isReady)
        #expect(await stage.controller.notReadyReason == nil)
    }

    @Test func aDeadCellIsPublishedAndTold() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll(failing: [0, 1])
        let last = try #require(stage.snapshots.last)
        #expect(last.cells[0].available.isEmpty && !last.cells[0].isFit)
        #expect(last.regions[0].isFit)
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" } == [
                "ENDPOINT_EJECTED use-a/127.0.0.1:7101: its first probe failed: refused",
                "ENDPOINT_EJECTED use-a/127.0.0.1:7102: its first probe failed: refused",
                "CELL_DOWN use-a: 0 of 2 endpoints are healthy",
            ])
        #expect(stage.events.recent().last?.generation == 3)
    }

    @Test func whatIsOlderThanTheWallClockBeganInItsFirstMoment() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll()
        let command = OperatorCommand(
            .drain(target: "use-a", mode: .ramp, overMilliseconds: nil), reason: "test", who: "tester")
        let id = try await stage.controller.startDrain(command, .test()).id
        stage.clock.advance(milliseconds: 5_000)
        stage.clock.resetWall()
        stage.clock.advance(milliseconds: 1_000)
        let drain = try #require(await stage.controller.drain(id))
        #expect(drain.startedAt == "1970-01-01T00:00:00.000000Z" && drain.expiresAt == "1970-01-01T11:59:55.000000Z")
    }

    @Test func recoveryIsToldOnce() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll(failing: [4, 5])
        for _ in 0..<8 {
            stage.clock.advance(milliseconds: 1_100)
            await stage.step()
            await stage.answerAll()
        }
        let kinds = stage.events.recent().map(\.kind)
        #expect(
            kinds == [
                .endpointEjected, .endpointEjected, .cellDown, .regionUnfit,
                .endpointReturned, .cellUp, .regionFit, .endpointReturned,
            ])
        #expect(stage.snapshots.last?.fit.count == 2)
    }

    /// The loop wakes for the confirming probe of a failure, not only when it meant to.
    @Test func runFollowsWhatProbesSay() async throws {
        let stage = try await Stage()
        let run = Task { await stage.controller.run() }
        await stage.clock.untilAsleep()
        await stage.answerAll()
        while stage.requests.filter({ $0.endpoint.rawValue == 0 }).isEmpty {
            stage.clock.advance(milliseconds: 100)
            await stage.clock.untilAsleep()
        }
        await stage.answerAll(failing: [0])
        await stage.clock.untilAsleep()
        stage.clock.advance(milliseconds: 250)
        await stage.until { stage.requests.contains { $0.endpoint.rawValue == 0 } }
        run.cancel()
        await run.value
    }

    @Test func appliesWhole() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll()
        var configuration = Configuration.small
        configuration.regions[0].cells[0].endpoints.append(.ip(.loopback, port: 7_199))
        configuration.regions[0].cells[0].weightPercent = 20
        configuration.regions[0].cells[1].weightPercent = 80
        let adopted = Mutex<UInt64>(0)
        let changes = try await stage.controller.apply(configuration, from: "edge.yaml") { _, snapshot in
            adopted.withLock { $0 = snapshot.generation }
        }
        let last = try #require(stage.snapshots.last)
        #expect(adopted.withLock(\.self) == last.generation)
        #expect(last.cells[0].weightPercent == 20 && last.cells[0].endpoints.count == 3)
        #expect(last.cells[0].available.count == 2)  // what was up stays up
        #expect(
            changes == [
                "cell use-a: weight 50 → 20",
                "cell use-a: endpoints 127.0.0.1:7101, 127.0.0.1:7102 → 127.0.0.1:7101, 127.0.0.1:7102, 127.0.0.1:7199",
                "cell use-b: weight 50 → 80",
            ])
        let event = try #require(stage.events.recent().last)
        #expect(event.kind == .configApplied && event.subject == "edge.yaml" && event.generation == last.generation)
        #expect(await stage.controller.isReady)  // never taken back
    }

    @Test("an owner learned before a reload is the owner of the same dataset after it")
    func learnsOwnersByName() async throws {
        var configuration = Configuration.small
        configuration.datasets = ["orders", "carts"].map { name in
            var dataset = Configuration.Dataset()
            (dataset.name, dataset.owner) = (name, "us-east")
            return dataset
        }
        let stage = try await Stage(configuration)
        configuration.datasets.reverse()
        _ = try await stage.controller.apply(configuration, from: "edge.yaml") { _, _ in }
        await stage.controller.learnOwner(dataset: "gone", owner: RegionID(rawValue: 1), epoch: 2)
        await stage.controller.learnOwner(dataset: "orders", owner: RegionID(rawValue: 1), epoch: 2)
        let last = try #require(stage.snapshots.last)
        #expect(last.datasets.indices.map { last.view(last.datasets[$0].name).text } == ["carts", "orders"])
        #expect(last.datasets.indices.map { last.datasets[$0].epoch } == [1, 2])
        #expect(stage.events.recent().filter { $0.kind == .ownerChanged }.map(\.subject) == ["orders"])
    }

    /// Disks may take their time.
    @Test("health goes on being published while the data plane's part is prepared, and is in what is adopted")
    func preparesBesides() async throws {
        let stage = try await Stage()
        await stage.step()
        let (gates, gate) = AsyncStream<Void>.makeStream()
        let begun = Atomic(false)
        var configuration = Configuration.small
        configuration.edge.exposesDecision = true
        let applying = Task { [configuration] in
            try await stage.controller.apply(
                configuration, from: "edge.yaml",
                prepare: {
                    begun.store(true, ordering: .relaxed)
                    return await gates.first { _ in true } != nil
                },
                adopt: { isPrepared, snapshot in
                    #expect(isPrepared && snapshot.fit.count == 2)
                })
        }
        while !begun.load(ordering: .relaxed) { await Task.yield() }
        await stage.answerAll()
        #expect(stage.snapshots.last?.fit.count == 2)
        gate.yield()
        _ = try await applying.value
        #expect(stage.snapshots.last?.fit.count == 2)
    }

    @Test("what follows on a generation is refused when another came into force while it was prepared")
    func refusesWhatWasOvertaken() async throws {
        let stage = try await Stage()
        await stage.begin()
        var configuration = Configuration.small
        configuration.edge.exposesDecision = true
        let seen = await stage.controller.identity.generation
        var refusal: ApplyError?
        do throws(ApplyError) {
            _ = try await stage.controller.apply(
                configuration, from: "edge.yaml", ifMatch: seen,
                prepare: { () async throws -> Void in
                    try await stage.ask(.setDial(region: "us-east", percent: 40))
                },
                adopt: { _, _ in })
        } catch { refusal = error }
        let inForce = await stage.controller.identity.generation
        #expect(refusal == ApplyError(staleIn: inForce) && inForce > seen)
        #expect(stage.events.recent().allSatisfy { $0.kind != .configApplied && $0.kind != .configRejected })
        let changes = try await stage.controller.apply(
            configuration, from: "edge.yaml", ifMatch: inForce, prepare: { () async throws -> Void in },
            adopt: { _, _ in })
        #expect(changes.count == 1)
    }

    @Test func refusesWhatCannotBePrepared() async throws {
        struct Refusal: Error, CustomStringConvertible { let description = "certs/a.crt: no such file" }
        let stage = try await Stage()
        var configuration = Configuration.small
        configuration.edge.exposesDecision = true
        await #expect(throws: ApplyError(reasons: ["certs/a.crt: no such file"])) {
            try await stage.controller.apply(
                configuration, from: "edge.yaml", prepare: { throw Refusal() }, adopt: { _, _ in })
        }
        #expect(stage.snapshots.isEmpty && stage.events.recent().map(\.kind) == [.configRejected])
    }

    @Test func refusesWhatNeedsARestart() async throws {
        let stage = try await Stage()
        var configuration = Configuration.small
        configuration.admin.socketPath = "a.sock"
        await stage.expectRefusal(of: configuration, "admin: socket none → a.sock needs a restart")
    }

    @Test("a try says what an apply would change and lead to, and changes nothing")
    func tries() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll()
        let before = await stage.controller.cells
        let published = stage.snapshots.count
        var configuration = Configuration.small
        configuration.regions[0].cells[0].weightPercent = 20
        configuration.regions[0].cells[1].weightPercent = 80
        configuration.edge.workers = 3
        let (changes, snapshot) = try await stage.controller.tryConfiguration(configuration)
        #expect(changes == ["edge: workers none → 3", "cell use-a: weight 50 → 20", "cell use-b: weight 50 → 80"])
        #expect(snapshot.cells[0].weightPercent == 20 && snapshot.cells[0].available.count == 2)
        #expect(await stage.controller.cells == before && stage.snapshots.count == published)
        #expect(stage.events.recent().allSatisfy { $0.kind != .configApplied && $0.kind != .configRejected })
        let applied = try await stage.controller.apply(configuration, from: "edge.yaml") { _, _ in }
        #expect(applied == changes)
        configuration.statePath = "/elsewhere.db"
        await #expect(throws: ApplyError(reasons: ["state: sqlite none → /elsewhere.db needs a restart"])) {
            try await stage.controller.tryConfiguration(configuration)
        }
    }

    @Test func refusesNamesThatDoNotResolve() async throws {
        let stage = try await Stage()
        var configuration = Configuration.small
        configuration.regions[0].cells[0].endpoints = [.name("no.example", port: 80)]
        await stage.expectRefusal(
            of: configuration,
            "cannot resolve no.example (unknown): give an address, or a name that DNS or /etc/hosts knows")
    }

    @Test func refusesWhatTheDataPlaneRefuses() async throws {
        struct Refusal: Error, CustomStringConvertible { let description = "certs/a.crt: no such file" }
        let stage = try await Stage()
        var configuration = Configuration.small
        configuration.edge.exposesDecision = true
        await stage.expectRefusal(of: configuration, "certs/a.crt: no such file") { _, _ in throw Refusal() }
    }

    @Test func resolvesNamesOfEndpoints() async throws {
        var configuration = Configuration.small
        configuration.regions[0].cells[0].endpoints = [.name("good.example", port: 80)]
        let stage = try await Stage(configuration)
        let target = try #require(stage.controller.firstSnapshot.upstreams[0])
        #expect(target.address == .ip(.loopback, port: 80))
        #expect(target.serverName == "good.example")
    }

    @Test func statusShowsWhatIsTrue() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll(failing: [1, 4, 5])
        let cells = await stage.controller.cells
        #expect(cells.map(\.health) == ["healthy", "healthy", "unhealthy"])
        #expect(cells[0].endpoints.map(\.health) == ["up", "down"])
        #expect(cells[0].endpoints.map(\.lastFailure) == [nil, "refused"])
        #expect(cells.map(\.weightEffective) == [50, 50, 100])
        let regions = await stage.controller.regions
        #expect(regions.map(\.isFit) == [true, false])
        #expect(regions.map(\.endpointsUp) == [3, 0])
        #expect(regions[0].rttMicroseconds == 2_000)
        #expect(regions.map(\.keptPercent) == [100, 0] && regions.map(\.band) == [["us-east"], ["eu-west"]])
        #expect(await stage.controller.identity == (7, "edge-1", "us-east"))
    }

    @Test("what requests meet takes an endpoint out, and the status says why and for how long")
    func observationsEject() async throws {
        let stage = try await Stage()
        await stage.step()
        await stage.answerAll()
        let id = EndpointID(rawValue: 2)
        await stage.controller.observe([EndpointObservation(endpoint: id, failures: 5, consecutiveFailures: 5)])
        #expect(stage.snapshots.last?.cells[1].available.count == 1)
        #expect(stage.events.recent().map(\.kind) == [.endpointEjected])
        stage.clock.advance(milliseconds: 10_000)
        let endpoint = await stage.controller.cells[1].endpoints[0]
        #expect(endpoint.health == "ejected" && endpoint.cause == "5 requests in a row failed")
        #expect(endpoint.ejectedForSeconds == 20 && endpoint.lastFailure == nil)
        #expect(await stage.controller.regions.map(\.endpointsUp) == [3, 2])
    }
}

extension Controller {
    /// Where nothing has to be prepared.
    func apply(
        _ configuration: Configuration, from file: String, adopt: @Sendable (Void, Snapshot) throws -> Void
    ) async throws(ApplyError) -> [String] {
        try await apply(configuration, from: file, prepare: {}, adopt: adopt)
    }
}

/// A controller with everything around it in the test's hand.
final class Stage: Sendable {
    let controller: Controller
    let clock: ManualClock
    let events: EventBus
    private let state = Mutex((snapshots: [Snapshot](), requests: [ProbeRequest](), renamed: [UInt64]()))

    init(
        _ configuration: Configuration = .small, resolver: Resolver? = nil, store: any StateStore = MemoryStore(),
        stored: StoredState? = nil, clock: ManualClock = ManualClock(), inFlight: Controller.InFlight? = nil,
        sessions: Controller.SessionCount? = nil, whatIf: Controller.Replay? = nil
    ) async throws {
        self.clock = clock
        events = EventBus(logger: .silent, clock: clock.clock)
        let known = Resolver { name in
            name == "good.example"
                ? .success(Answer([.loopback], lifeSeconds: 60)) : .failure(.init(reason: "unknown"))
        }
        let restored = if let stored { stored } else { try await store.load() }
        controller = try await Controller(
            configuration, store: store, stored: restored,
            audit: AuditLog(store: store, logger: .silent, clock: clock.clock), events: events, clock: clock.clock,
            resolver: resolver ?? known, seed: 1)
        await controller.connect(
            publish: { [self] snapshot in state.withLock { $0.snapshots.append(snapshot) } },
            startProbe: { [self] request in state.withLock { $0.requests.append(request) } },
            rename: { [self] snapshot in state.withLock { $0.renamed.append(snapshot.generation) } },
            inFlight: inFlight, sessions: sessions, whatIf: whatIf)
    }

    var snapshots: [Snapshot] { state.withLock(\.snapshots) }
    /// Generations of the snapshots whose endpoints were told of before they were published.
    var renamed: [UInt64] { state.withLock(\.renamed) }
    /// Probes not answered yet.
    var requests: [ProbeRequest] { state.withLock(\.requests) }

    func step() async { await controller.step() }

    func answerAll(failing: Set<UInt32> = []) async {
        let waiting = state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
        for request in waiting {
            let fails = failing.contains(request.endpoint.rawValue)
            await controller.probeEnded(
                ProbeResult(
                    id: request.id, succeeded: !fails, detail: fails ? "refused" : "", roundTripNanoseconds: 2_000_000))
        }
    }

    func until(_ condition: () async throws -> Bool) async rethrows {
        while try await !condition() { await Task.yield() }
    }

    /// All endpoints are up.
    func begin() async {
        await step()
        await answerAll()
    }

    /// Lets time pass, calling the controller at its own wakes.
    func pass(milliseconds: UInt64) async {
        let end = clock.now.advanced(milliseconds: milliseconds)
        while true {
            let wake = await controller.steering.nextWake
            guard wake <= end else { break }
            clock.advance(milliseconds: (wake.nanoseconds(since: clock.now) + 999_999) / 1_000_000)
            await step()
            await answerAll()
        }
        clock.advance(milliseconds: end.milliseconds(since: clock.now))
    }

    func ask(_ change: OperatorCommand.Change, expiresIn: UInt64? = nil, isForced: Bool = false) async throws {
        let command = OperatorCommand(
            change, reason: "test", who: "ops", expiresInMilliseconds: expiresIn, isForced: isForced)
        if case .drain = change {
            _ = try await controller.startDrain(command, .test())
        } else {
            _ = try await controller.change(command, .test())
        }
    }

    func expectRefusal(
        of configuration: Configuration, _ reason: String,
        adopt: @Sendable (Void, Snapshot) throws -> Void = { _, _ in }
    ) async {
        let before = await controller.cells
        await #expect(throws: ApplyError(reasons: [reason])) {
            try await controller.apply(configuration, from: "edge.yaml", adopt: adopt)
        }
        #expect(snapshots.isEmpty)
        #expect(await controller.cells == before)
        #expect(events.recent().map(\.kind) == [.configRejected])
        #expect(events.recent().map(\.cause) == [reason])
    }
}

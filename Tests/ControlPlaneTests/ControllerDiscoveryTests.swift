import Discovery
import Dispatch
import Glibc
import Model
import Support
import Synchronization
import Testing

@testable import ControlPlane

/// What one name server says at the moment, and how often it was asked.
private final class Says: Sendable {
    private let state: Mutex<(answers: [String: Result<Answer, LookupFailure>], count: Int)>

    init(_ answers: [String: [UInt8]]) {
        state = Mutex((answers.mapValues { .success(Says.answer($0)) }, 0))
    }

    static func answer(_ last: [UInt8], life: UInt32 = 10) -> Answer {
        Answer(last.map { IPAddress(v4: 0x0A00_0000 | UInt32($0)) }, lifeSeconds: life)
    }

    subscript(name: String) -> Result<Answer, LookupFailure> {
        get { state.withLock { $0.answers[name] ?? .failure(LookupFailure(reason: "no such name", isFinal: true)) } }
        set { state.withLock { $0.answers[name] = newValue } }
    }

    var count: Int { state.withLock(\.count) }

    var resolver: Resolver {
        Resolver { [self] name in
            state.withLock { $0.count += 1 }
            return self[name]
        }
    }
}

struct ControllerDiscoveryTests {
    private static func named(_ names: [String], file: String? = nil) -> Configuration {
        var configuration = Configuration.small
        configuration.regions[0].cells[0].endpoints = names.map { .name($0, port: 80) }
        configuration.regions[0].cells[0].endpointsPath = file
        return configuration
    }

    /// Endpoints of the first cell by address.
    private static func endpoints(_ snapshot: Snapshot) -> [String: EndpointID] {
        let list = snapshot.cells[0].endpoints
        let ids = (0..<Int(list.count)).map { snapshot.endpointLists[Int(list.start) + $0] }
        return Dictionary(uniqueKeysWithValues: ids.map { (snapshot.name(of: $0), $0) })
    }

    @Test func aNameIsLookedUpAgainAndWhatStaysKeepsItsID() async throws {
        let says = Says(["a.test": [1, 2]])
        let stage = try await Stage(ControllerDiscoveryTests.named(["a.test"]), resolver: says.resolver)
        await stage.step()
        await stage.answerAll()
        let before = try #require(stage.snapshots.last)
        let ids = ControllerDiscoveryTests.endpoints(before)
        #expect(ids.keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80"])
        says["a.test"] = .success(Says.answer([2, 3]))
        let discovery = Task { await stage.controller.discover() }
        await stage.clock.untilAsleep()
        stage.clock.advance(milliseconds: 10_000)
        await stage.until { stage.snapshots.last?.generation != before.generation }
        let after = try #require(stage.snapshots.last)
        let now = ControllerDiscoveryTests.endpoints(after)
        #expect(now.keys.sorted() == ["10.0.0.2:80", "10.0.0.3:80"])
        // Health, load and sessions hang on ids; keyed requests on buckets and tags.
        #expect(now["10.0.0.2:80"] == ids["10.0.0.2:80"] && now["10.0.0.3:80"] != ids["10.0.0.1:80"])
        #expect(after.endpoints[try #require(now["10.0.0.2:80"]).index].health == .up)
        #expect(after.endpoints[try #require(now["10.0.0.3:80"]).index].health == .unknown)
        #expect(after.buckets.indices.allSatisfy { after.buckets[$0] == before.buckets[$0] })
        #expect(after.cellTags.indices.allSatisfy { after.cellTags[$0].cell == before.cellTags[$0].cell })
        #expect(stage.renamed == [after.generation])
        await stage.until { !stage.events.recent().isEmpty }
        let event = try #require(stage.events.recent().last)
        #expect(event.kind == .endpointsChanged && event.subject == "a.test" && event.generation == after.generation)
        #expect(event.cause == "10.0.0.3 added; 10.0.0.1 removed")
        discovery.cancel()
        await discovery.value
    }

    /// Until the first probe of a new address ends, the old one serves: the cell stays fit, and sessions, which go by
    /// buckets and tags, stay where they are.
    @Test("entirely new addresses move nothing", arguments: [false, true])
    func entirelyNewAddressesMoveNothing(isFile: Bool) async throws {
        let file = try EndpointsText("10.0.0.1:80\n")
        let says = Says(["a.test": [1]])
        let configuration = ControllerDiscoveryTests.named(isFile ? [] : ["a.test"], file: isFile ? file.path : nil)
        let stage = try await Stage(configuration, resolver: says.resolver)
        await stage.step()
        await stage.answerAll()
        let before = try #require(stage.snapshots.last)
        says["a.test"] = .success(Says.answer([2]))
        if isFile { try file.write("10.0.0.2:80\n") }
        let discovery = Task { await stage.controller.discover() }
        await stage.untilEvents(1)
        let ids = ControllerDiscoveryTests.endpoints(try #require(stage.snapshots.last))
        #expect(ids.keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80"])
        await stage.step()
        await stage.answerAll()
        await stage.untilEvents(2)
        let after = try #require(stage.snapshots.last)
        #expect(ControllerDiscoveryTests.endpoints(after) == ids.filter { $0.key == "10.0.0.2:80" })
        #expect(stage.renamed.last == after.generation)
        for snapshot in stage.snapshots where snapshot.generation >= before.generation {
            #expect(snapshot.cells[0].isFit && !snapshot.cells[0].available.isEmpty)
            #expect(snapshot.regions[0].keptShare == before.regions[0].keptShare)
            #expect(snapshot.buckets.indices.allSatisfy { snapshot.buckets[$0] == before.buckets[$0] })
            #expect(
                snapshot.cellTags.indices.allSatisfy { snapshot.cellTags[$0].cell == before.cellTags[$0].cell })
        }
        let port = isFile ? ":80" : ""
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" }
                == [
                    "10.0.0.2\(port) added; 10.0.0.1\(port) to be removed in 10 s", "10.0.0.1\(port) removed",
                ].map { "ENDPOINTS_CHANGED \(isFile ? file.path : "a.test"): \($0)" })
        discovery.cancel()
        await discovery.value
    }

    @Test func aNameServerThatFailsChangesNothingAndIsToldOnce() async throws {
        let says = Says(["a.test": [1, 2]])
        let stage = try await Stage(ControllerDiscoveryTests.named(["a.test"]), resolver: says.resolver)
        let discovery = Task { await stage.controller.discover() }
        says["a.test"] = .failure(LookupFailure(reason: "no answer from DNS"))
        for round in 1...4 {
            let asked = says.count
            if round == 3 { says["a.test"] = .success(Says.answer([])) }
            await stage.untilTrue { says.count > asked }
        }
        says["a.test"] = .success(Says.answer([2, 1]))
        await stage.untilEvents(2)
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" } == [
                "DISCOVERY_FAILED a.test: no answer from DNS: the last known addresses stay",
                "DISCOVERY_RECOVERED a.test: the same addresses as before",
            ])
        #expect(stage.snapshots.isEmpty && stage.renamed.isEmpty)
        discovery.cancel()
        await discovery.value
    }

    @Test func aFileIsWatchedWithTheNamesInIt() async throws {
        let file = try EndpointsText("10.0.0.1:80\n10.0.0.2:80\n")
        let says = Says(["a.test": [1], "b.test": [3, 4]])
        let stage = try await Stage(
            ControllerDiscoveryTests.named(["a.test"], file: file.path), resolver: says.resolver)
        let first = stage.controller.firstSnapshot
        let ids = ControllerDiscoveryTests.endpoints(first)
        #expect(ids.keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80"])  // a.test's address is also in the file
        let discovery = Task { await stage.controller.discover() }
        try file.write("10.0.0.2:80\nb.test:80\n")
        await stage.untilEvents(1)
        let after = try #require(stage.snapshots.last)
        let now = ControllerDiscoveryTests.endpoints(after)
        #expect(now.keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"])
        #expect(now["10.0.0.2:80"] == ids["10.0.0.2:80"] && now["10.0.0.1:80"] == ids["10.0.0.1:80"])
        #expect(stage.renamed == [after.generation])
        try file.write("10.0.0.2\nb.test:80\n")
        await stage.untilEvents(2)
        try file.write("10.0.0.2:80\nb.test:80\n\n")
        await stage.untilEvents(3)
        try file.write("b.test:80\n")
        await stage.untilEvents(4)
        let right = "(an address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)"
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue): \($0.cause)" } == [
                "ENDPOINTS_CHANGED: b.test:80 added; 10.0.0.1:80 removed",
                "DISCOVERY_FAILED: \(file.path):1:1: error: \"10.0.0.2\", which has no port \(right): "
                    + "the last known addresses stay",
                "DISCOVERY_RECOVERED: the same addresses as before", "ENDPOINTS_CHANGED: 10.0.0.2:80 removed",
            ])
        #expect(stage.events.recent().allSatisfy { $0.subject == file.path })
        discovery.cancel()
        await discovery.value
    }

    @Test func aFileOfUnknownNamesLeavesTheLastGoodOne() async throws {
        let file = try EndpointsText("10.0.0.1:80\n")
        let says = Says([:])
        let stage = try await Stage(ControllerDiscoveryTests.named([], file: file.path), resolver: says.resolver)
        let discovery = Task { await stage.controller.discover() }
        try file.write("b.test:80\n10.0.0.9:80\n")
        await stage.untilEvents(1)
        #expect(stage.snapshots.isEmpty)
        // It is looked up again, though the file is the same, and told of once.
        let asked = says.count
        await stage.untilTrue { says.count > asked + 1 }
        says["b.test"] = .success(Says.answer([2]))
        await stage.untilEvents(2)
        let now = ControllerDiscoveryTests.endpoints(try #require(stage.snapshots.last))
        #expect(now.keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.9:80"])
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue): \($0.cause)" } == [
                "DISCOVERY_FAILED: cannot resolve b.test (no such name): give an address, or a name that DNS or "
                    + "/etc/hosts knows: the last known addresses stay",
                "ENDPOINTS_CHANGED: b.test:80, 10.0.0.9:80 added; 10.0.0.1:80 to be removed in 10 s",
            ])
        discovery.cancel()
        await discovery.value
    }

    @Test func aReloadReadsFilesAndNamesWhole() async throws {
        let file = try EndpointsText("10.0.0.1\n")
        let says = Says(["a.test": [1]])
        let stage = try await Stage(ControllerDiscoveryTests.named(["a.test"]), resolver: says.resolver)
        let right = "(an address such as 10.0.0.1:8080, [2001:db8::1]:8080, app.example.com:8080 or unix:app.sock)"
        await stage.expectRefusal(
            of: ControllerDiscoveryTests.named(["a.test"], file: file.path),
            "\(file.path):1:1: error: \"10.0.0.1\", which has no port \(right)")
        try file.write("b.test:80\n")
        await #expect(throws: ApplyError.self) {
            _ = try await stage.controller.apply(ControllerDiscoveryTests.named([], file: file.path), from: "e") {
                _, _ in
            }
        }
        says["b.test"] = .success(Says.answer([7]))
        // What is compared is what is written, not what the file adds.
        let changes = try await stage.controller.apply(ControllerDiscoveryTests.named([], file: file.path), from: "e") {
            _, _ in
        }
        #expect(
            changes == [
                "cell use-a: endpoints a.test:80 → none", "cell use-a: endpoints_file none → \(file.path)",
            ])
        #expect(ControllerDiscoveryTests.endpoints(try #require(stage.snapshots.last)).keys.sorted() == ["10.0.0.7:80"])
        #expect(
            try await stage.controller.apply(ControllerDiscoveryTests.named([], file: file.path), from: "e") { _, _ in }
                == [])
    }

    /// What is new is refused, what is known stays what it was.
    @Test func aReloadInTheDarkKeepsKnownNames() async throws {
        let says = Says(["a.test": [1, 2]])
        let stage = try await Stage(ControllerDiscoveryTests.named(["a.test"]), resolver: says.resolver)
        says["a.test"] = .failure(LookupFailure(reason: "no answer from DNS"))
        says["b.test"] = says["a.test"]
        await stage.expectRefusal(
            of: ControllerDiscoveryTests.named(["a.test", "b.test"]),
            "cannot resolve b.test (no answer from DNS): give an address, or a name that DNS or /etc/hosts knows")
        var heavier = ControllerDiscoveryTests.named(["a.test"])
        heavier.regions[0].cells[0].weightPercent = 60
        heavier.regions[0].cells[1].weightPercent = 40
        _ = try await stage.controller.apply(heavier, from: "e") { _, _ in }
        let last = try #require(stage.snapshots.last)
        #expect(ControllerDiscoveryTests.endpoints(last).keys.sorted() == ["10.0.0.1:80", "10.0.0.2:80"])
        #expect(last.cells[0].weightPercent == 60)
        #expect(
            stage.events.recent().dropFirst().map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" } == [
                "DISCOVERY_FAILED a.test: no answer from DNS: the last known addresses stay",
                "CONFIG_APPLIED e: cell use-a: weight 50 → 60; cell use-b: weight 50 → 40",
            ])
    }

    /// `run` looks at names as soon as a configuration has some, and ends with its task.
    @Test func runDiscovers() async throws {
        let says = Says(["a.test": [1]])
        let stage = try await Stage(.small, resolver: says.resolver)
        let run = Task { await stage.controller.run() }
        _ = try await stage.controller.apply(ControllerDiscoveryTests.named(["a.test"]), from: "e") { _, _ in }
        let asked = says.count
        await stage.untilTrue { says.count > asked + 1 }
        run.cancel()
        await run.value
    }

    /// A lookup that hangs holds up neither the controller nor other names.
    @Test func aDarkNameServerHoldsUpNobody() async throws {
        let gate = DispatchSemaphore(value: 0)
        let says = Says(["a.test": [1], "b.test": [2]])
        let isHanging = Atomic(false)
        let resolver = Resolver { name in
            if name == "a.test", isHanging.load(ordering: .relaxed) { gate.wait() }
            return says[name]
        }
        let stage = try await Stage(ControllerDiscoveryTests.named(["a.test", "b.test"]), resolver: resolver)
        isHanging.store(true, ordering: .relaxed)
        says["b.test"] = .success(Says.answer([3]))
        let discovery = Task { await stage.controller.discover() }
        await stage.untilEvents(1)
        #expect(stage.events.recent().map(\.cause) == ["10.0.0.3 added; 10.0.0.2 to be removed in 10 s"])
        #expect(await stage.controller.identity.edge == "edge-1")
        discovery.cancel()
        await discovery.value
        gate.signal()
    }
}

extension Stage {
    /// Lets time pass, a second at a time.
    fileprivate func untilTrue(_ condition: () -> Bool) async {
        while !condition() {
            clock.advance(milliseconds: 1_000)
            for _ in 0..<20 { await Task.yield() }
        }
    }

    /// Until so many events were told.
    fileprivate func untilEvents(_ count: Int) async { await untilTrue { events.recent().count >= count } }
}

/// A file of endpoints that is replaced as it should be: a new one is renamed into its place.
final class EndpointsText {
    private static let count = Atomic(0)
    let path: String

    init(_ text: String) throws {
        path = "/tmp/portolan-endpoints-\(getpid())-\(EndpointsText.count.add(1, ordering: .relaxed).newValue)"
        try write(text)
    }

    deinit { unlink(path) }

    func write(_ text: String) throws {
        let file = try #require(fopen(path + ".new", "w"))
        fputs(text, file)
        fclose(file)
        try #require(rename(path + ".new", path) == 0)
    }
}

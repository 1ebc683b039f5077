import Config
import ControlPlane
import Foundation
import Glibc
import Logging
import Model
import Policy
import Store
import Support
import Synchronization
import Testing

@testable import App

/// A whole edge in this process: one worker, one listener on a Unix socket, and no endpoint that answers.
@Suite(.timeLimit(.minutes(2)))
struct EdgeRuntimeTests {
    /// A folder with the configuration of an edge, which is started when asked for.
    private final class Place {
        let path: String
        var file: String { "\(path)/edge.yaml" }

        init() throws {
            var template = Array("/tmp/portolan-app-XXXXXX".utf8CString)
            try #require(mkdtemp(&template) != nil)
            path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        static func yaml(weight: Int, sections: String = "") -> String {
            """
            version: 1
            edge: {name: edge-1, region: us-east, workers: 1}
            listeners:
              - {name: public, address: "unix:edge.sock"}
            regions:
              us-east:
                jurisdiction: us
                cells:
                  use-a: {weight: \(weight), endpoints: ["unix:a.sock"]}
                  use-b: {weight: \(100 - weight), endpoints: ["unix:b.sock"]}
            routes:
              - {name: default, match: {}}
            \(sections)

            """
        }

        func write(_ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: file)) }

        func start(sections: String = "") async throws -> EdgeRuntime {
            try write(Place.yaml(weight: 50, sections: sections))
            var options = EdgeRuntime.Options()
            options.configurationFile = file
            options.logger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
            return try await EdgeRuntime.start(try options.loader.load(path: file).configuration, options)
        }
    }

    private static let reload = ChangeContext(caller: .socket, action: "config.reload", detail: "{}")

    private func weights(_ runtime: EdgeRuntime) async -> [Int] {
        await runtime.controller.cells.map(\.weightConfigured)
    }

    // MARK: Trying

    @Test("a try tells what would change and lead to, of the file or of a text, and changes nothing")
    func tries() async throws {
        let place = try Place()
        let runtime = try await place.start()
        let said = ["cell use-a: weight 50 → 20", "cell use-b: weight 50 → 80"]
        let text = try await runtime.tryReload(Place.yaml(weight: 20))
        #expect(text.outcome.changes == said && text.outcome.generation == nil)
        #expect(text.snapshot.cells[0].weightPercent == 20 && text.snapshot.cells[1].weightPercent == 80)
        #expect(try await runtime.tryReload(nil).outcome.changes.isEmpty)
        try place.write(Place.yaml(weight: 20))
        #expect(try await runtime.tryReload(nil).outcome.changes == said)
        let answer = try await runtime.readings.tryConfiguration(text: nil)
        #expect(answer.dryRun && answer.changes == said && answer.whatIf != nil)
        #expect(await weights(runtime) == [50, 50])
        #expect(runtime.events.recent().allSatisfy { $0.kind != .configApplied && $0.kind != .configRejected })
        #expect(try await runtime.store.audit(after: 0, limit: 9).isEmpty)
        await runtime.stop(graceMilliseconds: 0)
    }

    static let refusals: [(text: String, reason: String)] = [
        (Place.yaml(weight: 50, sections: "bogus: 1"), ":13:1: error: unknown key \"bogus\""),
        (Place.yaml(weight: 50, sections: "state: {sqlite: other.db}"), "needs a restart"),
        (Place.yaml(weight: 120), ":9:"),
    ]

    @Test("a try of what would be refused says why, and changes nothing", arguments: refusals.indices)
    func triesInVain(row: Int) async throws {
        let place = try Place()
        let runtime = try await place.start()
        let (text, reason) = EdgeRuntimeTests.refusals[row]
        let refusal = await #expect(throws: ReloadRefusal.self) { _ = try await runtime.tryReload(text) }
        #expect(refusal?.description.contains(reason) == true, "\(String(describing: refusal))")
        #expect(await weights(runtime) == [50, 50])
        #expect(runtime.events.recent().allSatisfy { $0.kind != .configRejected })
        await runtime.stop(graceMilliseconds: 0)
        await #expect(throws: ChangeError.self) { _ = try await runtime.readings.tryConfiguration(text: "version: 2") }
    }

    // MARK: Generations

    @Test("a list of drains has no newer generation than its drains, whatever is published meanwhile")
    func generationsComeFirst() async throws {
        let place = try Place()
        let runtime = try await place.start()
        let context = ChangeContext(caller: .socket, action: "drain.start", detail: "{}")
        let drain = OperatorCommand(
            .drain(target: "use-a", mode: .now, overMilliseconds: nil), reason: "deploy", who: "ann", isForced: true)
        _ = try await runtime.readings.startDrain(drain, context)
        let weight = OperatorCommand(.setWeight(cell: "use-b", percent: 90), reason: "more", who: "ann")
        await runtime.controller.connect(
            publish: { _ in }, startProbe: { _ in },
            inFlight: { [readings = runtime.readings] in
                _ = try? await readings.change(weight, context)
                return []
            })
        let list = await runtime.readings.drains()
        #expect(await runtime.controller.identity.generation > list.generation)
        #expect(list.drains.allSatisfy { $0.generation >= list.generation })
        await runtime.stop(graceMilliseconds: 0)
    }

    // MARK: Reloading

    @Test("reloads that are asked for at once all succeed, and the audit log has the generation that each led to")
    func reloadsOneAfterAnother() async throws {
        let place = try Place()
        let runtime = try await place.start()
        for weight in [20, 30, 40] {
            try place.write(Place.yaml(weight: weight))
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<12 {
                    group.addTask {
                        if number % 2 == 0 { return await runtime.reloadOnSignal() }
                        let answer = try? await runtime.readings.reload(EdgeRuntimeTests.reload)
                        #expect(answer != nil)
                    }
                }
            }
            #expect(await weights(runtime) == [weight, 100 - weight])
        }
        let audit = try await runtime.store.audit(after: 0, limit: 100).map(\.draft)
        #expect(audit.count == 36 && audit.allSatisfy { $0.action == "config.reload" && $0.outcome == "done" })
        #expect(
            Set(audit.map { "\($0.who) \($0.role) \($0.from)" }) == ["SIGHUP admin signal", "admin socket admin unix"])
        let applied = runtime.events.recent().filter { $0.kind == .configApplied }
        #expect(Set(audit.map(\.generation)).isSubset(of: Set(applied.map(\.generation))))
        for weight in [20, 30, 40] {
            let entry = try #require(audit.first { $0.reason.contains("→ \(weight)") })
            let event = try #require(applied.first { $0.cause.contains("→ \(weight)") })
            #expect(entry.generation == event.generation && entry.reason == event.cause)
        }
        await runtime.stop(graceMilliseconds: 0)
    }

    @Test("of reloads that all follow on the same generation one is made, and the others are told that it was")
    func reloadsOnWhatWasSeen() async throws {
        let place = try Place()
        let runtime = try await place.start()
        var (weight, made) = (50, 0)
        // Where health changed the generation meanwhile, none is made.
        while made < 3 {
            weight = weight % 90 + 1
            try place.write(Place.yaml(weight: weight))
            let before = await weights(runtime)
            let seen = await runtime.controller.identity.generation
            let codes = await withTaskGroup(of: String.self) { group in
                for _ in 0..<6 {
                    group.addTask {
                        var context = EdgeRuntimeTests.reload
                        context.ifMatch = seen
                        do throws(ChangeError) { _ = try await runtime.readings.reload(context) } catch {
                            return error.code
                        }
                        return "done"
                    }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            let done = codes.count { $0 == "done" }
            #expect(done <= 1 && codes.count { $0 == "stale_generation" } == 6 - done, "\(codes)")
            #expect(await weights(runtime) == (done == 1 ? [weight, 100 - weight] : before))
            made += done
        }
        #expect(runtime.events.recent().allSatisfy { $0.kind != .configRejected })
        let audit = try await runtime.store.audit(after: 0, limit: 1_000).map(\.draft)
        #expect(audit.count { $0.outcome == "done" } == 3)
        #expect(audit.allSatisfy { ["done", "stale_generation"].contains($0.outcome) })
        await runtime.stop(graceMilliseconds: 0)
    }

    @Test("a reload by signal that is refused is in the audit log too")
    func refusedReload() async throws {
        let place = try Place()
        let runtime = try await place.start()
        try place.write("version: 2\n")
        await runtime.reloadOnSignal()
        let entry = try #require(try await runtime.store.audit(after: 0, limit: 9).first?.draft)
        #expect(entry.who == "SIGHUP" && entry.outcome == "invalid" && entry.subject == "configuration")
        #expect(await weights(runtime) == [50, 50])
        await runtime.stop(graceMilliseconds: 0)
    }

    @Test("an edge that has ended is let go, with all its parts")
    func letsGo() async throws {
        let place = try Place()
        var runtime: EdgeRuntime? = try await place.start()
        weak let controller = runtime?.controller
        weak let readings = runtime?.readings
        weak let edge = runtime?.edge
        await runtime?.stop(graceMilliseconds: 0)
        runtime = nil
        // What is still on its way holds them for a moment.
        for _ in 0..<50_000 where controller != nil || readings != nil || edge != nil { await Task.yield() }
        #expect(controller == nil && readings == nil && edge == nil)
    }

    // MARK: Disks

    @Test(
        "an edge starts on a disk that takes no writes, with what was stored, and takes changes once it does",
        .enabled(if: SmallDisk.isPossible), arguments: [StoreError.Kind.readOnly, .full])
    func startsUnwritable(kind: StoreError.Kind) async throws {
        let (place, folder) = (try Place(), try Place())
        let state = "state: {sqlite: \(folder.path)/portolan.db}"
        let context = ChangeContext(caller: .socket, action: "drain.start", detail: "{}")
        let command = OperatorCommand(
            .drain(target: "use-a", mode: .now, overMilliseconds: nil), reason: "deploy", who: "ann", isForced: true)
        let weight = OperatorCommand(.setWeight(cell: "use-b", percent: 90), reason: "more", who: "ann")
        var disk = kind == .full ? SmallDisk(folder.path, "size=2m") : nil
        let before = try await place.start(sections: state)
        let drain = try await before.readings.startDrain(command, context)
        await before.stop(graceMilliseconds: 0)
        if kind == .readOnly { disk = SmallDisk(readOnly: folder.path) }
        let small = try #require(disk)
        defer { small.unmount() }
        if kind == .full { try #require(small.fill()) }
        let runtime = try await place.start(sections: state)
        #expect(await runtime.readings.drains().drains.map(\.id) == [drain.id])
        #expect(runtime.events.recent().contains { $0.kind == .storeFailed })
        let error = await #expect(throws: ChangeError.self) { _ = try await runtime.readings.change(weight, context) }
        #expect(error?.status == (kind == .full ? 507 : 503), "\(String(describing: error))")
        #expect(error?.code == (kind == .full ? "store_full" : "store_read_only"))
        #expect(await runtime.readings.metrics().isStoreWritable == false)
        if kind == .full { small.empty() } else { try #require(small.allowWriting()) }
        _ = try await runtime.readings.change(weight, context)
        #expect(await runtime.readings.metrics().isStoreWritable)
        #expect(runtime.events.recent().contains { $0.kind == .storeRecovered })
        await runtime.stop(graceMilliseconds: 0)
    }
}

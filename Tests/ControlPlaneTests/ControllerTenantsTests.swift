import Model
import Policy
import Store
import Support
import Testing

@testable import ControlPlane

struct ControllerTenantsTests {
    static func configuration(_ pins: [Configuration.Pin]) -> Configuration {
        var configuration = Configuration.small
        configuration.tenants.pins = pins
        return configuration
    }

    static func home(_ tenant: String, _ snapshot: Snapshot?) -> RegionID? {
        Array(tenant.utf8).withUnsafeBytes { snapshot?.pin(of: ByteView($0)) }?.home
    }

    @Test("an operator's pin over the file's, durable, shown, taken back")
    func overTheFile() async throws {
        let file = Configuration.Pin(tenant: "acme", home: "us-east", residency: ["us"])
        let (store, configuration) = (MemoryStore(), ControllerTenantsTests.configuration([file]))
        var stage = try await Stage(configuration, store: store)
        let shown = Status.Tenant(tenant: "acme", home: "us-east", residency: ["us"], source: "file")
        #expect(await stage.controller.tenant("acme") == shown)
        let pinned = try await stage.controller.pin(
            tenant: "acme", home: "eu-west", residency: [], reason: "moved", .test())
        #expect(pinned.home == "eu-west" && pinned.residency == ["eu"] && pinned.source == "operator")
        #expect(pinned.who == "ops" && pinned.reason == "moved" && pinned.setAt != nil)
        #expect(ControllerTenantsTests.home("acme", stage.snapshots.last) == RegionID(rawValue: 1))
        stage = try await Stage(configuration, store: store)
        #expect(await stage.controller.tenant("acme") == pinned)
        try await stage.controller.unpin(tenant: "acme", reason: "back", .test())
        #expect(await stage.controller.tenant("acme") == shown)
        #expect(try await store.load().pins.isEmpty)
        let entries = try await store.audit(after: 0, limit: 9)
        #expect(entries.map(\.draft.subject) == ["acme", "acme"] && entries.map(\.draft.reason) == ["moved", "back"])
        let error = await #expect(throws: ChangeError.self) {
            try await stage.controller.unpin(tenant: "acme", reason: "", .test())
        }
        #expect(error?.status == 404 && error?.detail.hasSuffix("its pin is the file's: change it there") == true)
        #expect(
            stage.events.recent().map { "\($0.kind.rawValue) \($0.cause)" } == [
                "TENANT_UNPINNED back to the file's home us-east, by ops: back"
            ])
    }

    @Test("a pin that agrees with nothing is refused and stands in the audit log")
    func invalid() async throws {
        let store = MemoryStore()
        let stage = try await Stage(store: store)
        let error = await #expect(throws: ChangeError.self) {
            try await stage.controller.pin(tenant: "acme", home: "mars", residency: [], reason: "", .test())
        }
        #expect(error?.status == 400 && stage.snapshots.isEmpty)
        #expect(try await store.audit(after: 0, limit: 9).map(\.draft.outcome) == ["invalid"])
    }

    @Test("operators' pins are bounded: one more is refused with what to do, those there are may change and go")
    func bounded() async throws {
        var stored = StoredState()
        stored.pins = (0..<Steering.mostPins).map {
            StoredPin(tenant: "t\($0)", home: "us-east", residency: [], reason: "", who: "ops", setAt: 1)
        }
        let stage = try await Stage(stored: stored)
        func pin(_ tenant: String) async throws(ChangeError) -> String {
            try await stage.controller.pin(tenant: tenant, home: "eu-west", residency: [], reason: "", .test()).home
        }
        let error = await #expect(throws: ChangeError.self) { try await pin("one-more") }
        #expect(error?.status == 409 && error?.code == "too_many_pins")
        #expect(error?.detail.contains("tenants.pins_file") == true)
        #expect(try await pin("t7") == "eu-west")
        try await stage.controller.unpin(tenant: "t8", reason: "", .test())
        #expect(try await pin("one-more") == "eu-west")
    }

    @Test("pages of all tenants, by name, operators' before the file's")
    func pages() async throws {
        let file = (0..<50).reversed().map {
            Configuration.Pin(tenant: "t\(10 + 2 * $0)", home: "us-east", residency: ["us"])
        }
        let stage = try await Stage(ControllerTenantsTests.configuration(file))
        for tenant in ["t11", "t20", "a", "z"] {
            _ = try await stage.controller.pin(
                tenant: tenant, home: "eu-west", residency: ["eu", "us"], reason: "", .test())
        }
        var (seen, last): ([Status.Tenant], String?) = ([], nil)
        while true {
            let page = await stage.controller.tenants(after: last, limit: 7)
            if page.isEmpty { break }
            #expect(page.count == 7 || seen.count + page.count == 53)
            seen += page
            last = page.last?.tenant
        }
        #expect(seen.map(\.tenant) == Set(file.map(\.tenant) + ["t11", "a", "z"]).sorted())
        #expect(seen.filter { $0.source == "operator" }.map(\.tenant) == ["a", "t11", "t20", "z"])
        #expect(await stage.controller.tenants(after: "z", limit: 7).isEmpty)
        #expect(await stage.controller.tenants(after: nil, limit: 0).map(\.tenant) == ["a"])
    }

    /// Printed, not asserted: what a million of the file's pins cost whoever watches health.
    @Test("a million pins of the file: what one more costs")
    func million() async throws {
        let count = 1_000_000
        let pins = (0..<count).map {
            Configuration.Pin(tenant: "tenant-\(1_000_000_000 + $0)", home: "us-east", residency: ["us"])
        }
        let stage = try await Stage(ControllerTenantsTests.configuration(pins))
        let clock = ContinuousClock()
        func timed(_ what: String, _ body: () async throws -> Void) async rethrows {
            print("1,000,000 pins: \(what) \(try await clock.measure { try await body() })")
        }
        try await timed("one operator's pin") {
            _ = try await stage.controller.pin(
                tenant: "tenant-1000000007", home: "eu-west", residency: [], reason: "", .test())
        }
        #expect(await stage.controller.tenant("tenant-1000000007")?.source == "operator")
        await timed("first page") { #expect(await stage.controller.tenants(after: nil, limit: 100).count == 100) }
        await timed("another page") {
            #expect(await stage.controller.tenants(after: "tenant-1000500000", limit: 100).count == 100)
        }
        var changed = ControllerTenantsTests.configuration(pins + [pins[0]])
        changed.tenants.pins[count].tenant = "late"
        let apply = Task { [changed] in
            try await stage.controller.apply(changed, from: "edge.yaml") { _, _ in }
        }
        var longest = Duration.zero
        while await stage.controller.tenant("late") == nil {
            let took = await clock.measure { await stage.controller.step() }
            longest = max(longest, took)
            try await Task.sleep(for: .milliseconds(1))
        }
        _ = try await apply.value
        print("1,000,000 pins: the longest wait for the controller during a reload \(longest)")
    }
}

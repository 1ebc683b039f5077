import Model
import Policy
import Support
import Testing

@testable import ControlPlane

struct AskedRequestTests {
    static func edge(_ change: (inout Configuration) -> Void = { _ in }) async throws -> Stage {
        var configuration = Configuration.small
        configuration.tenants.host = "*.example.com"
        configuration.tenants.pins = [
            Configuration.Pin(
                tenant: "acme", home: "eu-west", residency: configuration.regions.map(\.jurisdiction))
        ]
        change(&configuration)
        let stage = try await Stage(configuration)
        await stage.step()
        await stage.answerAll()
        return stage
    }

    /// Headers and host; then the region, "-" for a conflict.
    static let tenants: [(headers: [(name: String, value: String)], host: String, region: String)] = [
        ([], "a.test", "us-east"), ([("X-Tenant-Id", "acme")], "a.test", "eu-west"),
        ([], "ACME.example.com:8443", "eu-west"), ([("x-tenant-id", "acme")], "acme.example.com", "eu-west"),
        ([("x-tenant-id", "ajax")], "acme.example.com", "-"), ([("x-tenant-id", "")], "acme.example.com", "eu-west"),
        ([("x-tenant-id", "acme"), ("x-tenant-id", "ajax")], "a.test", "-"),
        ([("x-tenant-id", "ajax")], "a.test", "us-east"),
    ]
    @Test("header and host name the tenant as in real requests", arguments: tenants.indices)
    func readsTenants(index: Int) async throws {
        let row = AskedRequestTests.tenants[index]
        let stage = try await AskedRequestTests.edge()
        let said = await stage.controller.explain(
            method: "GET", authority: row.host, path: "/", headers: row.headers)
        #expect((said.region ?? "-") == row.region)
        guard row.region == "-" else { return }
        #expect(said.status == 400 && said.reason == "tenant_conflict" && said.stages.isEmpty)
        #expect(said.text.contains("it names two tenants"))
    }

    @Test("what it cannot know it says")
    func saysWhatItLacks() async throws {
        let rows: [(Configuration.Stickiness?, String?)] = [
            (nil, nil), (.producer, "producer's session"), (.token, "a token names"), (.cookie, "a token names"),
        ]
        for (sessions, words) in rows {
            let stage = try await AskedRequestTests.edge { $0.routes[0].sticky = sessions }
            let said = await stage.controller.explain(
                method: "GET", authority: "a.test", path: "/", headers: [("x-producer-id", "p")])
            #expect(said.text.contains("\nunknown ") == (words != nil))
            if let words { #expect(said.text.contains(words)) }
        }
        let stage = try await AskedRequestTests.edge { $0.tenants.fromCertificate = true }
        let said = await stage.controller.explain(method: "GET", authority: "a.test", path: "/", headers: [])
        #expect(said.text.contains("certificate"))
    }

    @Test(
        "a route's sessions decide what keys it", arguments: [nil, Configuration.Stickiness.producer, .token, .cookie])
    func keys(sessions: Configuration.Stickiness?) async throws {
        let stage = try await AskedRequestTests.edge {
            $0.routes[0].sticky = sessions
            $0.routes[0].hashByHeader = "x-cart"
        }
        func cells(_ name: String) async -> Set<String> {
            var cells: Set<String> = []
            for value in 0..<20 {
                let headers = [("x-cart", "c"), ("x-producer-id", "p")].filter { $0.0 != name } + [(name, "\(value)")]
                let said = await stage.controller.explain(
                    method: "GET", authority: "a.test", path: "/", headers: headers.map { (name: $0.0, value: $0.1) })
                cells.insert(said.cell ?? "-")
            }
            return cells
        }
        #expect(await cells("x-cart").count == (sessions == nil ? 2 : 1))
        #expect(await cells("x-producer-id").count == (sessions == .producer ? 2 : 1))
    }
}

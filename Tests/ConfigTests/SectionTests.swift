import Testing

@testable import Config

/// docs/configuration.md says what the loader knows.
struct SectionTests {
    private static let endpoints = #"endpoints: ["10.0.0.1:80"]"#
    private static let cell = "{us-east: {jurisdiction: us, cells: {a: {\(endpoints)"

    /// A section of the page, and a configuration with a key in that section that nothing resembles.
    static let sections: [(String, String)] = [
        ("", "zzzzzzzzzzzz: 1"),
        ("edge.", "edge: {name: edge-1, region: us-east, zzzzzzzzzzzz: 1}"),
        ("listeners[].", #"listeners: [{name: a, address: "127.0.0.1:1", zzzzzzzzzzzz: 1}]"#),
        ("listeners[].tls.", #"listeners: [{name: a, address: "127.0.0.1:1", tls: {zzzzzzzzzzzz: 1}}]"#),
        (
            "listeners[].tls.certificates[].",
            #"listeners: [{name: a, address: "127.0.0.1:1", tls: {certificates: [{zzzzzzzzzzzz: 1}]}}]"#
        ),
        ("listeners[].trust.", #"listeners: [{name: a, address: "127.0.0.1:1", trust: {zzzzzzzzzzzz: 1}}]"#),
        ("admin.", "admin: {zzzzzzzzzzzz: 1}"), ("admin.tls.", "admin: {tls: {zzzzzzzzzzzz: 1}}"),
        ("state.", "state: {zzzzzzzzzzzz: 1}"),
        ("regions.*.", "regions: {us-east: {zzzzzzzzzzzz: 1}}"),
        ("regions.*.cells.*.", "regions: \(cell), zzzzzzzzzzzz: 1}}}}"),
        ("regions.*.replication.", "regions: \(cell)}}, replication: {zzzzzzzzzzzz: 1}}}"),
        ("upstream.", "upstream: {zzzzzzzzzzzz: 1}"), ("health.", "health: {zzzzzzzzzzzz: 1}"),
        ("sessions.", "sessions: {zzzzzzzzzzzz: 1}"), ("routes[].", "routes: [{zzzzzzzzzzzz: 1}]"),
        ("routes[].match.", "routes: [{match: {zzzzzzzzzzzz: 1}}]"),
        ("routes[].hash_by.", "routes: [{hash_by: {zzzzzzzzzzzz: 1}}]"),
        ("routes[].headers.", "routes: [{headers: {zzzzzzzzzzzz: 1}}]"),
        ("routes[].headers.request.", "routes: [{headers: {request: {zzzzzzzzzzzz: 1}}}]"),
        ("access_log.", "access_log: {zzzzzzzzzzzz: 1}"), ("tenants.", "tenants: {zzzzzzzzzzzz: 1}"),
        ("tenants.pins.*.", "tenants: {pins: {a: {zzzzzzzzzzzz: 1}}}"),
        ("datasets.*.", "datasets: {a: {zzzzzzzzzzzz: 1}}"),
        ("datasets.*.positions.*.", "datasets: {a: {positions: {us-east: {zzzzzzzzzzzz: 1}}}}"),
        ("datasets.*.tiers.", "datasets: {a: {tiers: {zzzzzzzzzzzz: 1}}}"),
        (
            "listeners[].tls.clients.",
            #"listeners: [{name: a, address: "127.0.0.1:1", tls: {clients: {zzzzzzzzzzzz: 1}}}]"#
        ),
        ("outliers.", "outliers: {zzzzzzzzzzzz: 1}"), ("latency.", "latency: {zzzzzzzzzzzz: 1}"),
        ("spill.", "spill: {zzzzzzzzzzzz: 1}"), ("drains.", "drains: {zzzzzzzzzzzz: 1}"),
        ("retries.", "retries: {zzzzzzzzzzzz: 1}"),
    ]

    @Test("every key has its row", arguments: sections)
    func keys(prefix: String, text: String) throws {
        let page = try SampleTests.page("configuration.md")
        let error = try #require(throws: ConfigurationError.self) {
            try Sample.loader.load(text: Sample.completing(text), file: "e.yaml")
        }
        let unknown = try #require(error.problems.first { $0.message.hasPrefix("unknown key \"zzzzzzzzzzzz\"") })
        let list = try #require(unknown.message.split(separator: "(known here: ").last).dropLast()
        for key in list.split(separator: ", ") {
            #expect(page.contains("`\(prefix)\(key)`"), "docs/configuration.md does not say what \(prefix)\(key) is")
        }
    }
}

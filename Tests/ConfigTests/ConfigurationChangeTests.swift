import Config
import Foundation
import Model
import Testing

struct ConfigurationChangeTests {
    private static let before = """
        listeners:
          - {name: public, address: "127.0.0.1:8443", trust: {x_region: true, from: [10.0.0.0/8]}}
          - {name: old, address: "127.0.0.1:8444"}
        admin: {address: "127.0.0.1:9443"}
        regions:
          us-east:
            jurisdiction: us
            cells:
              use-a: {weight: 50, endpoints: ["10.0.0.1:80"]}
              use-b: {weight: 50, endpoints: ["10.0.0.2:80"]}
          eu-west: {jurisdiction: eu, cells: {euw-a: {endpoints: ["10.1.0.1:80"]}}}
        routes:
          - {name: api, match: {path_prefix: /api}, headers: {request: {add: {x-key: hidden}}}}
          - {name: web, match: {path_prefix: /web}}
          - {name: default, match: {}}
        tenants: {pins: {acme: {home: us-east}}}
        """

    /// What is replaced in `before`, by what, and what is said of it.
    static let rows: [([(String, String)], [String])] = [
        ([], []),
        (
            [
                ("weight: 50, endpoints: [\"10.0.0.1", "weight: 30, endpoints: [\"10.0.0.1"),
                ("weight: 50, endpoints: [\"10.0.0.2", "weight: 70, endpoints: [\"10.0.0.2"),
            ],
            ["cell use-a: weight 50 → 30", "cell use-b: weight 50 → 70"]
        ),
        (
            [("10.0.0.1:80\"", "10.0.0.1:80\", \"10.0.0.3:80\"")],
            ["cell use-a: endpoints 10.0.0.1:80 → 10.0.0.1:80, 10.0.0.3:80"]
        ),
        (
            [("eu-west: {jurisdiction: eu, cells: {euw-a", "ap-south: {jurisdiction: in, cells: {aps-a")],
            ["region ap-south added", "region eu-west removed"]
        ),
        ([("{euw-a:", "{euw-b:")], ["cell euw-b added", "cell euw-a removed"]),
        (
            [("8443", "8445")],
            ["listener public: address 127.0.0.1:8443 → 127.0.0.1:8445 (takes effect after a restart)"]
        ),
        ([("10.0.0.0/8", "10.0.0.0/9")], ["listener public: trusted ranges 10.0.0.0/8 → 10.0.0.0/9"]),
        (
            [("name: old", "name: new")],
            [
                "listener new added (takes effect after a restart)",
                "listener old removed (takes effect after a restart)",
            ]
        ),
        (
            [("9443\"}", "9443\", metrics: open}")],
            ["admin: metrics without a token off → on (takes effect after a restart)"]
        ),
        ([("hidden", "secret")], ["route api: values of request headers added changed"]),
        (
            [("  - {name: web, match: {path_prefix: /web}}\n", "")],
            ["routes: order api, web, default → api, default", "route web removed"]
        ),
        ([("{name: web, match: {", "{name: web, match: {methods: [GET], ")], ["route web: methods none → GET"]),
        (
            [("acme: {home: us-east}", "acme: {home: eu-west}")],
            ["tenant acme: home us-east → eu-west", "tenant acme: residency us → eu"]
        ),
        (
            [("tenants:", "limits: {idle: 5m, turn_read: 32KiB}\ntenants:")],
            ["limits: turn_read 64KiB → 32KiB", "limits: idle 3m → 5m"]
        ),
        (
            [("tenants:", "health: {expect: [200-204]}\naccess_log: {}\ntenants:")],
            [
                "cell use-a: expected statuses 200-299 → 200-204", "cell use-b: expected statuses 200-299 → 200-204",
                "cell euw-a: expected statuses 200-299 → 200-204", "access_log: path none → -",
                "access_log: sample none → 1.0",
            ]
        ),
    ]

    @Test("are told in plain words", arguments: rows)
    func between(edits: [(String, String)], expected: [String]) throws {
        let text = Sample.completing(ConfigurationChangeTests.before)
        var changed = text
        for (old, new) in edits {
            try #require(changed.contains(old))
            changed = changed.replacingOccurrences(of: old, with: new)
        }
        let old = try Sample.loader.load(text: text, file: "e.yaml").configuration
        let new = try Sample.loader.load(text: changed, file: "e.yaml").configuration
        #expect(ConfigurationChange.between(old, new).map(\.description) == expected)
    }
}

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
        (
            [
                ("tenants:", "events: {keep: 1h, webhooks: [HOOK]}\ntenants:"),
                ("HOOK", "{url: \"https://a.example/key\", secret: 0123456789abcdef, events: [CELL_UP, DRAIN_*]}"),
            ],
            [
                "events: keep 168h → 1h", "events: webhooks none → https://a.example/… of CELL_UP DRAIN_*",
                "events: URLs or secrets of webhooks changed",
            ]
        ),
        ([("{euw-a:", "{euw-b:")], ["cell euw-b added", "cell euw-a removed"]),
        (
            [("8443", "8445")],
            ["listener public: address 127.0.0.1:8443 → 127.0.0.1:8445"]
        ),
        (
            [("acme: {home: us-east}", "zeta: {home: us-east}")],
            ["tenants pinned: zeta", "tenants no longer pinned: acme"]
        ),
        (
            [("admin:", "state: {sqlite: p.db}\nadmin:")],
            ["state: sqlite none → \(FileManager.default.currentDirectoryPath)/p.db (needs a restart)"]
        ),
        ([("10.0.0.0/8", "10.0.0.0/9")], ["listener public: trusted ranges 10.0.0.0/8 → 10.0.0.0/9"]),
        (
            [("name: old", "name: new")],
            [
                "listener new added", "listener old removed",
            ]
        ),
        (
            [("9443\"}", "9443\", metrics: open}")],
            ["admin access: metrics without a token off → on"]
        ),
        ([("hidden", "secret")], ["route api: values of request headers added changed"]),
        (
            [("  - {name: web, match: {path_prefix: /web}}\n", "")],
            ["routes: order api, web, default → api, default", "route web removed"]
        ),
        ([("{name: web, match: {", "{name: web, match: {methods: [GET], ")], ["route web: methods none → GET"]),
        (
            [("acme: {home: us-east}", "acme: {home: eu-west}")],
            ["tenants pinned otherwise: acme (home us-east → eu-west, residency us → eu)"]
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
        (
            [("tenants: {", "tenants: {host: \"*.EXAMPLE.com\", ")],
            ["tenants: host none → *.example.com"]
        ),
        (
            [
                ("trust: {x_region", "tls: {certificates: [{certificate: /c, key: /k}]}, trust: {x_region"),
                ("key: /k}]}", "key: /k}], clients: {authorities: /ca.pem, required: true}}"),
                ("tenants: {", "tenants: {certificate: common_name, "),
            ],
            [
                "listener public: TLS off → on",
                "listener public: client authorities none → /ca.pem",
                "listener public: client certificate required off → on", "tenants: by certificate off → on",
            ]
        ),
        (
            [
                (
                    "{name: web, match: {path_prefix: /web}}",
                    "{name: web, match: {path_prefix: /web}, timeout: 9s, TIMES}"
                ),
                ("TIMES", "per_try_timeout: 2s, hedge_after: 100ms, retry_on: [reset, 503, per_try_timeout]"),
            ],
            [
                "route web: retry_on reset, 502, 503, 504, per_try_timeout → reset, 503, per_try_timeout",
                "route web: timeout 1m → 9s", "route web: per_try_timeout none → 2s",
                "route web: hedge_after none → 100ms",
            ]
        ),
        (
            [
                ("{name: web, match: {path_prefix: /web}}", "{name: web, match: {path_prefix: /web}, dataset: a, KEY}"),
                ("KEY", "idempotency_key: add"), ("tenants:", "datasets: {a: {mode: multi}}\ntenants:"),
            ],
            ["route web: dataset none → a", "route web: idempotency_key added off → on", "dataset a added"]
        ),
        (
            [
                (
                    "[\"10.1.0.1:80\"]",
                    "[\"10.1.0.1:80\"], endpoints_file: /e.txt, upstream: {adaptive_concurrency: true}"
                )
            ],
            ["cell euw-a: endpoints_file none → /e.txt", "cell euw-a: adaptive_concurrency off → on"]
        ),
        (
            [("[\"10.1.0.1:80\"]", "[\"10.1.0.1:80\"], health: {kind: grpc, service: a.B, override: down}")],
            [
                "cell euw-a: health kind http → grpc", "cell euw-a: health service none → a.B",
                "cell euw-a: health override none → down",
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

    private static func small(_ endpoints: Range<UInt32>, pins: Range<Int> = 0..<0) -> Configuration {
        var cell = Configuration.Cell()
        cell.name = "use-a"
        cell.endpoints = endpoints.map { .ip(IPAddress(v4: 0x0A00_0000 | $0), port: 80) }
        var region = Configuration.Region()
        (region.name, region.cells) = ("us-east", [cell])
        var configuration = Configuration()
        configuration.regions = [region]
        configuration.tenants.pins = pins.map { .init(tenant: "t\($0)", home: "us-east", residency: ["us"]) }
        return configuration
    }

    /// As many as a cell, and as a file of pins, may have: each against each would take minutes.
    @Test("long lists are told by what came and went", .timeLimit(.minutes(1)))
    func tellsOfMany() {
        let old = ConfigurationChangeTests.small(0..<40_000, pins: 0..<100_000)
        let new = ConfigurationChangeTests.small(39_999..<40_001, pins: 1..<100_001)
        #expect(
            ConfigurationChange.between(old, new).map(\.description) == [
                "cell use-a: endpoints added 10.0.156.64:80, removed 10.0.0.0:80, 10.0.0.1:80, 10.0.0.2:80, "
                    + "10.0.0.3:80, 10.0.0.4:80, 10.0.0.5:80, 10.0.0.6:80, 10.0.0.7:80 and 39991 more",
                "tenants pinned: t100000", "tenants no longer pinned: t0",
            ])
        var turned = ConfigurationChangeTests.small(0..<9)
        turned.regions[0].cells[0].endpoints.reverse()
        let changes = ConfigurationChange.between(ConfigurationChangeTests.small(0..<9), turned)
        #expect(changes.map(\.text) == ["cell use-a: endpoints in another order"])
    }
}

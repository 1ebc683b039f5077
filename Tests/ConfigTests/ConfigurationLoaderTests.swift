import Config
import Foundation
import Model
import Testing

/// What is read: paths, variables, whole sections.
struct ConfigurationLoaderTests {
    private func load(_ own: String, file: String = "/etc/portolan/edge.yaml") throws -> Configuration {
        try Sample.loader.load(text: Sample.completing(own), file: file).configuration
    }

    @Test func pathsAreRelativeToTheFile() throws {
        let configuration = try load(
            """
            admin: {socket: ../run/admin.sock}
            state: {sqlite: ./state.db}
            access_log: {path: /var/log/access.log}
            listeners:
              - {name: a, address: "unix:a.sock", tls: {certificates: [{certificate: a.crt, key: keys/a.key}]}}
            """)
        #expect(configuration.admin.socketPath == "/etc/portolan/../run/admin.sock")
        #expect(configuration.statePath == "/etc/portolan/state.db")
        #expect(configuration.accessLog?.path == "/var/log/access.log")
        let listener = try #require(configuration.listeners.first)
        #expect(listener.address == .unix(path: "/etc/portolan/a.sock"))
        #expect(
            listener.certificates == [
                Configuration.Certificate(
                    certificatePath: "/etc/portolan/a.crt", keyPath: "/etc/portolan/keys/a.key")
            ])
    }

    @Test func aDashIsStandardOutput() throws {
        #expect(try load("access_log: {}").accessLog == Configuration.AccessLog())
        #expect(try load("access_log: {path: \"-\", sample: 0.5}").accessLog?.path == "-")
    }

    @Test func webhooksAreReadWhole() throws {
        let plain = try load("events: {}").events
        #expect(plain == Configuration.Events() && plain.keepMilliseconds == 604_800_000)
        let events = try load(
            """
            events:
              keep: 2d
              webhooks:
                - {url: "https://hooks.example.com:8443/a?b=c", secret: "${WORD}-${WORD}-${WORD}-${WORD}"}
                - {url: "http://127.0.0.1:9000", secret: 0123456789abcdef, events: [DRAIN_*, REGION_UNFIT]}
                - {url: "http://[::1]/x", secret: 0123456789abcdef, events: ["*"]}
                - {url: "http://localhost/x", secret: 0123456789abcdef}
            """
        ).events
        #expect(events.keepMilliseconds == 172_800_000)
        #expect(
            events.webhooks == [
                .init(url: "https://hooks.example.com:8443/a?b=c", secret: "soon-soon-soon-soon", patterns: ["*"]),
                .init(
                    url: "http://127.0.0.1:9000", secret: "0123456789abcdef", patterns: ["DRAIN_*", "REGION_UNFIT"]),
                .init(url: "http://[::1]/x", secret: "0123456789abcdef", patterns: ["*"]),
                .init(url: "http://localhost/x", secret: "0123456789abcdef", patterns: ["*"]),
            ])
    }

    @Test func variablesAreReplacedInValuesOnly() throws {
        let configuration = try load(
            "listeners: [{name: public, address: \"127.0.0.1:${PORT}\"}]\nstate: {sqlite: \"/a/$${PORT}/$PORT\"}")
        #expect(configuration.listeners.first?.address == .ip(.loopback, port: 8443))
        #expect(configuration.statePath == "/a/${PORT}/$PORT")
    }

    @Test func aByteOrderMarkAndCarriageReturnsAreNothing() throws {
        let text = "\u{FEFF}" + Sample.completing("").replacingOccurrences(of: "\n", with: "\r\n")
        let loaded = try Sample.loader.load(text: text, file: "/etc/portolan/edge.yaml").configuration
        #expect(try loaded == load(""))
    }

    @Test func aRouteIsReadWhole() throws {
        let routes = try load(
            """
            datasets: {orders: {mode: multi}}
            routes:
              - name: all-keys
                match: {host: "*.Example.com", path_prefix: /o, methods: [GET, PURGE], headers: {X-A: "1", x-b: ""}}
                sticky: cookie
                on_x_region: force
                class: read
                dataset: orders
                max_lag: 5s
                strict: true
                read_local: true
                idempotent: true
                streaming: true
                retries: 0
                timeout: 5m
                panic: closed
                hash_by: {header: X-User-Id}
                headers:
                  request: {add: {X-C: d}, remove: [Cookie]}
                  response: {remove: [server]}
              - {name: default, match: {}}
            """
        ).routes
        var expected = Configuration.Route()
        expected.name = "all-keys"
        (expected.match.host, expected.match.pathPrefix) = ("*.example.com", "/o")
        expected.match.methods = ["GET", "PURGE"]
        expected.match.headers = [.init(name: "x-a", value: "1"), .init(name: "x-b", value: "")]
        (expected.sticky, expected.onXRegion, expected.routeClass) = (.cookie, .force, .read)
        (expected.dataset, expected.maxLagMilliseconds, expected.isStrict) = ("orders", 5_000, true)
        (expected.readsLocal, expected.isIdempotent, expected.isStreaming) = (true, true, true)
        (expected.retries, expected.timeoutMilliseconds, expected.panic) = (0, 300_000, .closed)
        expected.hashByHeader = "x-user-id"
        expected.requestHeaders.add = [.init(name: "x-c", value: "d")]
        expected.requestHeaders.remove = ["cookie"]
        expected.responseHeaders.remove = ["server"]
        #expect(routes.first == expected)
    }

    @Test func aDatasetIsReadWhole() throws {
        let configuration = try load(
            """
            regions:
              us-east: {jurisdiction: us, mode: standby, edge: "E.example:8443", replication: {backend: ["[::1]:1"]}}
              eu-west: {jurisdiction: eu, edge: f.example}
            datasets:
              orders:
                owner: us-east
                epoch: 7
                positions:
                  us-east: {json: "http://a/x", pointer: /a/b}
                  eu-west: {header: "https://b/y", name: X-Position}
                tiers: {fresh: 1m, near: 1h, stale: 1d}
            """)
        #expect(configuration.regions.map(\.edge) == ["e.example:8443", "f.example"])
        #expect(configuration.regions.map(\.mode) == [.standby, .active])
        #expect(configuration.regions.first?.replicationBackends == [.ip(IPAddress(high: 0, low: 1), port: 1)])
        var dataset = Configuration.Dataset()
        (dataset.name, dataset.owner, dataset.epoch) = ("orders", "us-east", 7)
        dataset.positions = [
            "us-east": .json(url: "http://a/x", pointer: "/a/b"),
            "eu-west": .header(url: "https://b/y", name: "x-position"),
        ]
        (dataset.freshMilliseconds, dataset.nearMilliseconds, dataset.staleMilliseconds) = (
            60_000, 3_600_000, 86_400_000
        )
        #expect(configuration.datasets == [dataset])
    }

    @Test func listsOfStatusesAndRanges() throws {
        let configuration = try load(
            """
            health: {expect: [200, 204-206], authority: h.example, body_contains: "ok"}
            listeners: [{name: a, address: "127.0.0.1:1", trust: {tenant: true, from: ["10.0.0.0/8", "::1"]}}]
            """)
        let health = try #require(configuration.regions.first?.cells.first).health
        #expect(health.expectedStatuses == [200...200, 204...206])
        #expect(health.bodyContains == "ok" && health.authority == "h.example")
        let trust = try #require(configuration.listeners.first).trust
        #expect(trust.tenant && !trust.xRegion)
        #expect(trust.from.map(\.description) == ["10.0.0.0/8", "::1/128"])
    }

    /// Wildcards of the two families, different ports, different addresses and port 0 do not meet.
    @Test func neighboursDoNotOverlap() throws {
        let configuration = try load(
            """
            listeners:
              - {name: a, address: "127.0.0.1:8443"}
              - {name: b, address: "127.0.0.2:8443"}
              - {name: c, address: "[::1]:8443"}
              - {name: d, address: "127.0.0.1:0"}
              - {name: e, address: "127.0.0.1:0"}
              - {name: f, address: "unix:/run/f"}
            admin: {address: "127.0.0.1:9443", socket: /run/g}
            """)
        #expect(configuration.listeners.count == 6)
    }
}

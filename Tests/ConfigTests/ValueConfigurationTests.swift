import Config
import Model
import Testing

/// What the file does not say. The numbers are promises of docs/configuration.md and docs/limits.md.
struct ValueConfigurationTests {
    /// Everything that the smallest file leaves out.
    @Test func smallestFile() throws {
        let loaded = try Sample.loader.load(text: Sample.completing(""), file: "/etc/portolan/edge.yaml")
        var expected = Configuration()
        (expected.edge.name, expected.edge.region) = ("edge-1", "us-east")
        var listener = Configuration.Listener()
        (listener.name, listener.address) = ("public", .ip(.loopback, port: 8443))
        expected.listeners = [listener]
        var cell = Configuration.Cell()
        (cell.name, cell.weightPercent, cell.endpoints) = ("use-a", 100, [.ip(.loopback, port: 7101)])
        var region = Configuration.Region()
        (region.name, region.jurisdiction, region.cells) = ("us-east", "us", [cell])
        expected.regions = [region]
        var route = Configuration.Route()
        route.name = "default"
        expected.routes = [route]
        #expect(loaded.configuration == expected)
        #expect(loaded.warnings == [])
    }

    /// The model's own defaults, as the documentation says them.
    @Test func numbers() {
        let (upstream, health) = (Configuration.Upstream(), Configuration.Health())
        #expect(upstream.protocol == .h2c)
        #expect(upstream.connectTimeoutMilliseconds == 1_000 && upstream.responseTimeoutMilliseconds == 15_000)
        #expect(health.intervalMilliseconds == 1_000 && health.timeoutMilliseconds == 1_000)
        #expect(health.fall == 3 && health.rise == 5 && health.path == "/healthz")
        #expect(Configuration.Edge().graceMilliseconds == 30_000)
        let (sessions, route) = (Configuration.Sessions(), Configuration.Route())
        #expect(sessions.idleMilliseconds == 1_800_000 && sessions.lifeMilliseconds == 86_400_000)
        #expect(route.retries == 1 && route.timeoutMilliseconds == 60_000 && route.panic == .open)
        #expect(route.onXRegion == .prefer && Configuration.AccessLog().sample == 1)
    }

    @Test("equal shares are whole percents that sum to 100", arguments: [1, 2, 3, 7, 64, 99, 100])
    func equalShares(count: Int) throws {
        let cells = (0..<count).map { "c\($0): {endpoints: [\"10.0.0.1:\(80 + $0)\"]}" }.joined(separator: ", ")
        let text = Sample.completing("regions: {us-east: {jurisdiction: us, cells: {\(cells)}}}")
        let region = try #require(try Sample.loader.load(text: text, file: "e.yaml").configuration.regions.first)
        let weights = region.cells.map(\.weightPercent)
        #expect(weights.reduce(0, +) == 100)
        #expect(weights == weights.sorted(by: >))
        #expect((weights.first ?? 0) - (weights.last ?? 0) <= 1)
    }

    /// A cell starts from the file's own upstream and health; a timeout nobody wrote gives way to a shorter interval.
    @Test func cellsInherit() throws {
        let text = Sample.completing(
            """
            upstream: {connect_timeout: 2s, max_pending: 7}
            health: {interval: 5s, timeout: 4s, fall: 2}
            regions:
              us-east:
                jurisdiction: us
                cells:
                  a: {endpoints: ["a.example:80"], upstream: {protocol: h2}, health: {interval: 500ms}}
                  b: {endpoints: ["b.example:80"]}
            """)
        let cells = try #require(try Sample.loader.load(text: text, file: "e.yaml").configuration.regions.first).cells
        #expect(cells.map(\.upstream.protocol) == [.h2, .h2c])
        #expect(cells.map(\.upstream.connectTimeoutMilliseconds) == [2_000, 2_000])
        #expect(cells.map(\.upstream.maxPending) == [7, 7])
        #expect(cells.map(\.health.intervalMilliseconds) == [500, 5_000])
        #expect(cells.map(\.health.timeoutMilliseconds) == [500, 4_000])
        #expect(cells.map(\.health.fall) == [2, 2])
    }

    @Test func aPinWithoutResidencyStaysInItsHomesJurisdiction() throws {
        let text = Sample.completing("tenants: {pins: {acme: {home: us-east}}}")
        let pins = try Sample.loader.load(text: text, file: "e.yaml").configuration.tenants.pins
        #expect(pins == [Configuration.Pin(tenant: "acme", home: "us-east", residency: ["us"])])
    }
}

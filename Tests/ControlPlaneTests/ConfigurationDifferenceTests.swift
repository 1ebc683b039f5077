import ControlPlane
import Model
import Support
import Testing

struct ConfigurationDifferenceTests {
    static let rows: [(changes: [String], restarts: [String], edit: @Sendable (inout Configuration) -> Void)] = [
        ([], [], { _ in }),
        (["edge expose_decision: false → true"], [], { $0.edge.exposesDecision = true }),
        (["region eu-west: mode: active → standby"], [], { $0.regions[1].mode = .standby }),
        (["region eu-west removed"], [], { $0.regions.removeLast() }),
        (["cell use-b removed"], [], { $0.regions[0].cells.removeLast() }),
        (
            ["cell use-a: capacity: none → 500", "cell use-a: endpoint 127.0.0.1:7102 removed"], [],
            {
                $0.regions[0].cells[0].capacity = 500
                $0.regions[0].cells[0].endpoints.removeLast()
            }
        ),
        (["cell euw-a: health settings"], [], { $0.regions[1].cells[0].health.fall = 9 }),
        (["cell use-b: endpoints_file: none → b.txt"], [], { $0.regions[0].cells[1].endpointsPath = "b.txt" }),
        (
            ["region us-east: replication upstream settings", "region us-east: replication health settings"], [],
            {
                $0.regions[0].replicationUpstream.maxPending = 1
                $0.regions[0].replicationHealth.kind = .tcp
            }
        ),
        (
            [
                "listener public client authorities: none → a.pem",
                "listener public client certificate required: false → true",
            ],
            [],
            {
                $0.listeners[0].clientAuthoritiesPath = "a.pem"
                $0.listeners[0].requiresClientCertificate = true
            }
        ),
        (
            [
                "outliers: changed", "latency: changed", "spill: changed", "drains: changed", "retries: changed",
            ], [],
            {
                ($0.outliers.isEnabled, $0.latency.windows, $0.spill.unfitPercent) = (false, 9, 9)
                ($0.drains.undrainSteps, $0.retries.minPerSecond) = ([100], 9)
            }
        ),
        (["route default: changed"], [], { $0.routes[0].retries = 0 }),
        (["events: changed"], [], { $0.events.webhooks = [.init(url: "https://a.example", secret: "s")] }),
        (["limits: changed"], [], { $0.limits.maxHeaderFields = 7 }),
        (["listener public: trust"], [], { $0.listeners[0].trust.xRegion = true }),
        ([], ["listener public tls: off → on"], { $0.listeners[0].certificates = [] }),
        (
            [], ["listeners: public → public, two"],
            { configuration in
                var two = configuration.listeners[0]
                two.name = "two"
                configuration.listeners.append(two)
            }
        ),
        ([], ["admin socket: none → a.sock"], { $0.admin.socketPath = "a.sock" }),
        ([], ["admin metrics: token → open"], { $0.admin.opensMetrics = true }),
        (
            [], ["admin tls: off → a.pem with a.key"],
            { $0.admin.certificate = .init(certificatePath: "a.pem", keyPath: "a.key") }
        ),
    ]

    @Test("each change is one line", arguments: rows.indices)
    func tells(index: Int) {
        let row = Self.rows[index]
        var configuration = Configuration.small
        row.edit(&configuration)
        let difference = ConfigurationDifference(from: .small, to: configuration)
        #expect(difference.changes == row.changes)
        #expect(difference.restarts == row.restarts)
    }

    /// As many as a cell may have: each against each would take minutes.
    @Test(.timeLimit(.minutes(1))) func tellsOfManyEndpoints() {
        var (old, new) = (Configuration.small, Configuration.small)
        func addresses(_ range: Range<UInt32>) -> [Address] {
            range.map { .ip(IPAddress(v4: 0x0A00_0000 | $0), port: 80) }
        }
        old.regions[0].cells[0].endpoints = addresses(0..<40_000)
        new.regions[0].cells[0].endpoints = addresses(20_000..<60_000)
        let changes = ConfigurationDifference(from: old, to: new).changes
        #expect(changes.count == 40_000)
        #expect(changes.first == "cell use-a: endpoint 10.0.156.64:80 added")
        #expect(changes.last == "cell use-a: endpoint 10.0.78.31:80 removed")
    }

    @Test func tellsAnotherOrderOfRoutes() {
        var (old, new) = (Configuration.small, Configuration.small)
        var second = old.routes[0]
        second.name = "second"
        old.routes = [old.routes[0], second]
        new.routes = old.routes.reversed()
        #expect(ConfigurationDifference(from: old, to: new).changes == ["routes: another order"])
    }
}

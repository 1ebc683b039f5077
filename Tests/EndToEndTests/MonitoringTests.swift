import Foundation
import Testing

/// The metrics page, the alert rules and the dashboard before Prometheus's own programs.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct MonitoringTests {
    static let folder = Programs.repository + "/monitoring"

    /// An edge with requests behind it, whose metrics are open on a TCP port.
    struct World {
        let folder = try! TemporaryFolder()
        let server: Nghttpd
        let edge: RunningEdge

        init() throws {
            try folder.write("healthz", "ok")
            try folder.write("small", byteCount: 128)
            server = try Nghttpd(serving: folder)
            var configuration = EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"])
            configuration.admin = #"{socket: admin.sock, address: "127.0.0.1:0", metrics: open}"#
            edge = try RunningEdge(configuration)
            let client = try FrameClient(edge)
            for _ in 0..<20 { #expect(try client.exchange(FrameClient.get("/small")).status == 200) }
        }
    }

    @Test func promtoolFindsNothingWrongWithThePage() throws {
        let world = try World()
        let page = try world.edge.admin("/metrics").body
        let file = try world.folder.write("metrics.txt", page)
        let checked = try Command.run("sh", ["-c", "promtool check metrics < \(file)"])
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    }

    @Test func alertRulesFireWhenTheyShould() throws {
        let tested = try Command.run("promtool", ["test", "rules", MonitoringTests.folder + "/alerts_test.yaml"])
        #expect(tested.status == 0, "\(tested.output)\(tested.errors)")
        let checked = try Command.run("promtool", ["check", "config", MonitoringTests.folder + "/prometheus.yaml"])
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    }

    @Test func theDashboardIsTheOneThatIsWritten() throws {
        let checked = try Command.run("python3", [MonitoringTests.folder + "/make_dashboard.py", "--check"])
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    }

    @Test func prometheusScrapesAndEvaluates() throws {
        let world = try World()
        let admin = try #require(world.edge.adminPort)
        let file = try world.folder.write(
            "prometheus.yaml",
            """
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: ["\(MonitoringTests.folder)/alerts.yaml"]
            scrape_configs: [{job_name: portolan, static_configs: [{targets: ["127.0.0.1:\(admin)"]}]}]
            """)
        let port = try FreePort.next()
        let prometheus = try ChildProcess(
            "prometheus",
            [
                "--config.file=\(file)", "--storage.tsdb.path=\(world.folder.file("tsdb"))",
                "--web.listen-address=127.0.0.1:\(port)",
            ], name: "prometheus", in: world.folder)
        try FreePort.waitUntilOpen(port, prometheus)
        func value(_ query: String) throws -> String? {
            let address = "http://127.0.0.1:\(port)/api/v1/query"
            let answer = try Curl.run(["-G", address, "--data-urlencode", "query=\(query)"]).body
            return answer.firstMatch(of: /"value":\[[0-9.]+,"([^"]+)"\]/).map { String($0.1) }
        }
        try Patience.wait(for: "a scrape", within: 20) { try value("portolan_requests_total") == "20" }
        #expect(try value("up{job=\"portolan\"}") == "1")
        #expect(try value("sum(portolan_request_duration_seconds_count)") == "20")
        #expect(try value("count({__name__=~\"portolan_.*\"})").flatMap { Int($0) } ?? 0 > 60)
        #expect(try value("count(ALERTS)") == nil, "nothing is wrong with it")
        withExtendedLifetime(prometheus) {}
    }
}

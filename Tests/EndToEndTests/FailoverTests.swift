import Foundation
import Testing

/// Endpoints that die, fall silent and come back, under load.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct FailoverTests {
    /// Limits of routing.md, plus a quarter for a busy machine.
    static let refusedSeconds = 1.6 * 1.25
    static let silentSeconds = 2.6 * 1.25

    /// Two of nghttpd behind an edge.
    struct Pair {
        let folder: TemporaryFolder
        var servers: [Nghttpd]
        let edge: RunningEdge

        init(health: [String] = []) throws {
            folder = try TemporaryFolder()
            try folder.write("healthz", "ok")
            try folder.write("small", byteCount: 128)
            servers = [try Nghttpd(serving: folder), try Nghttpd(serving: folder)]
            edge = try RunningEdge(
                EdgeConfiguration(health: health).with(endpoints: servers.map { "127.0.0.1:\($0.port)" }))
        }

        /// The word that `/v1/cells` has for the endpoint.
        func health(of index: Int) throws -> String {
            let cells = try edge.admin("/v1/cells").body
            guard let object = try JSONSerialization.jsonObject(with: Data(cells.utf8)) as? [String: Any],
                let all = object["cells"] as? [[String: Any]], let endpoints = all[0]["endpoints"] as? [[String: Any]]
            else { throw HarnessError("not what /v1/cells should be: \(cells)") }
            let address = "127.0.0.1:\(servers[index].port)"
            return endpoints.first { $0["address"] as? String == address }?["health"] as? String ?? "?"
        }
    }

    @Test func aKilledEndpointLosesNoRequest() throws {
        let pair = try Pair()
        let folder = try TemporaryFolder()
        let load = try RunningLoad(
            pair.edge, "/small", ["-D", "6", "-c", "5", "-m", "10", "--rps", "100"], in: folder)
        Patience.rest(2)
        pair.servers[0].process.kill()
        let report = try load.report()
        #expect(report.succeeded >= 2_500, "\(report.text)")
        #expect(report.failed == 0 && report.statuses[500] == 0 && report.statuses[400] == 0, "\(report.text)")
        #expect(try pair.health(of: 0) == "down")
    }

    @Test func anEndpointThatRefusesIsOutOfRotationSoon() throws {
        let pair = try Pair()
        try Patience.wait(for: "health") { try pair.health(of: 0) == "up" }
        pair.servers[0].process.kill()
        let seconds = try Patience.seconds {
            try Patience.wait(for: "the endpoint to be down", within: 10) { try pair.health(of: 0) == "down" }
        }
        #expect(seconds <= FailoverTests.refusedSeconds)
    }

    /// A stopped process keeps its port: connections are made, and nothing is ever said.
    @Test func anEndpointThatFallsSilentIsOutOfRotationSoonAndComesBack() throws {
        let pair = try Pair(health: ["rise: 2", "interval: 500ms"])
        try Patience.wait(for: "health") { try pair.health(of: 0) == "up" }
        pair.servers[0].process.signal(SIGSTOP)
        let seconds = try Patience.seconds {
            try Patience.wait(for: "the endpoint to be down", within: 10) { try pair.health(of: 0) == "down" }
        }
        #expect(seconds <= FailoverTests.silentSeconds)
        pair.servers[0].process.signal(SIGCONT)
        try Patience.wait(for: "the endpoint to be back", within: 10) { try pair.health(of: 0) == "up" }
    }

    @Test func safeRequestsAtASilentEndpointAreRescued() throws {
        let pair = try Pair()
        let folder = try TemporaryFolder()
        let load = try RunningLoad(
            pair.edge, "/small", ["-D", "7", "-c", "4", "-m", "50", "--rps", "50"], in: folder)
        Patience.rest(1.5)
        pair.servers[0].process.signal(SIGSTOP)
        let report = try load.report()
        #expect(report.failed == 0 && report.statuses[500] == 0, "\(report.text)")
        // The longest waited until the detector knew, and a little for its turn.
        #expect(Double(report.microseconds.last ?? 0) / 1e6 <= FailoverTests.silentSeconds + 0.5)
    }

    @Test func anEndpointThatComesBackServesAgain() throws {
        var pair = try Pair(health: ["rise: 2", "interval: 300ms"])
        let port = pair.servers[1].port
        pair.servers[1].process.kill()
        try Patience.wait(for: "the endpoint to be down") { try pair.health(of: 1) == "down" }
        pair.servers[1] = try Nghttpd(serving: pair.folder, port: port)
        try Patience.wait(for: "the endpoint to be up", within: 10) { try pair.health(of: 1) == "up" }
        let report = try LoadReport.run(pair.edge, "/small", ["-n", "500", "-c", "5", "-m", "10"])
        #expect(report.statuses[200] == 500)
    }

    @Test func readinessWaitsForTheFirstProbes() throws {
        let backend = try ScriptedBackend(HeaderTests.plain)
        defer { backend.stop() }
        backend.answerProbes(with: 500)
        let configuration = EdgeConfiguration().with(endpoints: [backend.address])
        let edge = try RunningEdge(configuration, waitsForReady: false)
        // The first result decides, and a bad one is a result.
        let seconds = try Patience.seconds { try edge.waitUntilReady() }
        #expect(seconds < 1.5)
        let answer = try Curl.get(edge, "/", .plain, ["--data", "x"])
        #expect(answer.status == 503)
    }
}

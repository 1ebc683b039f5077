import Foundation
import Testing

/// Clients that stay where they are (routing.md, Weights, drains, sessions).
@Suite(.serialized, .timeLimit(.minutes(2)))
struct SessionTests {
    static let cells = ["use-a", "use-b"]

    /// Two cells of one endpoint each, which answers with the cell's name.
    final class World {
        var backends: [ScriptedBackend]
        let state: TemporaryFolder
        var configuration = EdgeConfiguration()
        private(set) var edge: RunningEdge

        init(route: String, workers: Int = 1) throws {
            state = try TemporaryFolder()
            backends = try SessionTests.cells.map { cell in try ScriptedBackend { try $0.respond(200, body: cell) } }
            configuration.certificates = [try TestCertificates.shared.get().localhost]
            configuration.defaultRoute = "{name: sticky, match: {}, \(route)}"
            configuration.health = ["rise: 2", "interval: 250ms"]
            configuration.sections = ["state: {sqlite: \(state.file("portolan.db"))}"]
            edge = try RunningEdge(configuration.with(regions: World.regions(backends, [50, 50])), workers: workers)
            try waitUntilAllServe()
        }

        deinit { stop() }

        func stop() {
            edge.process.kill()
            for backend in backends { backend.stop() }
        }

        static func regions(_ backends: [ScriptedBackend], _ weights: [Int]) -> [EdgeConfiguration.Region] {
            let cells = zip(SessionTests.cells, zip(backends, weights)).map { name, part in
                EdgeConfiguration.Cell(name: name, endpoints: [part.0.address], settings: ["weight: \(part.1)"])
            }
            return [.init(name: "us-east", cells: cells)]
        }

        func waitUntilAllServe() throws {
            try Patience.wait(for: "both cells") {
                let body = try edge.admin("/v1/cells").body
                return body.components(separatedBy: "\"healthy\"").count == 3
            }
        }

        func setWeights(_ weights: [Int]) throws {
            let applied = { self.edge.process.errors.components(separatedBy: "CONFIG_APPLIED").count }
            let before = applied()
            try edge.reload(configuration.with(regions: World.regions(backends, weights)))
            try Patience.wait(for: "the configuration") { applied() > before }
        }

        /// Another process over the same state; its cells have other ids, since the file names them in another order.
        func restart() throws {
            #expect(try edge.stop() == 0)
            var regions = World.regions(backends, [50, 50])
            regions[0].cells.reverse()
            edge = try RunningEdge(configuration.with(regions: regions))
            try waitUntilAllServe()
        }

        /// The cell that serves each producer.
        func ask(_ producers: [String]) throws -> [String] {
            let client = try FrameClient(edge)
            return try producers.map { try client.exchange(FrameClient.get("/", ["x-producer-id": $0])).text }
        }
    }

    static let producers = (0..<20).map { "producer-\($0)" }

    @Test func aProducerStaysOnItsCellWhateverTheWeights() throws {
        let world = try World(route: "sticky: producer", workers: 2)
        let first = try world.ask(SessionTests.producers)
        #expect(Set(first) == Set(SessionTests.cells))
        for _ in 0..<50 { #expect(try world.ask(SessionTests.producers) == first) }
        try world.setWeights([1, 99])
        for _ in 0..<10 { #expect(try world.ask(SessionTests.producers) == first) }
        let totals = try world.edge.admin("/v1/status").body
        #expect(totals.contains("\"sessions_new\":20") || totals.contains("\"sessions_new\" : 20"), "\(totals)")
        world.stop()
    }

    @Test func aDeadCellLosesItsProducersOnceAndForGood() throws {
        let world = try World(route: "sticky: producer")
        let first = try world.ask(SessionTests.producers)
        let port = world.backends[0].port
        world.backends[0].stop()
        // No request fails meanwhile, and all end up on the other cell.
        try Patience.wait(for: "the move") {
            let now = try world.ask(SessionTests.producers)
            #expect(now.allSatisfy { SessionTests.cells.contains($0) })
            return try world.edge.admin("/v1/cells").body.contains("\"unhealthy\"")
        }
        #expect(try world.ask(SessionTests.producers).allSatisfy { $0 == "use-b" })
        let leaving = first.count { $0 == "use-a" }
        try Patience.wait(for: "the event") {
            world.edge.process.errors.contains(/SESSIONS_MIGRATED.*sessions? moved to use-b: use-a cannot serve them/)
        }
        world.backends[0] = try ScriptedBackend(port: port) { try $0.respond(200, body: "use-a") }
        try world.waitUntilAllServe()
        for _ in 0..<5 { #expect(try world.ask(SessionTests.producers).allSatisfy { $0 == "use-b" }) }
        let metrics = try world.edge.admin("/metrics").body
        #expect(metrics.contains("portolan_sessions_moved_by_health_total \(leaving)\n"))
        world.stop()
    }

    @Test func producersAndTokensSurviveARestart() throws {
        let world = try World(route: "sticky: producer")
        let first = try world.ask(SessionTests.producers)
        for name in ["portolan.db", "portolan.db-wal"] {
            let mode = try FileManager.default.attributesOfItem(atPath: world.state.file(name))
            #expect(mode[.posixPermissions] as? Int == 0o600, "\(name) has the keys")
        }
        try world.restart()
        #expect(world.edge.process.errors.contains("20 sessions are held as before the restart"))
        #expect(try world.ask(SessionTests.producers) == first)
        world.stop()
    }

    @Test func aTokenKeepsItsClientOnItsCell() throws {
        let world = try World(route: "sticky: token")
        for _ in 0..<4 {
            let first = try Curl.get(world.edge, "/")
            let token = try #require(first.fields["x-portolan-session"])
            for _ in 0..<5 {
                let next = try Curl.get(world.edge, "/", .plain, ["--header", "x-portolan-session: \(token)"])
                #expect(next.body == first.body && !next.fields.has("x-portolan-session"))
                #expect(next.fields["x-portolan-reason"] == "sticky")
            }
        }
        let token = try #require(try Curl.get(world.edge, "/").fields["x-portolan-session"])
        let forged = ["--header", "x-portolan-session: B\(token.dropFirst())"]
        #expect(try Curl.get(world.edge, "/", .plain, forged).fields.has("x-portolan-session"), "replaced")
        #expect(world.backends.allSatisfy { $0.requests.allSatisfy { !$0.has("x-portolan-session") } })
        #expect(try world.edge.admin("/metrics").body.contains("portolan_session_tokens_forged_total 1\n"))
        // Signed with a key of the state, for cells by their names: good in the next process too.
        let cell = try Curl.get(world.edge, "/", .plain, ["--header", "x-portolan-session: \(token)"]).body
        try world.restart()
        for _ in 0..<4 {
            let next = try Curl.get(world.edge, "/", .plain, ["--header", "x-portolan-session: \(token)"])
            #expect(next.body == cell && next.fields["x-portolan-reason"] == "sticky")
        }
        world.stop()
    }

    @Test func aCookieKeepsABrowserOnItsCell() throws {
        let world = try World(route: "sticky: cookie")
        let folder = try TemporaryFolder()
        for browser in 0..<4 {
            let jar = folder.file("jar-\(browser)")
            let options = ["--cookie", jar, "--cookie-jar", jar]
            let first = try Curl.get(world.edge, "/", .secure, options)
            let cookie = try #require(first.fields["set-cookie"])
            #expect(cookie.hasPrefix("__Host-portolan="))
            #expect(cookie.hasSuffix("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=1800"))
            for _ in 0..<4 {
                let next = try Curl.get(world.edge, "/", .secure, options)
                #expect(next.body == first.body && !next.fields.has("set-cookie"))
            }
        }
        let value = try #require(
            try Curl.get(world.edge, "/", .secure).fields["set-cookie"]?.split(separator: ";").first)
        _ = try Curl.get(world.edge, "/", .secure, ["--header", "cookie: a=1; \(value); b=2"])
        let requests = world.backends.flatMap(\.requests)
        #expect(requests.compactMap { $0["cookie"] } == ["a=1; b=2"])
        world.stop()
    }
}

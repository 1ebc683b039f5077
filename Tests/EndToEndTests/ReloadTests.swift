import Foundation
import Testing

/// Listeners and workers that come and go under traffic (decision 0017).
@Suite(.serialized, .timeLimit(.minutes(5)))
struct ReloadTests {
    /// An edge whose configuration says how many workers it has.
    final class World {
        let backend: ScriptedBackend
        let edge: RunningEdge
        var configuration: EdgeConfiguration

        init(workers: Int, _ serve: @escaping ScriptedBackend.Serve) throws {
            backend = try ScriptedBackend(serve)
            configuration = EdgeConfiguration().with(endpoints: [backend.address])
            configuration.workers = workers
            edge = try RunningEdge(configuration, workers: nil)
        }

        deinit {
            edge.process.kill()
            backend.stop()
        }

        func reload(isRefused: Bool = false, _ change: (inout EdgeConfiguration) -> Void) throws {
            change(&configuration)
            try edge.reload(configuration, isRefused: isRefused)
        }

        func threadCount() -> Int { edge.threads.count { $0.hasPrefix("worker-") } }

        func waitForThreads(_ count: Int) throws {
            try Patience.wait(for: "\(count) workers", within: 15) { threadCount() == count }
        }

        /// `acknowledged_generations` and the sums of `/v1/status`.
        func status() throws -> (workers: Int, requests: Int, accepted: Int) {
            let body = try edge.admin("/v1/status").body
            let status = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
            let totals = status?["totals"] as? [String: Int]
            guard let acknowledged = status?["acknowledged_generations"] as? [Any], let totals else {
                throw HarnessError("an odd status: \(body)")
            }
            return (acknowledged.count, totals["requests"] ?? -1, totals["connections_accepted"] ?? -1)
        }
    }

    /// A client that stays as long as it may: requests one after another, a new connection once told to go.
    private final class Regular: @unchecked Sendable {
        private let port: UInt16
        private let lock = NSLock()
        private var isEnding = false
        private let done = DispatchSemaphore(value: 0)
        private(set) var served = 0
        private(set) var failures: [String] = []

        init(port: UInt16) {
            self.port = port
            Thread.detachNewThread { self.run() }
        }

        private func run() {
            while !lock.withLock({ isEnding }) {
                do {
                    let client = try FrameClient(port: port)
                    while client.goaways.isEmpty, !client.isClosed, !lock.withLock({ isEnding }) {
                        let answer = try client.exchange(FrameClient.get("/regular"), within: 10)
                        if answer.status == 200 { served += 1 } else { failures.append("status \(answer.status)") }
                    }
                } catch { failures.append("\(error)") }
            }
            done.signal()
        }

        func stop() {
            lock.withLock { isEnding = true }
            done.wait()
        }
    }

    private static let plain: ScriptedBackend.Serve = { try $0.respond(200, body: "ok") }

    @Test("no request fails and no connection is refused while workers and listeners come, move and go")
    func losesNothing() throws {
        let world = try World(workers: 2, ReloadTests.plain)
        let folders = (try TemporaryFolder(), try TemporaryFolder())
        let regulars = (0..<8).map { _ in Regular(port: world.edge.port(.plain)) }
        // Each request on a connection of its own, so many connections a second.
        let plain = try RunningLoad(world.edge, "/", ["-n2400", "-c2400", "-r240", "-m1"], in: folders.0)
        let secure = try RunningLoad(world.edge, "/", ["-n700", "-c700", "-r70", "-m1"], .secure, in: folders.1)
        var (requests, rounds) = (0, 0)
        func expectGrowing() throws {
            let now = try world.status().requests
            #expect(now >= requests)
            requests = now
        }
        while plain.isRunning || secure.isRunning {
            for workers in [4, 1, 3, 2] {
                try world.reload { $0.workers = workers }
                try expectGrowing()
                Patience.rest(0.15)
            }
            try ReloadTests.moveListener(of: world)
            try expectGrowing()
            rounds += 1
        }
        for report in [try plain.report(), try secure.report()] {
            #expect(report.failed == 0, "\(report.text)")
            #expect(report.succeeded == (report.succeeded > 700 ? 2_400 : 700), "\(report.text)")
        }
        for regular in regulars {
            regular.stop()
            #expect(regular.failures.isEmpty)
        }
        let served = regulars.reduce(3_100) { $0 + $1.served }
        try world.waitForThreads(2)
        let status = try world.status()
        #expect(status.workers == 2)
        #expect(status.requests >= served, "what workers that ended counted is lost")
        #expect(rounds > 1)
    }

    /// A listener comes, moves and goes; its clients are served as long as it is there.
    private static func moveListener(of world: World) throws {
        let ports = [try FreePort.next(), try FreePort.next()]
        for port in ports {
            try world.reload { $0.listeners = ["{name: second, address: \"127.0.0.1:\(port)\"}"] }
            for _ in 0..<20 {
                let client = try FrameClient(port: port)
                #expect(try client.exchange(FrameClient.get("/second")).status == 200)
            }
        }
        #expect((try? FrameSocket(port: ports[0])) == nil, "it has moved")
        try world.reload { $0.listeners = [] }
        try Patience.wait(for: "the port to close") { (try? FrameSocket(port: ports[1])) == nil }
    }

    @Test("threads are as many as the configuration says, and so are acknowledged generations")
    func countsWorkers() throws {
        let world = try World(workers: 2, ReloadTests.plain)
        try world.waitForThreads(2)
        for workers in [4, 1, 3, 3, 2] {
            try world.reload { $0.workers = workers }
            try world.waitForThreads(workers)
            try Patience.wait(for: "the status") { try world.status().workers == workers }
            for _ in 0..<8 {
                #expect(try Curl.get(world.edge, "/").status == 200)
                #expect(try Curl.get(world.edge, "/", .secure).status == 200)
            }
        }
        #expect(try world.status().requests >= 80)
        /// Lines of requests; the log tells of snapshots, too.
        func lines() -> [Substring] {
            world.edge.folder.read("access.log").split(separator: "\n").filter { $0.contains("\"request_id\"") }
        }
        try Patience.wait(for: "the lines of workers that ended") { lines().count == 80 }
        #expect(lines().allSatisfy { $0.contains("\"listener\":\"plain\"") || $0.contains("\"listener\":\"secure\"") })
        #expect(try world.edge.stop() == 0)
    }

    @Test("streams of a worker that leaves end as if it stayed, and then its thread does")
    func streamsFinish() throws {
        let go = Inbox<Bool>()
        let world = try World(workers: 3) { stream in
            stream.respond(200, end: false)
            try stream.send(Array("begun ".utf8))
            _ = try go.take()
            try stream.send(Array("and done".utf8), end: true)
        }
        let clients = try (0..<24).map { _ in try FrameClient(world.edge) }
        let streams = clients.map { $0.open(FrameClient.get("/")) }
        for (client, stream) in zip(clients, streams) { _ = try client.head(of: stream) }
        let before = try world.status().requests
        try world.reload { $0.workers = 1 }
        // A PING is answered after what the leaving worker said.
        for client in clients { try client.roundTrip() }
        let told = clients.filter { !$0.goaways.isEmpty }.count
        #expect((1..<24).contains(told), "\(told) were told to go")
        #expect(world.threadCount() == 3, "those that leave have streams")
        for _ in clients { go.put(true) }
        for (client, stream) in zip(clients, streams) {
            let answer = try client.answer(to: stream)
            #expect(answer.text == "begun and done" && answer.reset == nil)
        }
        try world.waitForThreads(1)
        #expect(try world.status().requests >= before)
    }

    @Test("connections of a listener that moved, or that speaks otherwise now, are told to go and finish")
    func listenersChange() throws {
        let go = Inbox<Bool>()
        let world = try World(workers: 2) { stream in
            if stream.fields[":path"] == "/wait" { _ = try go.take() }
            try stream.respond(200, body: "ok")
        }
        let ports = [try FreePort.next(), try FreePort.next()]
        let pair = try TestCertificates.shared.get().localhost
        let tls = "tls: {certificates: [{certificate: \(pair.certificate), key: \(pair.key)}]}"
        let stages = [
            "{name: second, address: \"127.0.0.1:\(ports[0])\"}", "{name: second, address: \"127.0.0.1:\(ports[1])\"}",
            "{name: second, address: \"127.0.0.1:\(ports[1])\", \(tls)}", nil,
        ]
        try world.reload { $0.listeners = stages[0].map { [$0] } ?? [] }
        for stage in 1...2 {
            let client = try FrameClient(port: ports[stage - 1])
            let stream = client.open(FrameClient.get("/wait"))
            try client.roundTrip()
            let bystander = try FrameClient(world.edge)
            _ = try bystander.exchange(FrameClient.get("/"))
            try world.reload { $0.listeners = stages[stage].map { [$0] } ?? [] }
            try client.wait(for: "GOAWAY") { !client.goaways.isEmpty }
            go.put(true)
            #expect(try client.answer(to: stream).text == "ok")
            try client.waitForClose()
            #expect(try bystander.exchange(FrameClient.get("/")).status == 200 && bystander.goaways.isEmpty)
        }
        let authority = try TestCertificates.shared.get().authority
        let secure = try Curl.run(["--http2", "--cacert", authority, "https://localhost:\(ports[1])/"])
        #expect(secure.status == 200)
        try world.reload { $0.listeners = [] }
        try Patience.wait(for: "the port to close") { (try? FrameSocket(port: ports[1])) == nil }
    }

    @Test("a Unix listener's path stays while workers change, and goes with the listener")
    func unixListener() throws {
        let world = try World(workers: 2, ReloadTests.plain)
        let path = world.edge.folder.file("edge.sock")
        try world.reload { $0.listeners = ["{name: local, address: \"unix:\(path)\"}"] }
        for workers in [4, 1, 3] {
            try world.reload { $0.workers = workers }
            for _ in 0..<6 {
                let answer = try Curl.run(["--http2-prior-knowledge", "--unix-socket", path, "http://localhost/"])
                #expect(answer.status == 200)
            }
        }
        try world.reload { $0.listeners = [] }
        try Patience.wait(for: "the file to go") { access(path, F_OK) != 0 }
    }

    @Test("a listener that cannot be bound refuses the reload whole")
    func refusesWhole() throws {
        let world = try World(workers: 2, ReloadTests.plain)
        let taken = try ScriptedBackend(ReloadTests.plain)
        defer { taken.stop() }
        try world.reload(isRefused: true) {
            ($0.workers, $0.exposesDecision) = (4, false)
            $0.listeners = ["{name: second, address: \"127.0.0.1:\(taken.port)\"}"]
        }
        let reason = "listener second: cannot listen on 127.0.0.1:\(taken.port): bind: Address already in use (98)"
        #expect(world.edge.process.errors.contains("\(reason): another process holds the address: ss -lntp names it"))
        #expect(world.threadCount() == 2)
        #expect(try Curl.get(world.edge, "/").fields.has("x-portolan-region"))
        try world.reload {
            $0.listeners = []
            $0.workers = 1
        }
        try world.waitForThreads(1)
        #expect(try Curl.get(world.edge, "/").fields.has("x-portolan-region") == false)
    }

    @Test("a certificate that the admin API cannot take is told to whoever asks for the reload; the old one stays")
    func adminCertificate() throws {
        let (folder, pair) = (try TemporaryFolder(), try TestCertificates.shared.get().localhost)
        let files = try ["certificate": pair.certificate, "key": pair.key].map { name, path in
            let text = try String(contentsOfFile: path, encoding: .utf8)
            let copy = try folder.write(name, text)
            chmod(copy, 0o600)
            return "\(name): \(copy)"
        }
        let backend = try ScriptedBackend(ReloadTests.plain)
        defer { backend.stop() }
        var configuration = EdgeConfiguration().with(endpoints: [backend.address])
        let tls = "tls: {\(files.joined(separator: ", "))}"
        configuration.admin = "{socket: admin.sock, address: \"127.0.0.1:0\", \(tls)}"
        let edge = try RunningEdge(configuration)
        defer { edge.process.kill() }
        func reload() throws -> [String] {
            let socket = edge.folder.file("admin.sock")
            let answer = try Curl.run(["-X", "POST", "--unix-socket", socket, "http://localhost/v1/config"])
            let body = try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any]
            #expect(answer.status == 200)
            return try #require(body?["warnings"] as? [String])
        }
        #expect(try reload() == [])
        try folder.write("certificate", "no certificate")
        let warning = try #require(try reload().first)
        #expect(warning.hasPrefix("the admin API keeps its certificate and client_authorities: admin.tls: cannot read"))
        let authority = try TestCertificates.shared.get().authority
        let port = try #require(edge.adminPort)
        #expect(try Curl.run(["--cacert", authority, "https://localhost:\(port)/healthz"]).status == 200)
    }
}

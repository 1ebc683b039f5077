import Foundation
import Glibc
import Testing

/// The process log goes to standard error, and whoever reads that may stand still.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct ProcessLogTests {
    @Test("an edge whose log nobody reads changes, answers and ends as usual")
    func nobodyReads() throws {
        let folder = try TemporaryFolder()
        // Where the program's standard error goes.
        let log = folder.file("edge.err")
        try #require(mkfifo(log, 0o600) == 0)
        let reader = open(log, O_RDONLY | O_NONBLOCK)
        defer { close(reader) }
        // F_SETPIPE_SZ (fcntl(2)): the least that a pipe can be is full after a few lines.
        try #require(fcntl(reader, 1_031, 4_096) == 4_096)
        let backend = try ScriptedBackend { try $0.respond(200, body: "ok") }
        defer { backend.stop() }
        var configuration = EdgeConfiguration().with(endpoints: [backend.address])
        configuration.certificates = [try TestCertificates.shared.get().localhost]
        let file = try folder.write("edge.yaml", configuration.yaml)
        let edge = try ChildProcess(Programs.portolan, ["serve", "--config", file], name: "edge", in: folder)
        defer { edge.kill() }
        func ask(_ path: String, _ options: String...) throws -> Curl {
            let socket = ["--unix-socket", folder.file("admin.sock"), "http://localhost\(path)"]
            return try Curl.run(options + socket, within: 10)
        }
        try Patience.wait(for: "/readyz", within: 20) { (try? ask("/readyz").status) == 200 }
        for round in 0..<40 {
            configuration.grace = "\(1 + round % 2)s"
            try folder.write("edge.yaml", configuration.yaml)
            try #require(try ask("/v1/config", "-X", "POST").status == 200, "round \(round)")
        }
        #expect(try ask("/metrics").body.contains("portolan_log_lines_lost_total 0"), "they wait")
        edge.signal(SIGTERM)
        #expect(try edge.wait(within: 15) == 0)
    }
}

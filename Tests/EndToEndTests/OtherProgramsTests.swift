import Foundation
import Testing

/// Clients and servers that other people wrote.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct OtherProgramsTests {
    /// grpcio resets whatever is no gRPC call, probes too: HAProxy stands before it and answers those.
    @Test func gRPCCallsOfEveryKindPass() throws {
        let folder = try TemporaryFolder()
        let server = try ChildProcess(
            Programs.python, [Programs.scripts + "/grpc_server.py"], name: "grpc-server", in: folder)
        try Patience.wait(for: "the gRPC server", within: 20) {
            if let status = server.exitStatus { throw HarnessError("it ended with \(status): \(server.errors)") }
            return server.output.hasSuffix("\n")
        }
        let port = server.output.trimmingCharacters(in: .whitespacesAndNewlines)
        let gateway = try HAProxy(rules: [], server: "127.0.0.1:\(port)")
        let edge = try RunningEdge(EdgeConfiguration().with(endpoints: ["127.0.0.1:\(gateway.port)"]))
        let authority = try TestCertificates.shared.get().authority
        let client = try Command.run(
            Programs.python, [Programs.scripts + "/grpc_client.py", "\(edge.port(.secure))", authority], within: 60)
        let lines = client.output.split(separator: "\n")
        #expect(client.status == 0, "\(client.errors)")
        #expect(lines.count == 11)
        #expect(lines.filter { !$0.hasPrefix("held: ") }.isEmpty)
    }

    @Test func filesOfNghttpdArriveWhole() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        let sizes = [0, 1, 16_384, 65_535, 65_536, 1_000_000, 20_000_000]
        for size in sizes { try folder.write("\(size)", byteCount: size) }
        let server = try Nghttpd(serving: folder)
        let edge = try RunningEdge(EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"]))
        let copy = folder.file("copy")
        for size in sizes {
            let answer = try Curl.get(edge, "/\(size)", .secure, ["--output", copy])
            #expect(answer.exit == 0 && answer.status == 200 && answer.downloaded == size)
            let same = try Command.run("cmp", [folder.file("\(size)"), copy])
            #expect(same.status == 0, "\(size) octets")
        }
    }

    @Test func h2loadCountsNoFailure() throws {
        let folder = try TemporaryFolder()
        try folder.write("healthz", "ok")
        try folder.write("small", byteCount: 128)
        try folder.write("large", byteCount: 300_000)
        let server = try Nghttpd(serving: folder)
        let edge = try RunningEdge(EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"]), workers: 2)
        let upload = ["-d", folder.file("large")]
        for (path, options) in [
            ("/small", ["-n", "5000", "-c", "20", "-m", "30"]), ("/large", ["-n", "300", "-c", "5", "-m", "10"]),
            ("/small", ["-n", "100", "-c", "5", "-m", "5"] + upload),
            ("/small", ["-n", "200", "-c", "200", "-m", "1"]),
        ] {
            for listener in [RunningEdge.Listener.plain, .secure] {
                let report = try LoadReport.run(edge, path, options, listener)
                #expect(report.failed == 0 && report.succeeded == report.statuses[200], "\(report.text)")
            }
        }
    }

    /// HAProxy closes idle connections, counts frames its own way, and refuses what it finds odd.
    @Test func hAProxyAsAnEndpoint() throws {
        let server = try HAProxy(rules: [
            "http-request return status 200 content-type text/plain lf-string \"%[req.hdr(via)] %[path]\""
        ])
        let edge = try RunningEdge(EdgeConfiguration().with(endpoints: ["127.0.0.1:\(server.port)"]))
        let answer = try Curl.get(edge, "/hello", .secure)
        #expect(answer.status == 200 && answer.body == "2.0 edge-1 (portolan) /hello")
        let report = try LoadReport.run(edge, "/x", ["-n", "3000", "-c", "10", "-m", "20"])
        #expect(report.failed == 0 && report.statuses[200] == 3_000, "\(report.text)")
    }
}

import Foundation
import Testing

/// The admin API on an address, as clients of the network meet it: TLS, certificates, tokens that are none.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct AdminAPITests {
    /// An edge whose admin API listens with TLS, and asks clients for certificates.
    static func serve(
        sections: [String] = [], _ test: (RunningEdge, UInt16, TemporaryFolder) throws -> Void
    ) throws {
        let certificates = try TestCertificates.shared.get()
        let folder = try TemporaryFolder()
        let pair = certificates.localhost
        let tls = "certificate: \(pair.certificate), key: \(pair.key), client_authorities: \(certificates.authority)"
        let clients = [("watch.portolan.test", "viewer"), ("spiffe://portolan/ops", "operator"), ("root", "admin")]
        let roles = clients.map { "{name: \"\($0)\", role: \($1)}" }.joined(separator: ", ")
        var configuration = EdgeConfiguration()
        configuration.sections = sections
        configuration.admin = "{socket: admin.sock, address: \"127.0.0.1:0\", tls: {\(tls)}, clients: [\(roles)]}"
        try Stage.open(configuration, serve: HostileClientTests.ok) { stage in
            let match = stage.edge.process.errors.firstMatch(of: /admin API on https:\/\/127\.0\.0\.1:(\d+)/)
            let port = try #require(match.flatMap { UInt16($0.1) })
            try test(stage.edge, port, folder)
        }
    }

    @Test("versions, ciphers and protocol are those of the listeners and no others")
    func encryption() throws {
        let rows: [([String], String?)] = [
            (["-tls1_2"], "TLSv1.2"), (["-tls1_3"], "TLSv1.3"), (["-tls1_1"], nil),
            (["-tls1_2", "-cipher", "AES128-GCM-SHA256"], nil),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], nil),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"], "TLSv1.2"),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"], "ECDHE-ECDSA-AES256-GCM-SHA384"),
            // The edge's order counts, not the client's.
            (
                ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256"],
                "Cipher is ECDHE-ECDSA-AES128-GCM-SHA256"
            ),
        ]
        try AdminAPITests.serve { _, port, _ in
            for (options, expected) in rows {
                let command = try Command.run(
                    "openssl",
                    ["s_client", "-connect", "127.0.0.1:\(port)", "-alpn", "h2,http/1.1", "-CAfile"]
                        + [try TestCertificates.shared.get().authority] + options,
                    within: 10)
                let said = command.output + command.errors
                guard let expected else {
                    #expect(said.contains("Cipher is (NONE)"), "\(options)")
                    continue
                }
                #expect(said.contains("Verify return code: 0 (ok)") && said.contains(expected), "\(options)")
                #expect(said.contains("ALPN protocol: http/1.1"), "\(options)")
            }
        }
    }

    @Test("who comes with a certificate has the role of its name; who comes with nothing has none")
    func callers() throws {
        try AdminAPITests.serve { edge, port, folder in
            let certificates = try TestCertificates.shared.get()
            func ask(_ pair: TestCertificates.Pair?, _ path: String, _ options: [String] = []) throws -> Curl {
                let identity = pair.map { ["--cert", $0.certificate, "--key", $0.key] } ?? []
                let url = "https://localhost:\(port)\(path)"
                return try Curl.run(["--cacert", certificates.authority] + identity + options + [url])
            }
            let weight = ["-X", "PUT", "--json", "{\"percent\": 100, \"reason\": \"test\"}"]
            let (path, tokens) = ("/v1/cells/use-a/weight", "/v1/tokens")
            let rows: [(String, String, reads: Int, writes: Int, lists: Int)] = [
                ("stranger", "DNS:other.portolan.test", 401, 401, 401),
                ("watcher", "DNS:Watch.portolan.test", 200, 403, 403),
                ("ops", "URI:spiffe://portolan/ops", 200, 200, 403), ("root", "DNS:any.portolan.test", 200, 200, 200),
            ]
            for row in rows {
                let pair = try certificates.issue(row.0, [row.1], in: folder)
                #expect(try ask(pair, "/v1/status").status == row.reads, "\(row)")
                #expect(try ask(pair, path, weight).status == row.writes, "\(row)")
                #expect(try ask(pair, tokens).status == row.lists, "\(row)")
            }
            #expect(try ask(nil, "/healthz").status == 200)
            let refused = try ask(nil, "/v1/status")
            #expect(refused.status == 401 && refused.fields["www-authenticate"] == "Bearer")
            #expect(try ask(nil, path, weight + ["-H", "authorization: Bearer ptl_forged"]).status == 401)
            let forged = try AdminAPITests.selfSigned("root", in: folder)
            #expect(try ask(forged, "/v1/status").exit != 0, "another authority's is refused in the handshake")
            #expect(try edge.admin("/v1/tokens").status == 200, "the socket is admin")
        }
    }

    private static func selfSigned(_ name: String, in folder: TemporaryFolder) throws -> TestCertificates.Pair {
        let pair = TestCertificates.Pair(certificate: folder.file("self.crt"), key: folder.file("self.key"))
        try Command.succeed(
            "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                "-subj", "/CN=\(name)", "-keyout", pair.key, "-out", pair.certificate,
            ])
        return pair
    }

    @Test("a wait of half a minute is not cut, and a broken request does not hold a connection for ever")
    func limits() throws {
        try AdminAPITests.serve { edge, _, _ in
            let socket = edge.folder.file("admin.sock")
            let body = "{\"target\": \"use-a\", \"mode\": \"ramp\", \"reason\": \"test\", \"force\": true}"
            let drain = try Curl.run(["--unix-socket", socket, "--json", body, "http://localhost/v1/drains"])
            #expect(drain.status == 202 && drain.fields["location"] == "/v1/drains/1", "\(drain.body)")
            let wait = try edge.admin("/v1/drains/1?wait=20s")
            #expect(wait.status == 200 && wait.seconds > 19, "\(wait.seconds) s")
            let large = try edge.folder.write("large", String(repeating: "x", count: 200_000))
            let refused = try Curl.run([
                "--unix-socket", socket, "--json", "@\(large)", "http://localhost/v1/drains",
            ])
            #expect(refused.status == 413)
        }
    }

    @Test("a renewed certificate is shown from the reload on; one that cannot be read leaves the old")
    func renewal() throws {
        let certificates = try TestCertificates.shared.get()
        let folder = try TemporaryFolder()
        var names = ["first", "second"]
        let pairs = try names.map { try certificates.issue($0, ["DNS:localhost"], in: folder) }
        let (shown, key) = (folder.file("shown.crt"), folder.file("shown.key"))
        func install(_ pair: TestCertificates.Pair) throws {
            for (from, to) in [(pair.certificate, shown), (pair.key, key)] { try Command.succeed("cp", [from, to]) }
        }
        try install(pairs[0])
        var configuration = EdgeConfiguration()
        configuration.admin =
            "{socket: admin.sock, address: \"127.0.0.1:0\", tls: {certificate: \(shown), key: \(key)}}"
        try Stage.open(configuration, serve: HostileClientTests.ok) { stage in
            let match = stage.edge.process.errors.firstMatch(of: /admin API on https:\/\/127\.0\.0\.1:(\d+)/)
            let port = try #require(match.map { String($0.1) })
            func subject() throws -> String {
                let said = try Command.run("openssl", ["s_client", "-connect", "127.0.0.1:\(port)"], within: 10)
                return said.output
            }
            let first = names.removeFirst()
            #expect(try subject().contains("CN = \(first)"))
            try install(pairs[1])
            stage.edge.process.signal(SIGHUP)
            try Patience.wait(for: "the new certificate", within: 10) { try subject().contains("CN = \(names[0])") }
            try "broken".write(toFile: shown, atomically: true, encoding: .utf8)
            stage.edge.process.signal(SIGHUP)
            try Patience.wait(for: "a word about it", within: 10) {
                stage.edge.process.errors.contains("the admin API keeps its certificate")
            }
            #expect(try subject().contains("CN = \(names[0])"))
        }
    }

    @Test("streams end with the right to them: a token's end, a client taken out of the configuration")
    func streams() throws {
        try AdminAPITests.serve { edge, port, folder in
            let certificates = try TestCertificates.shared.get()
            let pair = try certificates.issue("watch", ["DNS:watch.portolan.test"], in: folder)
            let made = try Curl.run([
                "--unix-socket", edge.folder.file("admin.sock"), "--json", #"{"name": "wall", "role": "viewer"}"#,
                "http://localhost/v1/tokens",
            ])
            let (secret, id) = (made.body.firstMatch(of: /ptl_[\w-]{43}/), made.body.firstMatch(of: /"id":"(\w{8})"/))
            let bearer = ["-H", "authorization: Bearer \(try #require(secret).0)"]
            let certificate = ["--cert", pair.certificate, "--key", pair.key]
            func open(_ name: String, _ identity: [String], _ path: String) throws -> ChildProcess {
                let options = ["--silent", "--no-buffer", "--cacert", certificates.authority] + identity
                let url = "https://localhost:\(port)\(path)"
                let reader = try ChildProcess("curl", options + [url], name: name, in: folder)
                try Patience.wait(for: name) { reader.output.contains("retry: 2000") }
                return reader
            }
            let (feed, live) = ("/v1/events?follow=true&since=0", "/ui/live?at=/")
            let ofToken = [try open("feed of a token", bearer, feed), try open("page of a token", bearer, live)]
            let ofClient = [
                try open("feed of a client", certificate, feed), try open("page of a client", certificate, live),
            ]
            func end(_ readers: [ChildProcess]) throws {
                let seconds = try Patience.seconds {
                    for reader in readers {
                        let status = try reader.wait(within: 10)
                        #expect(status == 0)
                    }
                }
                #expect(seconds < 4)
            }
            _ = try Curl.run([
                "--unix-socket", edge.folder.file("admin.sock"), "-X", "DELETE",
                "http://localhost/v1/tokens/\(try #require(id).1)",
            ])
            try end(ofToken)
            #expect(ofClient.allSatisfy { $0.exitStatus == nil })
            let file = edge.folder.file("edge.yaml")
            let text = try String(contentsOfFile: file, encoding: .utf8)
            try text.replacing("watch.portolan.test", with: "other.portolan.test")
                .write(toFile: file, atomically: true, encoding: .utf8)
            edge.process.signal(SIGHUP)
            try end(ofClient)
            #expect(ofToken[1].output.hasSuffix("event: ended\ndata: {}\n\n"))
            #expect(ofClient[1].output.hasSuffix("event: ended\ndata: {}\n\n"))
        }
    }
}

import Foundation
import Testing

/// TLS as others see it: openssl and curl.
@Suite(.serialized, .timeLimit(.minutes(1)))
struct EncryptionTests {
    /// What `openssl s_client` says of a handshake.
    static func handshake(
        _ edge: RunningEdge, _ options: [String] = [], alpn: String? = "h2"
    ) throws -> String {
        let protocols = alpn.map { ["-alpn", $0] } ?? []
        let command = try Command.run(
            "openssl",
            ["s_client", "-connect", "127.0.0.1:\(edge.port(.secure))", "-CAfile"]
                + [try TestCertificates.shared.get().authority] + protocols + options,
            within: 10)
        return command.output + command.errors
    }

    static func serve(_ test: (Stage) throws -> Void) throws {
        let certificates = try TestCertificates.shared.get()
        let configuration = EdgeConfiguration(certificates: [
            certificates.localhost, certificates.freight, certificates.wildcard,
        ])
        try Stage.open(configuration, serve: HostileClientTests.ok, test: test)
    }

    @Test(
        "versions and ciphers",
        arguments: [
            (["-tls1_2"], "TLSv1.2"), (["-tls1_3"], "TLSv1.3"), (["-tls1_1"], nil),
            (["-tls1_2", "-cipher", "AES128-SHA"], nil),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"], nil),
            (["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"], "TLSv1.2"),
        ] as [([String], String?)])
    func versions(options: [String], expected: String?) throws {
        try EncryptionTests.serve { stage in
            let said = try EncryptionTests.handshake(stage.edge, options)
            if let expected {
                #expect(said.contains("Verify return code: 0 (ok)") && said.contains(expected))
                #expect(said.contains("ALPN protocol: h2"))
            } else {
                #expect(said.contains("Cipher is (NONE)"))
            }
        }
    }

    @Test(
        "the certificate is chosen by the name that is asked for",
        arguments: [
            ("freight.portolan.test", "CN = freight"), ("FREIGHT.portolan.test", "CN = freight"),
            ("a.ships.portolan.test", "CN = wildcard"), ("a.b.ships.portolan.test", "CN = localhost"),
            ("localhost", "CN = localhost"), ("unknown.example.com", "CN = localhost"),
        ])
    func certificateByName(name: String, subject: String) throws {
        try EncryptionTests.serve { stage in
            let said = try EncryptionTests.handshake(stage.edge, ["-servername", name])
            #expect(said.contains("subject=\(subject)\n"), "\(said)")
        }
    }

    @Test func anotherProtocolIsRefusedWithAnAlert() throws {
        try EncryptionTests.serve { stage in
            let said = try EncryptionTests.handshake(stage.edge, alpn: "http/1.1")
            #expect(said.contains("no application protocol"))
            #expect(try Curl.get(stage.edge, "/", .secure).status == 200)
        }
    }

    @Test("a session is resumed", arguments: ["-tls1_2", "-tls1_3"])
    func resumption(version: String) throws {
        try EncryptionTests.serve { stage in
            let folder = try TemporaryFolder()
            let ticket = folder.file("ticket")
            // nghttp2's SETTINGS and TLS 1.3's tickets come after the handshake: give them a moment to arrive.
            let first = try EncryptionTests.session(stage.edge, [version, "-sess_out", ticket])
            #expect(first.contains("New, TLSv1"))
            let second = try EncryptionTests.session(stage.edge, [version, "-sess_in", ticket])
            #expect(second.contains("Reused, TLSv1"), "\(second)")
        }
    }

    /// A session that lasts until the edge has spoken.
    static func session(_ edge: RunningEdge, _ options: [String]) throws -> String {
        let authority = try TestCertificates.shared.get().authority
        let line =
            (["openssl", "s_client", "-connect", "127.0.0.1:\(edge.port(.secure))", "-CAfile", authority]
            + ["-alpn", "h2"] + options).joined(separator: " ")
        return try Command.succeed("sh", ["-c", "sleep 0.3 | \(line) 2>&1 || true"]).output
    }

    @Test func plainTextToTheTLSPortIsClosedAndOthersAreServed() throws {
        try EncryptionTests.serve { stage in
            for greeting in ["GET / HTTP/1.1\r\nhost: x\r\n\r\n", "\0\0\0\0\0\0\0\0", "SSH-2.0-x\r\n"] {
                let socket = try FrameSocket(port: stage.edge.port(.secure))
                socket.write(Array(greeting.utf8))
                let said = try socket.readToEnd(within: 3)
                // At most a TLS alert.
                #expect(said.isEmpty || said[0] == 21)
            }
            let socket = try FrameSocket(port: stage.edge.port(.secure))
            socket.write(Frame.preface)
            _ = try socket.readToEnd(within: 3)
            #expect(try Curl.get(stage.edge, "/", .secure).status == 200)
        }
    }

    @Test func aHandshakeThatNeverEndsIsClosed() throws {
        let configuration = EdgeConfiguration(limits: ["handshake: 300ms", "preface: 300ms"])
        try Stage.open(configuration, serve: HeaderTests.plain) { stage in
            for bytes in [[], [22, 3, 1, 0, 200]] as [[UInt8]] {
                let socket = try FrameSocket(port: stage.edge.port(.secure))
                socket.write(bytes)
                let seconds = try Patience.seconds { _ = try socket.readToEnd(within: 3) }
                #expect((0.25...1.0).contains(seconds))
            }
        }
    }

    @Test func aNewCertificateIsServedAndNoConnectionIsDropped() throws {
        let folder = try TemporaryFolder()
        let certificates = try TestCertificates.shared.get()
        var configuration = EdgeConfiguration(certificates: [
            try certificates.issue("localhost", ["DNS:localhost", "DNS:old.portolan.test"], in: folder)
        ])
        let backend = try ScriptedBackend { stream in
            let body = try stream.body()
            stream.respond(200, end: false)
            try stream.send(body, end: true)
        }
        defer { backend.stop() }
        configuration = configuration.with(endpoints: [backend.address])
        let edge = try RunningEdge(configuration)
        let before = try EncryptionTests.handshake(edge, ["-verify_hostname", "new.portolan.test"])
        #expect(before.contains("Hostname mismatch") || before.contains("hostname mismatch"))

        // An upload that lasts over the change.
        let slow = try ChildProcess(
            "curl",
            [
                "--silent", "--http2", "--cacert", certificates.authority, "--limit-rate", "40K", "--data-binary",
                "@\(try folder.write("upload", byteCount: 60_000))", "--output", folder.file("answer"),
                "--write-out", "%{http_code}", edge.url("/", .secure),
            ], name: "slow", in: folder)
        try Patience.wait(for: "the upload") { backend.requests.count == 1 }
        _ = try certificates.issue("localhost", ["DNS:localhost", "DNS:new.portolan.test"], in: folder)
        edge.process.signal(SIGHUP)
        try Patience.wait(for: "the new certificate") {
            try EncryptionTests.handshake(edge, ["-verify_hostname", "new.portolan.test"]).contains("0 (ok)")
        }
        #expect(slow.exitStatus == nil, "the upload ended before the change")
        #expect(try slow.wait(within: 10) == 0)
        #expect(slow.output == "200" && folder.byteCount(of: "answer") == 60_000)
    }
}

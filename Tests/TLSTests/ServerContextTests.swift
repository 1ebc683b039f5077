import Foundation
import Testing

@testable import TLS

struct ServerContextTests {
    let certificates = Certificates()

    @Test("the certificate that the client's name asks for", arguments: SessionTests.settings)
    func choosesByName(settings: ContextSettings) throws {
        let made = try [["one.test", "127.0.0.1"], ["two.test"], ["*.two.test"]].enumerated().map { index, names in
            try certificates.make(names, under: "\(index)")
        }
        let server = try ServerContext(certificates: made.map(\.files), ticketKeys: TicketKeys())
        #expect(server.summaries.map(\.names) == [["one.test"], ["two.test"], ["*.two.test"]])
        let rows = [("one.test", 0), ("two.test", 1), ("TWO.test", 1), ("a.two.test", 2), ("127.0.0.1", 0)]
        for (name, index) in rows {
            // Each certificate has an authority of its own, so a client that trusts one alone tells which was served.
            for (other, candidate) in made.enumerated() {
                var pair = try Pair(ClientContext(candidate, settings: settings), server, name: name)
                pair.settle()
                #expect((pair.client.status == .open) == (other == index), "\(name), certificate \(other)")
                if other == index { #expect(pair.server.session.negotiatedProtocol == .h2) }
            }
        }
    }

    static let protocols: [([String], [String], NegotiatedProtocol?)] = [
        (["h2"], ["h2"], .h2),
        (["h2", "http/1.1"], ["http/1.1", "h2"], .h2),
        (["h2", "http/1.1"], ["http/1.1"], .http11),
        (["h2"], ["http/1.1", "h2"], .h2),
        (["h2"], ["http/1.1"], nil),
        (["h2"], ["h2c", "h3", "h"], nil),
        (["h2"], [], NegotiatedProtocol.none),
        ([], ["h2"], NegotiatedProtocol.none),
    ]
    @Test("ALPN by our preference; nothing in common is fatal", arguments: SessionTests.settings, protocols)
    func choosesProtocol(
        settings: ContextSettings, row: (ours: [String], theirs: [String], expected: NegotiatedProtocol?)
    ) throws {
        let made = try certificates.make(["localhost"])
        let client = try ClientContext(made, protocols: row.theirs, settings: settings)
        var pair = try Pair(client, ServerContext(made, protocols: row.ours))
        pair.settle()
        if let expected = row.expected {
            #expect(pair.server.status == .open && pair.client.status == .open)
            #expect(pair.server.session.negotiatedProtocol == expected)
            #expect(pair.client.session.negotiatedProtocol == expected)
        } else {
            #expect(pair.server.status.reason == .noApplicationProtocol)
            #expect(pair.client.status.reason == .noApplicationProtocol, "the alert names it")
        }
    }

    @Test func speaksNothingButEphemeralKeysAndAEAD() throws {
        let server = try ServerContext(certificates.make(["localhost"]))
        #expect(
            server.cipherNames == [
                "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-RSA-CHACHA20-POLY1305",
            ])
    }

    static let oldPeers: [(ContextSettings, TLSError.Reason)] = [
        (.tls11, .unsupportedVersion), (.cbc, .noSharedCipher), (.staticRSA, .noSharedCipher),
    ]
    @Test("old versions and ciphers are refused", arguments: oldPeers)
    func refusesOldPeers(settings: ContextSettings, reason: TLSError.Reason) throws {
        let made = try certificates.make(["localhost"])
        var pair = try Pair(ClientContext(made, settings: settings), ServerContext(made))
        pair.settle()
        #expect(pair.server.status.reason == reason)
        #expect(pair.client.status.reason != nil, "the server's alert says so")
    }

    /// File pairs by what is wrong with them; `{}` stands for the folder.
    static let broken: [(certificate: String, key: String, reason: TLSError.Reason, text: String)] = [
        (
            "none.crt", "dev.key", .certificateUnreadable,
            "{}/none.crt: cannot be read: No such file or directory; give the right path, or run make certs for "
                + "development certificates"
        ),
        ("dev.crt", "none.key", .keyUnreadable, "{}/none.key: cannot be read: No such file or directory; give the"),
        (".", "dev.key", .certificateUnreadable, "{}/.: cannot be read: Is a directory"),
        ("text", "dev.key", .certificateMalformed, "{}/text: no certificate in PEM form: no start line; give the"),
        ("dev.key", "dev.key", .certificateMalformed, "{}/dev.key: no certificate in PEM form: no start line; give"),
        ("half.crt", "dev.key", .certificateMalformed, "{}/half.crt: certificate 1 is broken: "),
        ("dev.crt", "text", .keyMalformed, "{}/text: no private key in PEM form: "),
        ("dev.crt", "dev.crt", .keyMalformed, "{}/dev.crt: no private key in PEM form: "),
        ("dev.crt", "locked.key", .keyMalformed, "{}/locked.key: the key needs a passphrase: store it without one: "),
        ("dev.crt", "other/dev.key", .keyMismatch, "{}/other/dev.key: this key does not belong to {}/dev.crt"),
    ]
    @Test("a broken file is named with what to do", arguments: broken)
    func namesBrokenFiles(
        row: (certificate: String, key: String, reason: TLSError.Reason, text: String)
    ) throws {
        let made = try certificates.make(["localhost"])
        _ = try certificates.make(["localhost"], under: "other")
        _ = try certificates.write("hello\n", to: "text")
        let whole = try String(contentsOfFile: made.certificatePath, encoding: .utf8)
        _ = try certificates.write(whole.replacingOccurrences(of: "M", with: "-"), to: "half.crt")
        _ = try certificates.write(Self.lockedKey, to: "locked.key")
        let folder = certificates.folder
        let files = DevelopmentCertificate(
            authorityPath: "", certificatePath: "\(folder)/\(row.certificate)", keyPath: "\(folder)/\(row.key)"
        ).files
        let error = #expect(throws: TLSError.self) {
            try ServerContext(certificates: [made.files, files], ticketKeys: TicketKeys())
        }
        #expect(error?.reason == row.reason)
        let text = row.text.replacingOccurrences(of: "{}", with: folder)
        #expect(error?.text.hasPrefix(text) == true, "\(error?.text ?? "")")
        var pair = try Pair(ClientContext(made), ServerContext(made))
        pair.settle()
        #expect(pair.server.status == .open, "the failure left nothing behind on this thread")
    }

    @Test func needsACertificate() throws {
        let error = #expect(throws: TLSError.self) { try ServerContext(certificates: [], ticketKeys: TicketKeys()) }
        #expect(error?.text == "a TLS listener needs at least one certificate")
    }

    /// Has the form of a key under a passphrase (RFC 1421 §4.6); inside are zeros, which nobody gets to see.
    static let lockedKey = """
        -----BEGIN EC PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF

        \(String(repeating: "A", count: 64))
        -----END EC PRIVATE KEY-----

        """
}

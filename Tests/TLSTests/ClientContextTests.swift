import Testing

@testable import TLS

struct ClientContextTests {
    let certificates = Certificates()

    static let names: [(String, TLSError.Reason?)] = [
        ("localhost", nil), ("127.0.0.1", nil), ("::1", nil), ("a.portolan.test", nil), ("LOCALHOST", nil),
        ("portolan.test", .certificateNameMismatch), ("a.b.portolan.test", .certificateNameMismatch),
        ("127.0.0.2", .certificateNameMismatch), ("other.test", .certificateNameMismatch),
    ]
    @Test("the certificate must be for the name asked for", arguments: SessionTests.settings, names)
    func verifiesNames(settings: ContextSettings, row: (name: String, reason: TLSError.Reason?)) throws {
        let made = try certificates.make(["localhost", "127.0.0.1", "::1", "*.portolan.test"])
        var pair = try Pair(ClientContext(made, settings: settings), ServerContext(made), name: row.name)
        pair.settle()
        #expect(pair.client.status.reason == row.reason)
        guard case .failed(let error) = pair.client.status else { return }
        #expect(error.text.hasPrefix("\(row.name): the peer's certificate is for another name ("))
        #expect(pair.server.status.reason == .certificateRefused, "the client's alert tells the server")
    }

    @Test("authorities: another, the system's, none at all", arguments: SessionTests.settings)
    func verifiesChains(settings: ContextSettings) throws {
        let made = try certificates.make(["localhost"], under: "ours")
        let other = try certificates.make(["localhost"], under: "other")
        let rows: [(String?, Bool, TLSError.Reason?)] = [
            (made.authorityPath, true, nil), (other.authorityPath, true, .certificateUntrusted),
            (nil, true, .certificateUntrusted), (nil, false, nil), (other.authorityPath, false, nil),
        ]
        for (path, verifies, reason) in rows {
            let client = try ClientContext(
                authoritiesPath: path, verifies: verifies, protocols: ["h2"], settings: settings)
            var pair = try Pair(client, ServerContext(made))
            pair.settle()
            #expect(pair.client.status.reason == reason, "\(path ?? "system"), verifies: \(verifies)")
        }
    }

    @Test("a certificate out of its time", arguments: [-20 ..< -10, 10..<20])
    func verifiesTime(days: Range<Int>) throws {
        let made = try certificates.make(["localhost"], validDays: days)
        var pair = try Pair(ClientContext(made), ServerContext(made))
        pair.settle()
        #expect(pair.client.status.reason == .certificateExpired)
    }

    @Test("names that cannot be verified", arguments: ["", "a\u{0}b", String(repeating: "a", count: 254)])
    func refusesNames(name: String) throws {
        let client = try ClientContext(certificates.make(["localhost"]))
        let error = #expect(throws: TLSError.self) { try Session(client: client, serverName: name) }
        #expect(error?.reason == .serverNameInvalid)
    }

    @Test("authorities that cannot be read")
    func namesBrokenAuthorities() throws {
        let text = try certificates.write("hello\n", to: "text")
        for path in ["/nonexistent/ca.crt", text] {
            let error = #expect(throws: TLSError.self) { try ClientContext(authoritiesPath: path) }
            #expect(error?.reason == .authoritiesUnreadable && error?.text.hasPrefix("\(path): ") == true)
        }
    }
}

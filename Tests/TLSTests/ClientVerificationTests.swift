import Foundation
import Testing

@testable import TLS

/// Clients' certificates: who is let in, and under which name.
struct ClientVerificationTests {
    let certificates = Certificates()

    /// A listener that trusts `authority`, with one certificate of its own; `key` are its ticket keys.
    private func server(
        _ made: DevelopmentCertificate, _ authority: Issued?, required: Bool = false, keys: TicketKeys? = nil
    ) throws -> ServerContext {
        var clients: ClientVerification?
        if let authority {
            let path = "\(certificates.folder)/clients-\(UUID().uuidString).crt"
            try ClientCertificate.write(authority, to: path)
            clients = ClientVerification(authoritiesPath: path, isRequired: required)
        }
        return try ServerContext(certificates: [made.files], ticketKeys: keys ?? TicketKeys(), clients: clients)
    }

    static let names: [([String], String?)] = [
        (["acme"], "acme"), (["acme", "last counts"], "last counts"), (["größe"], "größe"),
        ([" acme"], nil), (["acme "], nil), (["a\u{1}b"], nil), (["a\r\nx: y"], nil), (["\u{7F}"], nil),
    ]
    @Test("the common name of a verified certificate, where a field may carry it", arguments: SessionTests.settings)
    func tellsTheName(settings: ContextSettings) throws {
        let made = try certificates.make(["localhost"])
        let authority = try ClientCertificate.authority()
        for (names, expected) in ClientVerificationTests.names {
            let client = try ClientContext(made, settings: settings)
            try ClientCertificate(names, by: authority).install(in: client)
            var pair = try Pair(client, server(made, authority, required: true))
            #expect(pair.server.session.peerCommonName == nil, "before the handshake is over")
            pair.settle()
            #expect(pair.server.status == .open, "\(names)")
            #expect(pair.server.session.peerCommonName == expected.map { Array($0.utf8) }, "\(names)")
            #expect(pair.client.session.peerCommonName == Array("Portolan development".utf8))
        }
    }

    @Test("without a certificate a client is nobody, or not let in", arguments: SessionTests.settings, [true, false])
    func letsInNobody(settings: ContextSettings, isRequired: Bool) throws {
        let made = try certificates.make(["localhost"])
        let client = try ClientContext(made, settings: settings)
        var pair = try Pair(client, server(made, ClientCertificate.authority(), required: isRequired))
        pair.settle()
        #expect((pair.server.status == .open) == !isRequired)
        #expect(pair.server.session.peerCommonName == nil)
    }

    @Test("somebody else's authority counts for nothing", arguments: SessionTests.settings, [true, false])
    func refusesStrangers(settings: ContextSettings, isRequired: Bool) throws {
        let made = try certificates.make(["localhost"])
        let client = try ClientContext(made, settings: settings)
        try ClientCertificate(["acme"], by: ClientCertificate.authority()).install(in: client)
        var pair = try Pair(client, server(made, ClientCertificate.authority(), required: isRequired))
        pair.settle()
        #expect(pair.server.status.reason == .certificateUntrusted)
        #expect(pair.server.session.peerCommonName == nil)
        if case .failed(let error) = pair.server.status { #expect(error.text.contains("a client: ")) }
    }

    /// What the ticket's listener asked for, what the second one asks, and whether the ticket does there.
    enum Second: CaseIterable { case same, otherAuthority, required, nobody }
    @Test("a resumed session keeps its name, and only where as much was asked", arguments: Second.allCases)
    func resumes(second: Second) throws {
        let made = try certificates.make(["localhost"])
        let (authority, other) = try (ClientCertificate.authority(), ClientCertificate.authority())
        let keys = try TicketKeys()
        for settings in SessionTests.settings {
            let client = try ClientContext(made, settings: settings)
            try ClientCertificate(["acme"], by: authority).install(in: client)
            var first = try Pair(client, server(made, authority, keys: keys))
            first.settle()
            first.serverSends([1])
            first.settle()
            let ticket = try #require(first.client.session.resumptionTicket)
            let context =
                switch second {
                case .same: try server(made, authority, keys: keys)
                case .otherAuthority: try server(made, other, keys: keys)
                case .required: try server(made, authority, required: true, keys: keys)
                case .nobody: try server(made, nil, keys: keys)
                }
            var again = try Pair(client, context, resuming: ticket)
            again.settle()
            #expect(again.server.session.wasResumed == (second == .same))
            let isKnown = second == .same || second == .required
            #expect(again.server.session.peerCommonName == (isKnown ? Array("acme".utf8) : nil))
            #expect((again.server.status == .open) == (second != .otherAuthority))
        }
    }

    @Test func namesABrokenFile() throws {
        let made = try certificates.make(["localhost"])
        for (path, words) in try [("none", "cannot be read"), (certificates.write("x", to: "text"), "no trusted")] {
            let error = #expect(throws: TLSError.self) {
                try ServerContext(
                    certificates: [made.files], ticketKeys: TicketKeys(),
                    clients: ClientVerification(authoritiesPath: path, isRequired: true))
            }
            #expect(error?.reason == .authoritiesUnreadable && error?.text.contains(words) == true)
        }
    }
}

import Testing

@testable import TLS

struct TicketKeysTests {
    let certificates = Certificates()

    /// A session that exchanged something, so that the client has its ticket.
    private func connect(
        _ client: ClientContext, _ server: ServerContext, _ ticket: ResumptionTicket? = nil
    ) throws -> (wasResumed: Bool, ticket: ResumptionTicket) {
        var pair = try Pair(client, server, resuming: ticket)
        pair.settle()
        pair.clientSends([1])
        pair.serverSends([2])
        pair.settle()
        try #require(pair.client.status == .open && pair.server.read == [1] && pair.client.read == [2])
        try #require(pair.client.session.wasResumed == pair.server.session.wasResumed)
        return (pair.client.session.wasResumed, try #require(pair.client.session.resumptionTicket))
    }

    /// Rotations between getting a ticket and using it, and whether it still counts.
    @Test(
        "a ticket lives through one rotation, on every worker's context",
        arguments: SessionTests.settings, [(0, true), (1, true), (2, false), (3, false)])
    func resumes(settings: ContextSettings, row: (rotations: Int, isResumed: Bool)) throws {
        let made = try certificates.make(["localhost"])
        let keys = try TicketKeys()
        let workers = try (0..<2).map { _ in try ServerContext(certificates: [made.files], ticketKeys: keys) }
        let client = try ClientContext(made, settings: settings)
        let first = try connect(client, workers[0])
        #expect(!first.wasResumed)
        for _ in 0..<row.rotations { try keys.rotate() }
        let second = try connect(client, workers[1], first.ticket)
        #expect(second.wasResumed == row.isResumed)
    }

    @Test("a ticket under the old key is renewed", arguments: SessionTests.settings)
    func renews(settings: ContextSettings) throws {
        let made = try certificates.make(["localhost"])
        let keys = try TicketKeys()
        let server = try ServerContext(certificates: [made.files], ticketKeys: keys)
        let client = try ClientContext(made, settings: settings)
        var (ticket, resumed) = (try connect(client, server).ticket, 0)
        for _ in 0..<5 {
            try keys.rotate()
            let next = try connect(client, server, ticket)
            resumed += next.wasResumed ? 1 : 0
            ticket = next.ticket
        }
        #expect(resumed == 5, "each session brought a ticket under the new key")
    }

    @Test("another process's ticket means a full handshake, not a failure", arguments: SessionTests.settings)
    func ignoresForeignTickets(settings: ContextSettings) throws {
        let made = try certificates.make(["localhost"])
        let client = try ClientContext(made, settings: settings)
        let ticket = try connect(client, ServerContext(made)).ticket
        #expect(try !connect(client, ServerContext(made), ticket).wasResumed)
    }

    @Test("a reloaded context goes on with the same keys", arguments: SessionTests.settings)
    func survivesReload(settings: ContextSettings) throws {
        let keys = try TicketKeys()
        let made = try certificates.make(["localhost"])
        let client = try ClientContext(made, settings: settings)
        var old = try Pair(client, ServerContext(certificates: [made.files], ticketKeys: keys))
        let before = try connect(client, ServerContext(certificates: [made.files], ticketKeys: keys)).ticket
        let renewed = try certificates.make(["localhost"])
        let server = try ServerContext(certificates: [renewed.files], ticketKeys: keys)
        #expect(try connect(client, server, before).wasResumed)
        old.settle()
        #expect(old.client.status == .open, "a session keeps the context it began with")
    }
}

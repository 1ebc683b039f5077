import AsyncHTTPClient
import Foundation
import Testing

@testable import App

struct AdminClientTests {
    private static let broken = HTTPClientError.remoteConnectionClosed
    private static let refused = ScriptedTransport.Broken(description: "Connection refused (errno: 111)")
    private static let change = AdminRequest(
        method: .put, path: "/v1/cells/a/weight", body: Data("{}".utf8), ifMatch: 7, idempotencyKey: "k1")

    struct Row: Sendable {
        let name: String
        let steps: [ScriptedTransport.Step]
        /// Nil: it succeeds.
        var code: CommandFailure.Code?
        let attempts: Int
    }
    static let busy = ScriptedTransport.Step.answer(409, #"{"reason":"idempotency_in_progress","detail":"wait"}"#)
    static let rows: [Row] = [
        Row(name: "an answer", steps: [.answer(200, "{}")], attempts: 1),
        Row(name: "one break", steps: [.fails(broken), .answer(201, "{}")], attempts: 2),
        Row(
            name: "a break, and the first attempt is still at work", steps: [.fails(broken), busy, .answer(200, "{}")],
            attempts: 3),
        Row(name: "two breaks", steps: [.fails(broken), .fails(broken)], code: .unreachable, attempts: 2),
        Row(name: "nobody there", steps: [.fails(refused)], code: .unreachable, attempts: 1),
        Row(name: "silence", steps: [.fails(HTTPClientError.readTimeout)], code: .unreachable, attempts: 1),
        Row(name: "a refusal", steps: [.answer(409, "{}")], code: .refused, attempts: 1),
        Row(name: "somebody else's key", steps: [busy], code: .refused, attempts: 1),
        Row(name: "a fault", steps: [.answer(500, "oops")], code: .refused, attempts: 1),
        Row(name: "another place", steps: [.answer(307, "")], code: .refused, attempts: 1),
    ]

    @Test(
        "a change is sent once more when the connection broke, with the same key, and never otherwise", arguments: rows)
    func retries(row: Row) async throws {
        let transport = ScriptedTransport(row.steps)
        do throws(CommandFailure) {
            _ = try await transport.client.send(AdminClientTests.change)
            #expect(row.code == nil)
        } catch { #expect(error.code == row.code, "\(error.message)") }
        #expect(transport.requests == Array(repeating: AdminClientTests.change, count: row.attempts))
    }

    @Test("of a change that may have been made, the key is told")
    func keys() async throws {
        let client = ScriptedTransport([.fails(AdminClientTests.broken), .fails(AdminClientTests.broken)]).client
        await #expect { _ = try await client.send(AdminClientTests.change) } throws: { error in
            (error as? CommandFailure)?.message.contains("--idempotency-key k1") == true
        }
        let other = ScriptedTransport([.fails(AdminClientTests.refused)]).client
        await #expect { _ = try await other.send(AdminClientTests.change) } throws: { error in
            let message = (error as? CommandFailure)?.message ?? ""
            return !message.contains("k1") && message.contains("connection refused") && message.contains("--admin")
        }
    }

    @Test("nobody on the socket is code 3, and says what to do")
    func unreachable() async throws {
        let access = AdminAccess(location: .socket(path: "/nonexistent/edge.sock"))
        let transport = try HTTPTransport(access)
        let client = AdminClient(location: access.location, transport: transport)
        await #expect { _ = try await client.send(.get("/v1/status")) } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.code == .unreachable && failure.message.contains("--admin")
        }
        await transport.close()
    }

    @Test("whoever may not open the socket is told whose it is")
    func forbidden() async {
        let denied = ScriptedTransport.Broken(description: "connect: Permission denied (errno: 13)")
        let client = ScriptedTransport([.fails(denied)]).client
        await #expect { _ = try await client.send(AdminClientTests.change) } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.code == .unreachable && failure.message.contains("the edge's user and root")
        }
    }

    @Test("a list is read to its last page")
    func pages() async throws {
        let transport = ScriptedTransport([
            .answer(200, #"{"items":["a","b"],"next":"b c","generation":3}"#),
            .answer(200, #"{"items":["d"],"next":9}"#),
            .answer(200, #"{"items":[],"next":"d"}"#),
        ])
        #expect(try await transport.client.all(String.self, "/v1/x", pageSize: 2) == ["a", "b", "d"])
        #expect(
            transport.requests.map(\.path) == [
                "/v1/x?limit=2", "/v1/x?limit=2&after=b%20c", "/v1/x?limit=2&after=9",
            ])
    }
}

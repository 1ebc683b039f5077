import HTTPTypes
import Testing

@testable import Admin

/// Pages of other sites, in a browser that is known by its connection.
struct AuthorizationMiddlewareTests {
    static let rows: [(fields: [String: String], isRefused: Bool)] = [
        ([:], false), (["sec-fetch-site": "same-origin"], false), (["sec-fetch-site": "cross-site"], true),
        (["sec-fetch-site": "same-site"], true), (["origin": "https://evil.example"], true),
    ]

    @Test("the socket changes nothing for a page of another site, and still tells what it asks", arguments: rows)
    func socket(fields: [String: String], isRefused: Bool) async throws {
        let front = AdminFront(isSocket: true)
        let change = try await front.ask(.post, "/v1/session-keys/rotate", as: nil, fields)
        #expect((change.refusal == "403 foreign_origin") == isRefused, "\(change.refusal)")
        #expect(try await front.ask(.get, "/v1/status", as: nil, fields).status == .ok)
    }

    @Test("a token that no other site has is enough", arguments: rows)
    func token(fields: [String: String], isRefused: Bool) async throws {
        let front = AdminFront()
        let change = try await front.ask(.post, "/v1/session-keys/rotate", as: "admin", fields)
        #expect(change.status != .forbidden, "\(change.refusal)")
    }
}

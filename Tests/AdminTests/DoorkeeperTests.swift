import ControlPlane
import HTTPTypes
import HummingbirdTesting
import Model
import Testing

@testable import Admin

struct DoorkeeperTests {
    @Test("wrong tokens are told to wait, a right one passes beside them")
    func logins() async throws {
        let front = AdminFront()
        for _ in 0..<LoginLimit.failures {
            #expect(try await front.ask(.get, "/v1/status", as: "x").refusal == "401 unauthorized")
        }
        let answer = try await front.ask(.get, "/v1/status", as: "x")
        #expect(answer.refusal == "429 rate_limited" && answer.headers[.retryAfter] == "60")
        #expect(try await front.ask(.get, "/v1/status").status == .ok)
        #expect(try await front.ask(.get, "/v1/status", as: nil).refusal == "401 unauthorized")
        #expect(try await front.ask(.get, "/healthz", as: "x").status == .ok)
        front.clock.advance(milliseconds: 60_000)
        #expect(try await front.ask(.get, "/v1/status", as: "x").refusal == "401 unauthorized")
    }

    static let fields: [(String, String?)] = [
        ("Bearer abc", "abc"), ("bearer abc", "abc"), ("Bearer", nil), ("Basic abc", nil), ("", nil), ("abc", nil),
    ]

    @Test("a credential is a bearer token", arguments: fields)
    func secrets(field: String, secret: String?) { #expect(Doorkeeper.secret(field) == secret) }

    @Test("cookies are no credential, and an endless token is none")
    func others() async throws {
        let front = AdminFront()
        let cookie = ["cookie": "session=admin", "x-api-key": "admin"]
        #expect(try await front.ask(.get, "/v1/status", as: nil, cookie).refusal == "401 unauthorized")
        let long = String(repeating: "a", count: Doorkeeper.longestSecret + 1)
        #expect(try await front.ask(.get, "/v1/status", as: long).refusal == "401 unauthorized")
    }

    @Test("metrics are open where the configuration says so, and from the moment it does")
    func metrics() async throws {
        let front = AdminFront()
        #expect(try await front.ask(.get, "/metrics", as: nil).refusal == "401 unauthorized")
        var admin = Configuration.Admin()
        admin.opensMetrics = true
        front.parts.doorkeeper.adopt(admin)
        #expect(try await front.ask(.get, "/metrics", as: nil).status == .ok)
        #expect(try await front.ask(.get, "/v1/status", as: nil).refusal == "401 unauthorized")
    }

    @Test("each refused change is told to the audit log, which bounds floods; of reads none is")
    func refusals() async throws {
        let front = AdminFront()
        for _ in 0..<500 {
            front.clock.advance(milliseconds: 10)
            _ = try await front.ask(.delete, "/v1/tokens/0a1b2c3d", as: "viewer")
            _ = try await front.ask(.get, "/v1/tokens", as: "viewer")
        }
        #expect(front.service.refusals.count == 500)
        #expect(front.service.refusals.allSatisfy { $0.action == "token.revoke" && $0.detail == "{}" })
    }

    static let clients: [(clients: [(String, Configuration.Admin.Client.Role)], who: String?, role: Role?)] = [
        ([], nil, nil), ([("other", .admin)], nil, nil), ([("Ci.example", .viewer)], "certificate ci.example", .viewer),
        ([("runner", .operator), ("ci.example", .admin)], "certificate runner", .operator),
    ]

    @Test(
        "a certificate's caller is the first client that it names, and cannot be taken for a token", arguments: clients)
    func certificates(clients: [(String, Configuration.Admin.Client.Role)], who: String?, role: Role?) {
        let names = [
            ClientCertificate.Name(kind: .dns, text: "ci.example"),
            ClientCertificate.Name(kind: .common, text: "runner"),
        ]
        let known = clients.map { name, role in
            var client = Configuration.Admin.Client()
            (client.name, client.role) = (name, role)
            return client
        }
        let caller = Doorkeeper.caller(names, known, from: "10.0.0.1")
        #expect(caller?.name == who && caller?.role == role)
    }
}

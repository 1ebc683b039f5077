import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct AdminOperationConfigurationTests {
    static let yaml = ["content-type": "application/yaml"]

    @Test("a reload takes no body; a dry run tries the body, or the file without one")
    func reloads() async throws {
        let front = AdminFront()
        #expect(try await front.ask(.post, "/v1/config").status == .ok)
        #expect(front.service.changes == 1)
        let refused = try await front.ask(.post, "/v1/config", "version: 1", as: "admin", Self.yaml)
        #expect(refused.refusal == "409 file_is_the_truth")
        #expect(
            try await front.ask(.post, "/v1/config?dry_run=true", "version: 1", as: "admin", Self.yaml).status == .ok)
        #expect(try await front.ask(.post, "/v1/config?dry_run=true").status == .ok)
        #expect(front.service.state.withLock { $0.tried } == ["version: 1", nil])
        #expect(front.service.changes == 1)
        let json = try await front.ask(
            .post, "/v1/config?dry_run=true", "{}", as: "admin", ["content-type": "text/css"])
        #expect(json.refusal == "415 unsupported_media_type")
        #expect(try await front.ask(.post, "/v1/config?dry_run=1").refusal == "400 bad_request")
    }
}

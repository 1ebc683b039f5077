import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct AdminOperationTenantsTests {
    @Test(
        "the etag is no newer than what it comes with, whatever is published meanwhile",
        arguments: ["/v1/tenants", "/v1/tenants/acme"])
    func generation(path: String) async throws {
        let front = AdminFront()
        #expect(try await front.ask(.get, path).headers[.eTag] == "\"\(FakeService.generation)\"")
        #expect(front.service.generations() == [FakeService.generation + 1])
    }
}

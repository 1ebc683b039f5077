import Model
import Testing

@testable import Admin

struct AdminServerTests {
    @Test("beyond loopback it does not listen in plain text")
    func plainText() async {
        var admin = Configuration.Admin()
        admin.address = Address("0.0.0.0:0")
        let server = AdminServer(admin, service: FakeService(), logger: AdminFront.silent)
        await #expect(throws: AdminError.self) { try await server.start() }
    }
}

import Model
import Testing

@testable import Admin

struct AdminServerTests {
    typealias Change = @Sendable (inout Configuration.Admin) -> Void

    static let rows: [(waits: [String], Change)] = [
        ([], { $0.opensMetrics = true }), ([], { $0.clients = [Configuration.Admin.Client()] }),
        (["admin.address"], { $0.address = Address("127.0.0.1:9444") }), (["admin.socket"], { $0.socketPath = "b" }),
        (
            ["admin.address", "admin.tls"],
            {
                $0.address = nil
                $0.certificate = Configuration.Certificate(certificatePath: "a", keyPath: "b")
            }
        ),
    ]

    @Test("of another configuration it says what waits for a restart", arguments: rows)
    func adopts(waits: [String], change: Change) throws {
        var admin = Configuration.Admin()
        (admin.address, admin.socketPath) = (Address("127.0.0.1:9443"), "a")
        let server = AdminServer(admin, service: FakeService(), logger: AdminFront.silent)
        change(&admin)
        #expect(try server.adopt(admin) == waits)
    }

    @Test("beyond loopback it does not listen in plain text")
    func plainText() async {
        var admin = Configuration.Admin()
        admin.address = Address("0.0.0.0:0")
        let server = AdminServer(admin, service: FakeService(), logger: AdminFront.silent)
        await #expect(throws: AdminError.self) { try await server.start() }
    }
}

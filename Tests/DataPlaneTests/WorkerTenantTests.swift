import HTTP2
import Model
import Testing

@testable import DataPlane

/// Whose a request is, over a connection: what goes up, what is counted, what is refused.
struct WorkerTenantTests {
    private static func rules(_ parts: inout SnapshotParts) {
        parts.tenants.hostSuffix = parts.intern(".example.com")
        parts.tenants.fromCertificate = true
    }

    /// Header, certificate, authority; the header that the backend sees; what strangers' counter says.
    static let rows: [(trusted: Bool, field: String?, certificate: String?, host: String, up: [String], counted: Int)] =
        [
            (true, "acme", nil, "a.test", ["acme"], 0), (false, "acme", nil, "a.test", [], 1),
            (true, nil, "acme", "a.test", ["acme"], 0), (false, "ajax", "acme", "a.test", ["acme"], 1),
            (false, nil, nil, "Acme.example.com:80", ["acme"], 0),
            (false, "ajax", nil, "acme.example.com", ["acme"], 1),
            (true, "acme", "acme", "acme.example.com", ["acme"], 0), (true, "", nil, "a.test", [], 0),
            (true, "", "acme", "a.test", ["acme"], 0), (true, nil, nil, "a.test", [], 0),
        ]
    @Test("the backend can rely on the tenant's name", arguments: rows)
    func tells(
        row: (trusted: Bool, field: String?, certificate: String?, host: String, up: [String], counted: Int)
    ) throws {
        let world = try PlayedWorld(trusting: row.trusted ? .all : Configuration.Trust(), WorkerTenantTests.rules)
        let fields = row.field.map { [("x-tenant-id", $0)] } ?? []
        let answer = world.ask("GET", fields, authority: row.host, certificate: row.certificate)
        #expect(answer[":status"] == "200")
        #expect(world["us"].requests.map { $0.all("x-tenant-id") } == [row.up])
        #expect(world.worker.counters.tenantsUntrusted == row.counted)
    }

    static let conflicts: [([(String, String)], String?, String)] = [
        ([("x-tenant-id", "acme")], "ajax", "a.test"), ([("x-tenant-id", "acme")], nil, "ajax.example.com"),
        ([], "acme", "ajax.example.com"), ([("x-tenant-id", "acme"), ("x-tenant-id", "ajax")], nil, "a.test"),
    ]
    @Test("two different tenants are a conflict, and go nowhere", arguments: conflicts)
    func refusesConflicts(fields: [(String, String)], certificate: String?, host: String) throws {
        let world = try PlayedWorld(WorkerTenantTests.rules)
        let answer = world.ask("GET", fields, authority: host, certificate: certificate)
        #expect(answer[":status"] == "400" && answer.text.contains("tenant_conflict"))
        #expect(world.worker.counters.tenantConflicts == 1 && world.places.isEmpty)
    }

    @Test("twice the same tenant is no conflict")
    func agreesWithItself() throws {
        let world = try PlayedWorld()
        let fields = [("x-tenant-id", "acme"), ("x-tenant-id", "acme")]
        #expect(world.ask("GET", fields)[":status"] == "200")
    }

    @Test("certificates and hosts name nobody where the configuration does not say so")
    func ignoresWhatWasNotAskedFor() throws {
        let world = try PlayedWorld()
        #expect(world.ask("GET", authority: "acme.example.com", certificate: "ajax")[":status"] == "200")
        #expect(world["us"].requests.map { $0.all("x-tenant-id") } == [[]])
    }

    @Test("trailers route nothing")
    func cleansTrailers() throws {
        let block = HeaderBlockPool().take()
        for name in ["x-tenant-id", "grpc-status", "x-region", "x-portolan-epoch", "x-tenant-id"] {
            let text = OwnedText(name)
            block.append(copyingName: text.view, copying: "1")
        }
        try PlayedWorld().worker.removeRouting(block)
        #expect((0..<block.count).map { block.name($0).text } == ["grpc-status"])
    }
}

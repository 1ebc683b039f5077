import Foundation
import Testing

/// The dashboard of a running edge under load, used in a real browser as people use it.
@Suite(.serialized, .timeLimit(.minutes(5)))
struct DashboardTests {
    /// Two regions, one of them out of reach, and requests all the time.
    struct World {
        let folder: TemporaryFolder
        let servers: [Nghttpd]
        let edge: RunningEdge
        let port: UInt16
        let load: RunningLoad

        init() throws {
            folder = try TemporaryFolder()
            try folder.write("healthz", "ok")
            try folder.write("small", byteCount: 128)
            servers = try (0..<3).map { [folder] _ in try Nghttpd(serving: folder) }
            var cells = zip(["use-a", "use-b"], servers).map { name, server in
                EdgeConfiguration.Cell(name: name, endpoints: ["127.0.0.1:\(server.port)"])
            }
            let west = EdgeConfiguration.Cell(name: "euw-a", endpoints: ["127.0.0.1:\(servers[2].port)"])
            let gone = EdgeConfiguration.Cell(name: "aps-a", endpoints: ["127.0.0.1:1"])
            cells[0].settings = ["capacity: 5000"]
            var configuration = EdgeConfiguration().with(regions: [
                .init(name: "us-east", cells: cells), .init(name: "eu-west", cells: [west], jurisdiction: "eu"),
                .init(name: "ap-south", cells: [gone], jurisdiction: "in"),
            ])
            configuration.admin = #"{socket: admin.sock, address: "127.0.0.1:0"}"#
            edge = try RunningEdge(configuration)
            port = try DashboardTests.adminPort(of: edge)
            load = try RunningLoad(
                edge, "/small", ["-D", "60", "-c", "4", "-m", "10", "--rps", "100"], in: folder)
        }

        /// Its secret.
        func token(_ role: String) throws -> String {
            let said = try Command.succeed(
                Programs.portolan,
                [
                    "token", "create", "--role", role, "--expires-in", "1h", "--name", "\(role)-in-a-browser", "--json",
                    "--admin", "unix:\(edge.folder.file("admin.sock"))",
                ])
            let answer = try JSONSerialization.jsonObject(with: Data(said.output.utf8)) as? [String: Any]
            return try #require(answer?["secret"] as? String, "\(said.output)")
        }
    }

    /// The process log says where: `admin API on http://127.0.0.1:40123`.
    private static func adminPort(of edge: RunningEdge) throws -> UInt16 {
        var port: UInt16?
        try Patience.wait(for: "the admin API to listen") {
            port = edge.process.errors.firstMatch(of: /admin API on [^\n]*127\.0\.0\.1:(\d+)/).flatMap { UInt16($0.1) }
            return port != nil
        }
        return port ?? 0
    }

    @Test("sign in, set 1 %, watch the share move, drain, undrain; by keyboard, on a phone, dark and light")
    func browser() throws {
        let world = try World()
        let said = try Command.run(
            Programs.python,
            [
                "\(Programs.scripts)/dashboard.py", "--url", "http://localhost:\(world.port)", "--token",
                world.token("operator"), "--viewer", world.token("viewer"), "--cell", "use-a", "--out",
                "\(Programs.repository)/.build/artifacts/dashboard",
            ], within: 240)
        #expect(said.status == 0, "\(said.output)\(said.errors)")
        let report = try world.load.report(within: 120)
        #expect(report.failed == 0 && report.statuses[500] == 0, "\(report.text)")
    }

    @Test("a token that is revoked ends its pages at once")
    func revoked() throws {
        let world = try World()
        let secret = try world.token("operator")
        let jar = world.folder.file("cookies")
        let site = "http://127.0.0.1:\(world.port)"
        let signIn = try Curl.run(["--cookie-jar", jar, "--data-urlencode", "token=\(secret)", "\(site)/login"])
        #expect(signIn.status == 303)
        #expect(try Curl.run(["--cookie", jar, "\(site)/"]).status == 200)
        let listed = try Command.succeed(
            Programs.portolan, ["token", "list", "--json", "--admin", "unix:\(world.edge.folder.file("admin.sock"))"])
        let id = try #require(listed.output.firstMatch(of: /"id"\s*:\s*"([0-9a-f]{8})"/)).1
        _ = try Command.succeed(
            Programs.portolan,
            ["token", "revoke", String(id), "--admin", "unix:\(world.edge.folder.file("admin.sock"))"])
        let after = try Curl.run(["--cookie", jar, "\(site)/"])
        #expect(after.status == 303 && after.fields["location"] == "/login")
    }

    @Test("a form that is sent twice changes once")
    func twice() throws {
        let world = try World()
        let (secret, jar) = (try world.token("operator"), world.folder.file("cookies"))
        let site = "http://127.0.0.1:\(world.port)"
        _ = try Curl.run(["--cookie-jar", jar, "--data-urlencode", "token=\(secret)", "\(site)/login"])
        let page = try Curl.run(["--cookie", jar, "\(site)/ui/cells/use-a"]).body
        func hidden(_ name: String) throws -> String {
            let field = try Regex("name=\"\(name)\" value=\"([0-9a-f]{64})\"", as: (Substring, Substring).self)
            return String(try #require(page.firstMatch(of: field)).1)
        }
        let form = [
            "form_token=\(try hidden("form_token"))", "form_key=\(try hidden("form_key"))", "percent=7",
            "reason=twice", "intent=set",
        ]
        for _ in 0..<2 {
            let answer = try Curl.run(
                ["--cookie", jar] + form.flatMap { ["--data", $0] } + ["\(site)/ui/cells/use-a/weight"])
            #expect(answer.status == 303 && answer.fields["location"] == "/ui/cells/use-a")
        }
        #expect(try Curl.run(["--cookie", jar, "\(site)/ui/cells/use-a"]).body.contains("carried out before"))
        let changes = try world.edge.admin("/v1/audit").body.components(separatedBy: "\"weight.set\"").count - 1
        #expect(changes == 1)
    }
}

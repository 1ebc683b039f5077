import Foundation
import Testing

/// The command line: exit codes and where messages go (interfaces.md, Commands).
@Suite(.serialized, .timeLimit(.minutes(1)))
struct CommandTests {
    static func portolan(_ arguments: String...) throws -> Command {
        try Command.run(Programs.portolan, arguments, within: 20)
    }

    @Test func checkAcceptsWhatServes() throws {
        let folder = try TemporaryFolder()
        var configuration = EdgeConfiguration().with(endpoints: ["127.0.0.1:1"])
        configuration.certificates = [try TestCertificates.shared.get().localhost]
        let file = try folder.write("good.yaml", configuration.yaml)
        #expect(try CommandTests.portolan("check", file).status == 0)
    }

    @Test func checkNamesEveryMistakeWithItsPlace() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "bad.yaml",
            """
            version: 1
            edge: {name: edge-1, region: us-west}
            listners: []
            regions:
              us-east: {jurisdiction: us, cells: {use-a: {weight: 300, endpoints: ["127.0.0.1:1"]}}}
            routes: [{name: default, match: {}}]

            """)
        let said = try CommandTests.portolan("check", file)
        #expect(said.status == 1)
        let lines = (said.output + said.errors).split(separator: "\n").filter { $0.hasPrefix(file) }
        #expect(lines.count >= 3)
        #expect(lines.allSatisfy { $0.contains(/:\d+:\d+: error:/) })
        #expect(lines.contains { $0.contains("listeners") })
        #expect(try CommandTests.portolan("serve", "--config", file).status == 1)
    }

    @Test func serveSaysWhyItCannot() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let folder = try TemporaryFolder()
            var configuration = EdgeConfiguration().with(endpoints: ["127.0.0.1:1"])
            configuration.certificates = [try TestCertificates.shared.get().localhost]
            let taken = configuration.yaml.replacing(
                "name: plain\n    address: \"127.0.0.1:0\"",
                with: "name: plain\n    address: \"127.0.0.2:\(stage.edge.port(.plain))\"")
            // Somebody else's socket, without SO_REUSEPORT.
            let other = try Blocker(port: stage.edge.port(.plain))
            let said = try CommandTests.portolan("serve", "--config", folder.write("taken.yaml", taken))
            #expect(said.status == 1)
            #expect(said.errors.contains("plain") && said.errors.contains("\(stage.edge.port(.plain))"))
            withExtendedLifetime(other) {}
        }
    }

    @Test("mistakes in usage", arguments: [["serve"], ["nonsense"], ["serve", "--config"]])
    func usage(arguments: [String]) throws {
        #expect(try Command.run(Programs.portolan, arguments, within: 20).status == 2)
    }

    @Test func statusOfAnEdgeThatRunsAndOfOneThatDoesNot() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let socket = "unix:" + stage.edge.folder.file("admin.sock")
            let status = try CommandTests.portolan("status", "--admin", socket)
            #expect(status.status == 0 && status.output.contains("edge-1"))
            let json = try CommandTests.portolan("cells", "--json", "--admin", socket)
            #expect(json.status == 0)
            #expect((try? JSONSerialization.jsonObject(with: Data(json.output.utf8))) != nil)
            #expect(try CommandTests.portolan("status", "--admin", "unix:/nonexistent/socket").status == 3)
        }
    }

    @Test func aConfigurationThatIsWrongIsNotApplied() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            try stage.edge.folder.write("edge.yaml", "version: 1\nnonsense: true\n")
            stage.edge.process.signal(SIGHUP)
            try Patience.wait(for: "the refusal") { stage.edge.process.errors.contains("CONFIG_REJECTED") }
            #expect(try Curl.get(stage.edge, "/").status == 200)
        }
    }

    private let answerOne: ScriptedBackend.Serve = { try $0.respond(200, body: "one") }

    @Test func aNewConfigurationIsAppliedWhole() throws {
        try Stage.open {
            try $0.respond(200, body: "one")
        } test: { stage in
            let other = try ScriptedBackend { try $0.respond(200, body: "two") }
            defer { other.stop() }
            var configuration = EdgeConfiguration(exposesDecision: false).with(endpoints: [other.address])
            configuration.certificates = [try TestCertificates.shared.get().localhost]
            let client = try FrameClient(stage.edge)
            #expect(try client.exchange(FrameClient.get("/")).text == "one")
            try stage.edge.reload(configuration)
            try Patience.wait(for: "the new endpoint") { try client.exchange(FrameClient.get("/")).text == "two" }
            #expect(try client.exchange(FrameClient.get("/")).fields?.has("x-portolan-region") == false)
            #expect(stage.edge.process.errors.contains("CONFIG_APPLIED"))
        }
    }

    @Test func theAccessLogHasALineForEachRequest() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let head = FrameClient.get("/logged?x=1", ["x-request-id": "known"])
            _ = try FrameClient(stage.edge).exchange(head)
            var line: [String: Any] = [:]
            try Patience.wait(for: "the line") {
                let text = stage.edge.folder.read("access.log").split(separator: "\n").first { $0.contains("known") }
                let object = text.flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
                line = object as? [String: Any] ?? [:]
                return !line.isEmpty
            }
            #expect(line["request_id"] as? String == "known" && line["method"] as? String == "GET")
            #expect(line["status"] as? Int == 200 && line["region"] as? String == "us-east")
            #expect(line["cell"] as? String == "use-a" && line["listener"] as? String == "plain")
            #expect((line["path"] as? String)?.hasPrefix("/logged") == true)
            #expect((line["attempts"] as? [Any])?.count == 1)
        }
    }

    @Test func metricsAndStatusCountRequests() throws {
        try Stage.open(serve: HeaderTests.plain) { stage in
            let client = try FrameClient(stage.edge)
            for _ in 0..<7 { _ = try client.exchange(FrameClient.get("/")) }
            let page = try stage.edge.admin("/metrics")
            #expect(page.status == 200 && page.body.contains("portolan_"))
            #expect(page.body.contains(/portolan_requests_total[^\n]* 7(\.0)?\n/))
            #expect(try stage.edge.admin("/healthz").status == 200)
            #expect(try stage.edge.admin("/v1/status").body.contains("\"generation\""))
        }
    }
}

/// A listening socket that shares its port with nobody.
private final class Blocker {
    private let descriptor: Int32

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = FrameSocket.loopback(port)
        address.sin_addr.s_addr = UInt32(0x7F00_0002).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, 16) }
        }
        guard result == 0, listen(descriptor, 1) == 0 else { throw HarnessError("cannot block port \(port)") }
    }

    deinit { close(descriptor) }
}

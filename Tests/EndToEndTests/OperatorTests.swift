import Foundation
import Testing

/// Weights, drains and explain, by the command line on a running edge under load.
@Suite(.serialized, .timeLimit(.minutes(2)))
struct OperatorTests {
    /// Two cells of one region, an endpoint each.
    struct World {
        let folder: TemporaryFolder
        let servers: [Nghttpd]
        let edge: RunningEdge

        /// - Parameter drains: keys of its section.
        init(drains: [String] = []) throws {
            folder = try TemporaryFolder()
            try folder.write("healthz", "ok")
            try folder.write("small", byteCount: 128)
            servers = [try Nghttpd(serving: folder), try Nghttpd(serving: folder)]
            var configuration = EdgeConfiguration()
            if !drains.isEmpty { configuration.sections = ["drains: {\(drains.joined(separator: ", "))}"] }
            let cells = zip(["use-a", "use-b"], servers).map { name, server in
                EdgeConfiguration.Cell(name: name, endpoints: ["127.0.0.1:\(server.port)"])
            }
            edge = try RunningEdge(configuration.with(regions: [.init(name: "us-east", cells: cells)]))
        }

        func portolan(_ arguments: String...) throws -> Command {
            try Command.run(
                Programs.portolan, arguments + ["--admin", "unix:\(edge.folder.file("admin.sock"))"], within: 30)
        }

        /// How many of so many requests each cell serves, once every worker goes by the present snapshot.
        func served(of count: Int) throws -> [String: Int] {
            try waitUntilApplied()
            let client = try FrameClient(edge)
            var served: [String: Int] = [:]
            for _ in 0..<count {
                let answer = try client.exchange(FrameClient.get("/small"))
                served[answer.fields?["x-portolan-cell"] ?? "?", default: 0] += 1
            }
            return served
        }

        private func waitUntilApplied() throws {
            try Patience.wait(for: "the workers") {
                let text = try edge.admin("/v1/status").body
                let status = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
                let generation = status?["generation"] as? Int
                return (status?["acknowledged_generations"] as? [Int])?.allSatisfy { $0 == generation } == true
            }
        }
    }

    @Test func weightsAreExactAndReturn() throws {
        let world = try World()
        #expect(try world.served(of: 100) == ["use-a": 50, "use-b": 50])
        for percent in [37, 1, 99] {
            let said = try world.portolan("weight", "use-a", "\(percent)", "--reason", "test")
            #expect(said.status == 0 && said.output.contains("\(percent) %"), "\(said.errors)")
            let served = try world.served(of: 200)
            #expect(abs((served["use-a"] ?? 0) - 2 * percent) <= 1, "\(percent) %: \(served)")
        }
        #expect(try world.portolan("weight", "use-b", "2", "--reason", "test").status == 1)
        #expect(try world.portolan("cells").output.contains("99 % (of 50)"))
        #expect(try world.portolan("weight", "use-a", "reset", "--reason", "test").status == 0)
        let served = try world.served(of: 100)
        #expect(abs((served["use-a"] ?? 0) - 50) <= 1)
        #expect(world.edge.process.errors.contains("WEIGHT_CHANGED"))
    }

    static let modes: [[String]] = [["--now"], ["--over", "2s"]]

    @Test("a drain under load fails no request and leaves nothing behind", arguments: modes)
    func drains(mode: [String]) throws {
        let world = try World(drains: ["sessions: 1s"])
        let folder = try TemporaryFolder()
        let load = try RunningLoad(
            world.edge, "/small", ["-D", "7", "-c", "4", "-m", "10", "--rps", "100"], in: folder)
        Patience.rest(1)
        let dry = try world.portolan("drain", "use-a", "--reason", "test", "--dry-run")
        #expect(dry.status == 0 && dry.output.contains("nothing was changed"))
        let said = try Command.run(
            Programs.portolan,
            ["drain", "use-a", "--reason", "test", "--wait", "--admin", "unix:\(world.edge.folder.file("admin.sock"))"]
                + mode, within: 20)
        #expect(said.status == 0 && said.output.contains("use-a: drained"), "\(said.output)\(said.errors)")
        #expect(try world.served(of: 20) == ["use-b": 20])
        #expect(try world.portolan("drain", "use-b", "--now", "--reason", "test").status == 1)
        let undrain = try world.portolan("undrain", "use-a", "--reason", "test")
        #expect(undrain.status == 0 && undrain.output.contains("1 %"), "\(undrain.errors)")
        let report = try load.report()
        #expect(report.succeeded >= 1_500, "\(report.text)")
        #expect(report.failed == 0 && report.statuses[500] == 0 && report.statuses[400] == 0, "\(report.text)")
        let events = world.edge.process.errors
        for kind in ["DRAIN_STARTED", "DRAIN_EMPTIED", "DRAIN_UNDRAINING"] { #expect(events.contains(kind)) }
    }

    @Test func explainSaysWhatHappens() throws {
        let world = try World()
        _ = try world.portolan("drain", "use-a", "--now", "--reason", "test")
        let said = try world.portolan("explain", "GET", "/small")
        #expect(said.status == 0 && said.output.contains("us-east / use-b"), "\(said.output)\(said.errors)")
        #expect(said.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
        #expect(try world.portolan("explain", "GET", "/small", "-H", "x-region: nowhere").status == 0)
        let json = try world.portolan("drains", "--json")
        #expect(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) is [String: Any])
    }
}

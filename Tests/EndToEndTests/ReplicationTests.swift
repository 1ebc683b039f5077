import Foundation
import Testing

/// Replication lag, from positions that two programs serve.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct ReplicationTests {
    /// One region's position, in all the ways in which it can be read.
    private final class Copy {
        let folder: TemporaryFolder
        private(set) var process: ChildProcess
        let port: String

        init(_ position: String) throws {
            folder = try TemporaryFolder()
            let file = try folder.write("position", position)
            process = try ChildProcess(
                Programs.find("python3"), [Programs.scripts + "/positions.py", file], name: "positions", in: folder)
            let process = process
            try Patience.wait(for: "the positions", within: 20) { process.output.contains("\n") }
            port = String(process.output.prefix { $0 != "\n" })
        }

        func say(_ position: String) throws {
            // At once: half a file would be another position.
            let new = try folder.write("next", position)
            guard rename(new, folder.file("position")) == 0 else { throw HarnessError("cannot rename \(new)") }
        }

        var prometheus: String { "{prometheus: \"http://127.0.0.1:\(port)/metrics\", metric: app_position}" }
        var json: String { "{json: \"http://127.0.0.1:\(port)/json\", pointer: /replication/copies/0/position}" }
        var header: String { "{header: \"http://127.0.0.1:\(port)/header\", name: X-App-Position}" }
    }

    /// What the edge says of one copy.
    private struct Said {
        var lag: Int?
        var tier = ""
        var isUnknown = true
        var isAsOfLoss = false
        var cause = ""
    }

    private struct World {
        let backend: ScriptedBackend
        let owner: Copy
        let copy: Copy
        var configuration: EdgeConfiguration
        let edge: RunningEdge

        init() throws {
            backend = try ScriptedBackend { $0.respond(200) }
            (owner, copy) = (try Copy("clock"), try Copy("clock"))
            let address = backend.address
            configuration = EdgeConfiguration().with(
                regions: ["us-east", "eu-west"].map { name in
                    EdgeConfiguration.Region(
                        name: name, cells: [.init(name: "\(name)-a", endpoints: [address])],
                        settings: ["replication: {backend: [\"\(address)\"]}"])
                })
            configuration.datasets = World.datasets(owner, copy)
            edge = try RunningEdge(configuration)
        }

        static func datasets(_ owner: Copy, _ copy: Copy) -> [String] {
            let tiers = "tiers: {fresh: 1s, near: 3s, stale: 6s}"
            return [
                "orders: {owner: us-east, \(tiers), positions: "
                    + "{us-east: \(owner.prometheus), eu-west: \(copy.prometheus)}}",
                "carts: {owner: us-east, \(tiers), positions: {us-east: \(owner.json), eu-west: \(copy.header)}}",
                "logs: {mode: multi}",
            ]
        }

        func said(_ region: String, _ dataset: String = "orders") throws -> Said {
            let text = try edge.admin("/v1/regions/\(region)").body
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            let all = object?["replication"] as? [[String: Any]] ?? []
            guard let one = all.first(where: { $0["dataset"] as? String == dataset }) else { return Said() }
            return Said(
                lag: one["lag_milliseconds"] as? Int, tier: one["tier"] as? String ?? "",
                isUnknown: one["is_unknown"] as? Bool ?? true, isAsOfLoss: one["lag_as_of_loss"] as? Bool ?? false,
                cause: one["cause"] as? String ?? "")
        }

        func metric(_ name: String, _ region: String) throws -> String? {
            let start = "portolan_replication_\(name){dataset=\"orders\",region=\"\(region)\"} "
            let line = try edge.admin("/metrics").body.split(separator: "\n").first { $0.hasPrefix(start) }
            return line.map { String($0.dropFirst(start.count)) }
        }

        func portolan(_ arguments: String...) throws -> String {
            let admin = ["--admin", "unix:\(edge.folder.file("admin.sock"))"]
            let said = try Command.run(Programs.portolan, arguments + admin, within: 30)
            #expect(said.status == 0, "\(said.errors)")
            return said.output
        }

        var events: [String] {
            edge.process.errors.split(separator: "\n").map(String.init).filter { $0.contains("LAG_TIER_CHANGED") }
        }
    }

    @Test func lagGrowsWhileACopyStandsStillAndIsUnknownWhenItIsGone() throws {
        var world = try World()
        defer { world.backend.stop() }
        for dataset in ["orders", "carts"] {
            try Patience.wait(for: "\(dataset) to be fresh", within: 30) {
                let said = try world.said("eu-west", dataset)
                return !said.isUnknown && said.tier == "fresh" && said.lag ?? .max < 1_000
            }
        }
        #expect(try world.said("us-east").lag == 0 && world.said("us-east", "logs").tier == "")
        // The copy stands still: its lag is the time since then.
        try world.copy.say(String(Int(Patience.wallNow * 1_000)))
        let cut = Patience.now
        for tier in ["near", "stale", "broken"] {
            try Patience.wait(for: tier, within: 30) { try world.said("eu-west").tier == tier }
            let (lag, real) = (try world.said("eu-west").lag ?? -1, (Patience.now - cut) * 1_000)
            #expect(abs(Double(lag) - real) < 2_500, "\(lag) ms after \(real) ms")
            print("\(tier) at \(Int(real)) ms, told as \(lag) ms")
        }
        #expect(try world.metric("tier", "eu-west") == "3" && world.metric("known", "eu-west") == "1")
        #expect(try world.metric("lag_seconds", "eu-west").flatMap { Double($0) } ?? 0 >= 6)
        #expect(try world.said("us-east").lag == 0)
        #expect(try world.portolan("owner", "show", "orders").contains(/eu-west +\d+\.?\d* s +broken +\d{13}/))
        #expect(try world.portolan("regions").contains(/eu-west +us +open +1\/1 .* broken/))
        #expect(world.events.filter { $0.contains("orders is") }.count == 3)
        // It catches up, and is gone.
        try world.copy.say("clock")
        try Patience.wait(for: "the copy to catch up", within: 30) { try world.said("eu-west").tier == "fresh" }
        world.copy.process.kill()
        try Patience.wait(for: "unknown", within: 30) { try world.said("eu-west").isUnknown }
        let gone = try world.said("eu-west")
        #expect(gone.tier == "broken" && gone.cause.hasPrefix("silent for 3 reads: "), "\(gone)")
        #expect(try world.metric("known", "eu-west") == "0" && world.metric("lag_seconds", "eu-west") == nil)
        try Patience.wait(for: "the event") { world.events.last?.contains("unknown: silent for 3 reads") == true }
        // Another takes its place.
        let next = try Copy("clock")
        world.configuration.datasets = World.datasets(world.owner, next)
        try world.edge.reload(world.configuration)
        try Patience.wait(for: "the new copy", within: 30) { try world.said("eu-west").tier == "fresh" }
        #expect(try world.edge.stop() == 0)
    }

    @Test func copiesOfASilentOwnerAreJudgedByWhereItWas() throws {
        let world = try World()
        defer { world.backend.stop() }
        try world.copy.say("clock-4000")
        try Patience.wait(for: "a lag of 4 s", within: 30) {
            let said = try world.said("eu-west")
            return (3_000...5_500).contains(said.lag ?? 0) && said.tier == "stale"
        }
        // It hangs: its page is asked for, and never comes.
        world.owner.process.signal(SIGSTOP)
        try Patience.wait(for: "the owner to be silent", within: 30) { try world.said("us-east").isUnknown }
        try Patience.wait(for: "the reason", within: 10) {
            try world.said("us-east").cause == "silent for 3 reads: no answer within 1000 ms"
        }
        try Patience.wait(for: "the copy to catch up with what there was", within: 30) {
            let said = try world.said("eu-west")
            return said.isAsOfLoss && said.lag == 0 && said.tier == "fresh"
        }
        // However long the owner stays away, nobody ages by it.
        Patience.rest(3)
        #expect(try world.said("eu-west").lag == 0 && world.said("eu-west").isAsOfLoss)
        world.owner.process.signal(SIGCONT)
        try Patience.wait(for: "the owner", within: 30) { try world.said("us-east").isUnknown == false }
        #expect(try world.edge.stop() == 0)
    }
}

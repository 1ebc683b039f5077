import Foundation
import Testing

/// Regions on hosts of their own, at a distance, whose links are cut, one way or both, or lose packets.
@Suite(.serialized, .timeLimit(.minutes(3)))
struct NetworkTests {
    /// Limits of the page, plus a quarter for a busy machine.
    static let silentSeconds = 3.0 * 1.25
    static let refusedSeconds = 1.6 * 1.25

    /// An edge with the regions `us` (its own), `eu` and `ap`, two endpoints each, 1, 80 and 160 ms away and back.
    struct World {
        let network: Network
        let folder: TemporaryFolder
        let servers: [String: [Nghttpd]]
        let edge: RunningEdge

        init() throws {
            let distances = [("us", 0.5, 0.1), ("eu", 40.0, 2.0), ("ap", 80.0, 2.0)]
            let network = try Network(distances.map { Network.Distance(region: $0.0, delay: $0.1, jitter: $0.2) })
            let folder = try TemporaryFolder()
            try folder.write("healthz", "ok")
            try folder.write("small", byteCount: 128)
            var servers: [String: [Nghttpd]] = [:]
            var regions: [EdgeConfiguration.Region] = []
            for (name, _, _) in distances {
                let address = network.address(name)
                servers[name] = try [7001, 7002].map {
                    try Nghttpd(serving: folder, in: network.namespace(name), at: address, port: $0)
                }
                let cell = EdgeConfiguration.Cell(name: "\(name)-a", endpoints: ["\(address):7001", "\(address):7002"])
                regions.append(EdgeConfiguration.Region(name: name, cells: [cell]))
            }
            (self.network, self.folder, self.servers) = (network, folder, servers)
            let edge = try RunningEdge(EdgeConfiguration().with(regions: regions), namespace: network.edge)
            self.edge = edge
            try Patience.wait(for: "every endpoint to be up", within: 10) {
                try edge.admin("/v1/cells").body.components(separatedBy: "\"health\":\"up\"").count == 7
            }
        }

        /// 1,000 requests a second for `seconds`; `fault` comes after two.
        func load(seconds: Int, _ fault: () throws -> Void) throws -> (report: LoadReport, faultAt: Double) {
            let options = ["-D", "\(seconds)", "-c", "40", "-m", "100", "--rps", "25"]
            let load = try RunningLoad(edge, "/small", options, in: folder)
            Patience.rest(2)
            let moment = Patience.wallNow
            try fault()
            return (try load.report(), moment)
        }
    }

    /// Seconds from the fault to the start of the first second in which every request begun was answered as usual:
    /// within a round trip of the farthest region, its connection's making included, and some time for a busy machine.
    static func firstCleanSecond(_ report: LoadReport, after fault: Double) -> Double {
        let late = report.requests.filter { $0.start >= fault - 3 && ($0.status != 200 || $0.seconds > 0.5) }
        return max(0, (late.map(\.start).max() ?? fault) - fault)
    }

    static func describe(_ run: (report: LoadReport, faultAt: Double)) -> String {
        let window = run.report.requests.filter { $0.start > run.faultAt - 1 && $0.start < run.faultAt + 4 }
        let times = window.map(\.seconds).sorted()
        let tail = times.isEmpty ? 0 : times[min(times.count - 1, times.count * 999 / 1_000)]
        let clean = firstCleanSecond(run.report, after: run.faultAt)
        return "clean after \(clean) s, p99.9 in the window \(tail) s, \(run.report.failed) failed of "
            + "\(run.report.succeeded) requests"
    }

    /// How the requests that were not answered with 200 ended, by the edge's own log.
    static func failures(_ world: World) -> String {
        var counts: [String: Int] = [:]
        for line in world.edge.folder.read("access.log").split(separator: "\n")
        where line.contains("\"request_id\"") && !line.contains("\"status\":200") {
            let text = line.firstRange(of: "\"endpoint\"").map { String(line[$0.lowerBound...].prefix(300)) } ?? ""
            let key = text.replacing(#/"(generation|duration_us|upstream_us|bytes_in|bytes_out)":\d+,?/#, with: "")
            counts[key, default: 0] += 1
        }
        return counts.map { "\($0.value) × \($0.key)" }.joined(separator: "\n")
    }

    static let cuts: [[Network.Direction]] = [Network.Direction.allCases, [.toRegion], [.fromRegion]]

    @Test("a region whose packets are lost costs time, not failure", arguments: cuts)
    func aCutRegion(_ directions: [Network.Direction]) throws {
        let world = try World()
        let run = try world.load(seconds: 8) { try world.network.cut("us", directions) }
        let said = NetworkTests.describe(run)
        print(said, NetworkTests.failures(world))
        #expect(run.report.succeeded >= 7_000, "\(run.report.text)")
        #expect(run.report.failed == 0 && run.report.statuses[500] == 0 && run.report.statuses[400] == 0, "\(said)")
        #expect(NetworkTests.firstCleanSecond(run.report, after: run.faultAt) <= NetworkTests.silentSeconds, "\(said)")
        #expect(Double(run.report.microseconds.last ?? 0) / 1e6 <= NetworkTests.silentSeconds, "\(said)")
        #expect(try world.edge.admin("/v1/status").body.contains("REGION_UNFIT"))
    }

    @Test func aRegionThatRefusesCostsTimeNotFailure() throws {
        let world = try World()
        let run = try world.load(seconds: 6) {
            for server in world.servers["us"] ?? [] { server.process.kill() }
        }
        let said = NetworkTests.describe(run)
        print(said)
        #expect(run.report.failed == 0 && run.report.statuses[500] == 0, "\(said)")
        #expect(NetworkTests.firstCleanSecond(run.report, after: run.faultAt) <= NetworkTests.refusedSeconds, "\(said)")
    }

    @Test func aLinkThatLosesPacketsIsNoReasonToLeave() throws {
        let world = try World()
        let run = try world.load(seconds: 6) { try world.network.lose(1, of: "us") }
        #expect(run.report.failed == 0 && run.report.statuses[500] == 0, "\(run.report.text)")
        #expect(try !world.edge.admin("/v1/status").body.contains("REGION_UNFIT"))
    }

    @Test func distancesAreWhatTheEdgeSays() throws {
        let world = try World()
        let regions = try world.edge.admin("/v1/regions").body
        let object = try #require(try JSONSerialization.jsonObject(with: Data(regions.utf8)) as? [String: Any])
        let all = try #require(object["regions"] as? [[String: Any]])
        let times = all.compactMap { $0["rtt_microseconds"] as? Int }
        // A probe makes its connection first: two round trips.
        #expect(times.count == 3 && times[0] < times[1] && times[1] < times[2], "\(times)")
        #expect(times[1] >= 80_000 && times[2] >= 160_000, "\(times)")
    }
}

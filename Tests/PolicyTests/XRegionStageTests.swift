import Model
import Policy
import Support
import Testing

struct XRegionStageTests {
    struct Row: CustomTestStringConvertible, Sendable {
        var wanted: String?
        var dead: [String] = []
        var forces = false
        /// Where it goes, or nil for a refusal with `status`.
        var goes: String?
        var status: UInt16 = 0
        var reason: Reason
        var isFallback = false
        var isPanic = false
        var testDescription: String { "\(wanted ?? "no header"), dead \(dead), force \(forces)" }
    }

    static let prefer = [
        Row(wanted: nil, goes: "us", reason: .localRegion),
        Row(wanted: "eu", goes: "eu", reason: .xRegion),
        Row(wanted: "us", goes: "us", reason: .xRegion),
        Row(wanted: "eu", dead: ["eu"], goes: "us", reason: .regionFallback, isFallback: true),
        Row(wanted: "us", dead: ["us"], goes: "eu", reason: .regionFallback, isFallback: true),
        Row(wanted: "eu", dead: ["eu", "us"], goes: "ap", reason: .regionFallback, isFallback: true),
        Row(
            wanted: "eu", dead: ["eu", "us", "ap"], goes: "us", reason: .regionFallback, isFallback: true,
            isPanic: true),
        Row(wanted: "mars", goes: "us", reason: .localRegion),
        Row(wanted: "", goes: "us", reason: .localRegion),
        Row(wanted: "EU", goes: "us", reason: .localRegion),
        Row(wanted: "mars", dead: ["us"], goes: "eu", reason: .latency),
    ]
    static let force = [
        Row(wanted: nil, forces: true, goes: "us", reason: .localRegion),
        Row(wanted: "eu", forces: true, goes: "eu", reason: .xRegion),
        Row(wanted: "eu", dead: ["eu"], forces: true, status: 503, reason: .xRegionUnavailable),
        Row(wanted: "us", dead: ["us"], forces: true, status: 503, reason: .xRegionUnavailable),
        Row(wanted: "eu", dead: ["eu", "us", "ap"], forces: true, status: 503, reason: .xRegionUnavailable),
        Row(wanted: "mars", forces: true, status: 400, reason: .xRegionUnknown),
        Row(wanted: "", forces: true, status: 400, reason: .xRegionUnknown),
    ]

    @Test(arguments: prefer + force)
    func routes(_ row: Row) {
        var world = SnapshotFixture.three
        world.routes = [.route("r", forcesXRegion: row.forces)]
        for region in row.dead { world.setRegion(region, .down) }
        let ask = Ask(world)
        let decision = ask(xRegion: row.wanted)
        #expect(decision.region == row.goes.map { world.region($0) } ?? .none)
        #expect(decision.isRefused == (row.goes == nil) && decision.status == row.status)
        #expect(decision.reason == row.reason)
        #expect(decision.isFallback == row.isFallback && decision.isPanic == row.isPanic)
        #expect(decision.wantedRegion == (row.isFallback ? world.region(row.wanted ?? "") : .none))
    }

    @Test("a standby and a region whose cells all have weight 0 are not there to be named")
    func closedRegions() {
        var world = SnapshotFixture.three
        world.regions[1].takesNewWork = false
        (world["ap-a"].weight, world["ap-b"].weight) = (0, 0)
        let ask = Ask(world)
        for name in ["eu", "ap"] {
            let decision = ask(xRegion: name)
            #expect(decision.region == world.region("us") && decision.isFallback)
        }
    }
}

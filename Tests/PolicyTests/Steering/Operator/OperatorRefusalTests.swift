import Model
import Testing

@testable import Policy

struct OperatorRefusalTests {
    struct Row: Sendable, CustomTestStringConvertible {
        /// What was done before.
        var first: [OperatorCommand.Change] = []
        let change: OperatorCommand.Change
        let code: OperatorRefusal.Code
        let status: Int
        let detail: String
        var testDescription: String { "\(code.rawValue): \(detail)" }
    }

    static func drain(_ target: String, _ mode: Drain.Mode = .ramp) -> OperatorCommand.Change {
        .drain(target: target, mode: mode, overMilliseconds: nil)
    }

    static let rows: [Row] = [
        Row(
            change: .setWeight(cell: "nope", percent: 1), code: .unknownTarget, status: 404,
            detail: "no cell “nope”; there are use-a, use-b, use-c, euw-a, euw-b"),
        Row(
            change: .setDial(region: "use-a", percent: 1), code: .unknownTarget, status: 404,
            detail: "no region “use-a”; there are us-east, eu-west"),
        Row(
            change: drain("x"), code: .unknownTarget, status: 404,
            detail:
                "no cell or region “x”; there are the cells use-a, use-b, use-c, euw-a, euw-b and the regions us-east, "
                + "eu-west"),
        Row(
            change: .setWeight(cell: "use-a", percent: 101), code: .outOfRange, status: 400,
            detail: "101 % is no share: give a whole percent from 0 to 100"),
        Row(
            change: .drain(target: "use-a", mode: .ramp, overMilliseconds: 90_000_000), code: .outOfRange, status: 400,
            detail: "a ramp of 25 h is too long: give at most 24h"),
        Row(
            change: .drain(target: "use-a", mode: .ramp, overMilliseconds: 86_400_000), code: .outOfRange, status: 400,
            detail:
                "a ramp of 24 h and 90 s for its sessions would never be through before it expires in 12 h: give a "
                + "shorter ramp or a longer expiry"),
        Row(
            first: [.setWeight(cell: "use-b", percent: 60)], change: .setWeight(cell: "use-a", percent: 50),
            code: .weightsExceed, status: 409,
            detail:
                "the set weights of us-east would sum to 110 % (use-a 50 %, use-b 60 %): lower or reset one; 100 % is "
                + "all"),
        Row(
            first: [.setWeight(cell: "euw-b", percent: 30), .setWeight(cell: "euw-a", percent: 70)],
            change: .setWeight(cell: "euw-a", percent: 60), code: .weightsIncomplete, status: 409,
            detail:
                "the set weights of eu-west would sum to 90 % (euw-a 60 %, euw-b 30 %) and no other cell is there to "
                + "take the remaining 10 %: set another one first, or reset one"),
        Row(change: .undrain(target: "use-a"), code: .notDraining, status: 404, detail: "use-a is not draining"),
        Row(change: .undrainID(7), code: .notDraining, status: 404, detail: "there is no drain 7 in force"),
        Row(
            first: [drain("us-east")], change: .undrain(target: "use-a"), code: .notDraining, status: 404,
            detail: "use-a drains with its region us-east: undrain us-east"),
        Row(
            first: [drain("use-a")], change: drain("use-a"), code: .alreadyDraining, status: 409,
            detail: "use-a is draining already (drain 1, ramping, at 100 %): undrain it first"),
        Row(
            first: [drain("us-east")], change: drain("use-a"), code: .alreadyDraining, status: 409,
            detail: "the region us-east is draining with all its cells (drain 1, ramping, at 100 %)"),
        Row(
            first: [drain("use-a")], change: drain("use-b"), code: .otherCellDraining, status: 409,
            detail: "use-a of us-east is draining (drain 1, ramping, at 100 %): wait until it is back, or force"),
        Row(
            first: [.setWeight(cell: "use-a", percent: 100)], change: drain("use-a"), code: .lastFitCell, status: 409,
            detail:
                "use-a is the last fit cell of us-east (0 of 2 others are fit and have weight): drain the region, or "
                + "force"),
        Row(
            first: [drain("us-east", .now)], change: drain("eu-west"), code: .lastFitRegion, status: 409,
            detail:
                "eu-west is the last region that serves (0 of 1 others are fit and open): force to drain it all the "
                + "same"),
        Row(
            first: [.setDial(region: "us-east", percent: 0)], change: drain("eu-west"), code: .lastFitRegion,
            status: 409,
            detail:
                "eu-west is the last region that serves (0 of 1 others are fit and open): force to drain it all the "
                + "same"),
    ]

    @Test("each refusal says why, with the numbers, and what would be right", arguments: rows)
    func refuses(row: Row) throws {
        var world = IntentWorld()
        for change in row.first { try world.ask(change) }
        let before = world.intent
        let answer = world.refusal(row.change)
        let refusal = try #require(answer)
        #expect(refusal.code == row.code && refusal.status == row.status)
        #expect(refusal.detail == row.detail)
        #expect(world.intent == before)
        let isSafety = [.otherCellDraining, .lastFitCell, .lastFitRegion, .alreadyDraining].contains(row.code)
        let isRefused = world.refusal(row.change, isForced: true) != nil
        #expect(isRefused != isSafety)
    }

    /// Requests a second and capacity of use-b and use-c when use-a is to be drained.
    static let loads: [(load: Double, capacities: [Int?], isRefused: Bool)] = [
        (80, [50, 50], false), (80.5, [50, 50], true), (800, [50, nil], false), (800, [nil, nil], false),
    ]

    @Test("what remains must carry the load within 80 % of its capacity", arguments: loads)
    func capacity(load: Double, capacities: [Int?], isRefused: Bool) throws {
        var world = IntentWorld()
        world.view.regions[0].cells[0].requestsPerSecond = load
        for (place, capacity) in capacities.enumerated() {
            world.view.regions[0].cells[place + 1].capacity = capacity
            world.view.regions[1].cells[place].capacity = capacity
        }
        // A cell's drain looks at its region, a region's at the others.
        for target in ["use-a", "us-east"] {
            let refusal = world.refusal(OperatorRefusalTests.drain(target))
            #expect(refusal?.code == (isRefused ? .overCapacity : nil))
            let what = target == "use-a" ? "the other cells of us-east" : "the other regions"
            if isRefused {
                #expect(
                    refusal?.detail
                        == "\(what) can carry 80 requests/s within 80 % of their capacity of 100; the load is 81: "
                        + "add capacity, or force")
            }
            world.intent = OperatorIntent()
        }
    }

    @Test("a cell that does not serve may be drained: it takes nothing away")
    func illCell() {
        var world = IntentWorld()
        for place in 0..<3 { world.view.regions[0].cells[place].isFit = place == 1 }
        let codes = ["use-b", "use-a"].map { world.refusal(OperatorRefusalTests.drain($0))?.code }
        #expect(codes == [.lastFitCell, nil])
    }

    /// How use-a, use-b, use-c, then both cells of eu-west are: f fit, i ill, u nobody knows yet.
    static let firstSeconds: [(cells: String, capacity: Int?, cell: String?, region: String?)] = [
        ("uuu uu", nil, "health_unknown", "health_unknown"), ("fuu uu", nil, "health_unknown", "health_unknown"),
        ("ffu fu", nil, nil, nil), ("ufu uf", nil, nil, nil),
        // Whatever comes out: nothing else can serve, or nothing is taken away.
        ("uii ii", nil, "last_fit_cell", "last_fit_region"), ("iuu uu", nil, nil, "health_unknown"),
        ("iii uu", nil, nil, nil), ("fui uf", nil, "health_unknown", nil), ("fuf ii", nil, nil, "last_fit_region"),
        // 1,000 requests/s, which two others carry with 800 each and one does not.
        ("fff ff", 800, nil, nil), ("ffu fu", 800, "health_unknown", "health_unknown"),
        ("ffi fi", 800, "over_capacity", "over_capacity"), ("ffu fu", 500, "over_capacity", "over_capacity"),
        ("fuu uu", 500, "over_capacity", "over_capacity"),
    ]
    @Test("what hangs on a first probe is refused for that; what does not is judged as ever", arguments: firstSeconds)
    func unknown(row: (cells: String, capacity: Int?, cell: String?, region: String?)) {
        var world = IntentWorld()
        for (region, letters) in row.cells.split(separator: " ").enumerated() {
            for (place, letter) in letters.enumerated() {
                world.view.regions[region].cells[place].isFit = letter == "f"
                world.view.regions[region].cells[place].isUnknown = letter == "u"
                world.view.regions[region].cells[place].capacity = row.capacity
            }
        }
        world.view.regions[0].cells[0].requestsPerSecond = 1_000
        for (target, code) in [("use-a", row.cell), ("us-east", row.region)] {
            var world = world
            #expect(world.refusal(OperatorRefusalTests.drain(target))?.code.rawValue == code, "\(target)")
            #expect(world.refusal(OperatorRefusalTests.drain(target), isForced: true) == nil)
        }
    }

    @Test("who is waited for is named, with what is feared")
    func unknownWords() {
        var world = IntentWorld()
        for place in 1...2 {
            world.view.regions[0].cells[place].isFit = false
            world.view.regions[0].cells[place].isUnknown = true
        }
        #expect(
            world.refusal(OperatorRefusalTests.drain("use-a"))?.detail
                == "it is not known yet whether use-b, use-c can serve: try again once each endpoint there was probed,"
                + " or force; if not: use-a is the last fit cell of us-east (0 of 2 others are fit and have weight):"
                + " drain the region, or force")
    }

    @Test("a name that a cell and a region have is told apart")
    func ambiguous() throws {
        var world = IntentWorld()
        world.view.regions[1].name = "use-a"
        let refusal = world.refusal(OperatorRefusalTests.drain("use-a"))
        #expect(refusal?.code == .ambiguousTarget)
        try world.ask(OperatorRefusalTests.drain("region/use-a"))
        #expect(world.kept(1) == 10_000)
        world.pass(milliseconds: 15_000)
        #expect(world.kept(1) == 5_000 && world.kept() == 10_000)
        try world.ask(OperatorRefusalTests.drain("cell/use-a"))
    }

    @Test("every code has its status")
    func statuses() {
        #expect(OperatorRefusal.Code.allCases.allSatisfy { [400, 404, 409].contains(OperatorRefusal($0, "").status) })
        #expect(Set(OperatorRefusal.Code.allCases.map(\.rawValue)).count == OperatorRefusal.Code.allCases.count)
    }
}

import Model
import Policy
import Support
import Testing

struct ExplanationTests {
    /// What `explain` says is what `decide` does; and no stage brings back what one before it took.
    @Test func agreesAndNeverWidens() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<300 {
            let (world, seed) = (RandomWorld.world(&random), random.next())
            let (one, other) = (Ask(world, seed: seed), Ask(world, seed: seed))
            for _ in 0..<40 {
                let facts = RandomWorld.facts(one.snapshot, &random)
                let (decision, explanation) = (one.decide(facts), other.explain(facts))
                try #require(explanation.decision == decision, "seed \(random.seed), round \(round)")
                let mistake = ExplanationTests.mistake(explanation, one.snapshot)
                try #require(mistake == nil, "seed \(random.seed), round \(round)")
            }
        }
    }

    static func mistake(_ explanation: Explanation, _ snapshot: Snapshot) -> String? {
        var before = snapshot.regions.indices.map { RegionID(rawValue: UInt16($0)) }
        for (index, step) in explanation.steps.enumerated() {
            if step.stage.rawValue != index + 1 { return "a stage is missing" }
            if Set(step.left + step.lost.map(\.region)) != Set(before) { return "\(step.stage) widens or forgets" }
            if step.left.count + step.lost.count != before.count { return "\(step.stage) keeps what it lost" }
            before = step.left
        }
        let decision = explanation.decision
        if decision.isRefused { return explanation.cells.isEmpty && explanation.endpoints.isEmpty ? nil : "rows" }
        if before != [decision.region] { return "stage 6 left more than one" }
        if explanation.cells.filter({ $0.loss == nil }).map(\.cell) != [decision.cell] { return "cells" }
        return explanation.endpoints.filter { $0.loss == nil }.map(\.endpoint) == [decision.endpoint]
            ? nil : "endpoints"
    }

    struct Row: CustomTestStringConvertible, Sendable {
        var loss: Loss
        var stage: Stage
        var subject: String
        var tenant: StaticString?
        var method = Method.get
        var xRegion: StaticString?
        var holds: String?
        var change: @Sendable (inout SnapshotFixture) -> Void
        var testDescription: String { "\(loss)" }
    }

    static func row(
        _ loss: Loss, _ stage: Stage, _ subject: String, tenant: StaticString? = nil, method: Method = .get,
        xRegion: StaticString? = nil, holds: String? = nil,
        _ change: @escaping @Sendable (inout SnapshotFixture) -> Void = { _ in }
    ) -> Row {
        Row(
            loss: loss, stage: stage, subject: subject, tenant: tenant, method: method, xRegion: xRegion, holds: holds,
            change: change)
    }

    static let rows = [
        row(.outsideFence, .residency, "eu", tenant: "american"), row(.notOwner, .ownership, "us", method: .post),
        row(.notNamed, .xRegion, "us", xRegion: "ap"), row(.notHeld, .session, "us", holds: "eu-a"),
        row(.sessionLeaves, .session, "eu", holds: "eu-a") {
            $0.drain("eu-a", 10_000)
            $0["eu-b"].leavingSlots = 10_000
        },
        row(.standby, .fitness, "us") { $0[region: "us"].takesNewWork = false },
        row(.dialZero, .fitness, "us") { $0[region: "us"].dial = 0 },
        row(.noEndpointUp, .fitness, "us") { $0.setRegion("us", .down) },
        row(.noWeight, .fitness, "us") { ($0["us-a"].weight, $0["us-b"].weight) = (0, 0) },
        row(.worse, .fitness, "ap") { world in
            for name in ["us", "eu", "ap"] { world.setRegion(name, .down) }
        },
        row(.notHome, .latency, "us", tenant: "european"), row(.farther, .latency, "ap"),
        row(.notLocal, .latency, "ap") { $0[region: "us"].band = ["us", "ap"] },
        row(.dialedOut, .latency, "us") {
            $0[region: "us"].dial = 1
            $0[region: "us"].kept = 0
        },
        row(.spilled, .latency, "us") { $0[region: "us"].kept = 0 },
        row(.noWeight, .cell, "us-b") { $0["us-b"].weight = 0 },
        row(.drained, .cell, "us-b") { $0["us-b"].share = 0 },
        row(.noEndpointUp, .cell, "us-b") { $0.setCell("us-b", .unknown) },
        row(.notHeld, .cell, "us-b", holds: "us-a"), row(.notOwner, .cell, "eu-a", method: .post),
    ]

    @Test("why each one lost", arguments: rows)
    func losses(_ row: Row) {
        var world = ExplanationTests.world
        row.change(&world)
        let ask = Ask(world)
        let explanation = ask.explain(ExplanationTests.facts(row, world))
        if row.stage == .cell {
            let cell = explanation.cells.first { $0.cell == world.cell(row.subject) }
            #expect(cell?.loss == row.loss)
        } else {
            let step = explanation.steps.first { $0.stage == row.stage }
            #expect(step?.lost.first { $0.region == world.region(row.subject) }?.loss == row.loss)
        }
    }

    static var world: SnapshotFixture {
        var world = SnapshotFixture.three
        for index in 0..<3 { world.regions[index].jurisdiction = index }
        world[region: "eu"].replication = [.up]
        world.tenants = [.tenant("american", home: "us", 0), .tenant("european", home: "eu", 0, 1, 2)]
        world.datasets = [.dataset("orders", owner: "eu")]
        world.routes[0].dataset = 0
        return world
    }

    static func facts(_ row: Row, _ world: SnapshotFixture) -> RequestFacts {
        var facts = RequestFacts(method: row.method, authority: "example.com", path: "/")
        if let tenant = row.tenant { facts.tenant = ByteView(tenant) }
        if let name = row.xRegion { facts.xRegion = ByteView(name) }
        if let cell = row.holds {
            (facts.isKeyed, facts.hold) = (true, SessionStageTests.hold(world, cell))
        }
        return facts
    }

    @Test("endpoints: the drawn one, the busy one, the dead and the failed")
    func endpoints() {
        var world = SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up, .down, .unknown, .up, .up])])])
        world["a"].endpoints[4].warmth = 10
        let ask = Ask(world)
        for _ in 0..<3 { ask.began(world.endpoint("a", 3)) }
        var facts = RequestFacts(method: .get, authority: "example.com", path: "/")
        facts.excluded = world.endpoint("a", 4)
        let rows = ask.explain(facts).endpoints
        #expect(rows.map(\.loss) == [nil, .down, .unknownHealth, .notChosen, .justFailed])
        #expect(rows.map(\.inFlight) == [0, 0, 0, 3, 0] && rows.map(\.warmthPercent) == [100, 100, 100, 100, 10])
    }

    @Test("for people: one page, no line longer than 80 characters")
    func text() {
        var world = ExplanationTests.world
        let ask = Ask(world, seed: 3)
        var facts = RequestFacts(method: .get, authority: "example.com", path: "/")
        facts.tenant = "american"
        let explanation = ask.explain(facts)
        let cell = ask.snapshot.name(of: explanation.decision.cell)
        let endpoint = ask.snapshot.name(of: explanation.decision.endpoint)
        let text = explanation.text(ask.snapshot)
        #expect(
            text.hasPrefix("goes to       us / \(cell) / \(endpoint)\nreason        residency\nroute         default\n")
        )
        #expect(text.contains("1 residency   us\n              - eu: outside the tenant's jurisdictions\n"))
        #expect(text.contains("\n2 ownership   us\n") && text.contains("\n7 cell        "))
        world.regions[0].name = String(repeating: "x", count: 100)
        world.local = world.regions[0].name
        world.regions += (0..<30).map { .region("region-number-\($0)", [.cell("cell-\($0)", [.up])]) }
        world.tenants = []
        let wide = Ask(world)
        let page = wide.explain(RequestFacts(method: .get, authority: "example.com", path: "/")).text(wide.snapshot)
        for line in page.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(page.contains("region-number-29") && page.contains("…"))
    }

    @Test("no route, no stages")
    func noRoute() {
        let ask = Ask(SnapshotFixture(local: "us", [.region("us", [.cell("a", [.up])])], routes: []))
        let explanation = ask.explain(RequestFacts(method: .get, authority: "example.com", path: "/"))
        #expect(explanation.steps.isEmpty && explanation.decision.status == 404)
        #expect(explanation.text(ask.snapshot).contains("no route matches"))
    }

    @Test("every loss has words that fit behind a name")
    func words() { for loss in Loss.allCases { #expect(!loss.text.isEmpty && loss.text.count <= 50) } }
}

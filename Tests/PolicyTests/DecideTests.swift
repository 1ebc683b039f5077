import Model
import Policy
import Support
import Testing

struct DecideTests {
    /// Whatever the world looks like, a decision keeps to what is open, but in a panic; it hangs together; and the
    /// excluded endpoint is not in it.
    @Test func keepsToWhatIsOpen() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<400 {
            let ask = Ask(DecideTests.world(&random), seed: random.next())
            for _ in 0..<25 {
                let method = Method.allCases[Int(random.next(below: 10))]
                let region = [nil, nil, "r0", "r1", "r2", "nowhere"][Int(random.next(below: 6))]
                let count = UInt32(ask.snapshot.endpoints.count)
                let excluded =
                    random.next(below: 2) == 0 ? EndpointID.none : EndpointID(rawValue: random.next(below: count))
                let decision = ask(method, xRegion: region, excluded: excluded)
                let mistake = DecideTests.mistake(decision, ask, method, region, excluded)
                try #require(mistake == nil, "seed \(random.seed), round \(round)")
            }
        }
    }

    /// No request leaves its tenant's jurisdictions, in whatever world; what is decided hangs together.
    @Test func keepsTheFence() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var left = Scale.decisions
        while left > 0 {
            let ask = Ask(RandomWorld.world(&random), seed: random.next())
            let fences = (RandomWorld.tenants + ["x"]).map { name in
                var facts = RequestFacts(method: .get, authority: "", path: "/")
                facts.tenant = ByteView(name)
                return RandomWorld.fence(facts, ask.world).map {
                    RegionSet(bits: $0.reduce(0) { $0 | 1 << UInt64($1) })
                }
            }
            for _ in 0..<500 {
                let facts = RandomWorld.facts(ask.snapshot, &random)
                let decision = ask.decide(facts)
                let tenant = RandomWorld.tenants.firstIndex { ByteView($0).equals(facts.tenant) } ?? 5
                let mistake = DecideTests.fenceMistake(decision, ask.snapshot, facts, fences[tenant])
                try #require(mistake == nil, "seed \(random.seed), \(left) left")
                left -= 1
            }
        }
    }

    static func fenceMistake(
        _ decision: Decision, _ snapshot: Snapshot, _ facts: RequestFacts, _ fence: RegionSet?
    ) -> String? {
        if decision.allowed != fence ?? RegionSet(bits: .max) { return "another fence" }
        if fence?.isEmpty == true, decision.reason != .residencyDenied { return "an empty fence let it pass" }
        if decision.isRefused { return decision.region == .none && !decision.isWrite ? nil : "refused, and goes" }
        let (endpoint, cell) = (snapshot.endpoints[decision.endpoint.index], snapshot.cells[decision.cell.index])
        if let fence, !fence.contains(endpoint.region) { return "outside the fence" }
        if endpoint.cell != decision.cell || endpoint.region != decision.region || cell.region != decision.region {
            return "does not hang together"
        }
        if decision.endpoint == facts.excluded { return "the endpoint that just failed" }
        if decision.isWrite != cell.isReplication { return "a write and a replication backend go together" }
        if cell.share == 0, !cell.isReplication, facts.hold.cell != decision.cell { return "a share of 0" }
        if decision.holdsSession, facts.isRetry { return "a retry moves a session" }
        return (endpoint.health == .up) == decision.isPanic ? "panic and health" : nil
    }

    @Test("the same facts, snapshot and seed give the same decisions")
    func isRepeatable() {
        let (one, other) = (Ask(.three, seed: 9), Ask(.three, seed: 9))
        for _ in 0..<200 { #expect(one() == other()) }
    }

    /// Up to three regions, three cells and three endpoints each, in any health.
    static func world(_ random: inout SplitMix64) -> SnapshotFixture {
        let isIll = random.next(below: 3) == 0
        var regions: [SnapshotFixture.Region] = []
        for region in 0...random.next(below: 3) {
            var cells: [SnapshotFixture.Cell] = []
            for cell in 0...random.next(below: 3) {
                let endpoints = (0...random.next(below: 3)).map { _ in
                    SnapshotFixture.Endpoint(isIll ? .down : HealthState.allCases[Int(random.next(below: 3))])
                }
                cells.append(.cell("r\(region)c\(cell)", Int(random.next(below: 4)) * 25, endpoints))
            }
            regions.append(.region("r\(region)", cells, takesNewWork: random.next(below: 5) != 0))
        }
        let route = SnapshotFixture.Route.route(
            "all", forcesXRegion: random.next(below: 3) == 0, panicIsOpen: random.next(below: 3) != 0)
        return SnapshotFixture(local: "r0", regions, routes: [route])
    }

    static func mistake(
        _ decision: Decision, _ ask: Ask, _ method: Method, _ xRegion: String?, _ excluded: EndpointID
    ) -> String? {
        let snapshot = ask.snapshot
        if decision.isRefused { return refusalMistake(decision, ask, method, xRegion, excluded) }
        let (endpoint, cell) = (snapshot.endpoints[decision.endpoint.index], snapshot.cells[decision.cell.index])
        if endpoint.cell != decision.cell || cell.region != decision.region { return "does not hang together" }
        if decision.endpoint == excluded { return "the excluded endpoint" }
        if cell.weightPercent == 0 || !snapshot.regions[decision.region.index].takesNewWork { return "closed" }
        if !decision.isPanic {
            if !snapshot.open.contains(decision.region) || endpoint.health != .up { return "not open" }
        } else if !snapshot.open.isEmpty || !method.isSafe || endpoint.health == .up {
            return "panic without need"
        }
        if decision.isFallback != (decision.reason == .regionFallback) { return "reason of a fallback" }
        let wanted = xRegion.flatMap { name in snapshot.regions.indices.first { "r\($0)" == name } }
        if let wanted, !decision.isFallback, decision.region.index != wanted { return "silently elsewhere" }
        if decision.isFallback, decision.wantedRegion.index != wanted { return "another wanted region" }
        return nil
    }

    /// A refusal is right if nothing open was left for this request, or the route forces a region.
    static func refusalMistake(
        _ decision: Decision, _ ask: Ask, _ method: Method, _ xRegion: String?, _ excluded: EndpointID
    ) -> String? {
        if decision.endpoint != .none || decision.region != .none || decision.isFallback {
            return "a refusal that goes"
        }
        let forces = ask.world.routes[0].forcesXRegion
        let isKnown = ask.world.regions.contains { $0.name == xRegion }
        if decision.reason == .xRegionUnknown { return forces && !isKnown ? nil : "400 without reason" }
        if decision.reason == .xRegionUnavailable { return forces && xRegion != nil ? nil : "503 without reason" }
        let choices = ask.world.regions.filter(\.takesNewWork).flatMap(\.cells).filter { $0.weight > 0 }
        let isOpen = choices.contains { cell in
            cell.endpoints.indices.contains {
                cell.endpoints[$0].health == .up && ask.world.endpoint(cell.name, $0) != excluded
            }
        }
        if isOpen { return "refused though open" }
        let others = choices.flatMap { cell in cell.endpoints.indices.map { ask.world.endpoint(cell.name, $0) } }
        let mayPanic = method.isSafe && ask.world.routes[0].panicIsOpen && ask.snapshot.open.isEmpty
        return mayPanic && others.contains { $0 != excluded } ? "refused though a panic may be" : nil
    }
}

import Model
import Policy
import Support

/// Worlds and requests of every kind that the stages know, for property tests.
enum RandomWorld {
    static let tenants: [StaticString] = ["t0", "t1", "t2", "t3", "t4"]
    static let names: [StaticString] = ["r0", "r1", "r2", "r3", "nowhere"]

    /// Up to four regions in three jurisdictions, with tenants, datasets and sessions; a third of the worlds are ill.
    static func world(_ random: inout SplitMix64) -> SnapshotFixture {
        let isIll = random.next(below: 3) == 0
        var regions: [SnapshotFixture.Region] = []
        for index in 0...Int(random.next(below: 4)) { regions.append(region(index, isIll: isIll, &random)) }
        var world = SnapshotFixture(local: "r0", regions)
        for index in regions.indices {
            world.regions[index].band = regions.map(\.name).filter { _ in random.next(below: 2) == 0 }
        }
        world.order = regions.map(\.name).shuffled(using: &random)
        world.misroute = MisrouteMode.allCases[random.next(below: 4) == 0 ? Int(random.next(below: 3)) : 0]
        world.tenants = (0..<4).map { index in
            let home = regions[Int(random.next(below: UInt32(regions.count)))].name
            let jurisdictions = (0..<3).filter { _ in random.next(below: 2) == 0 }
            return SnapshotFixture.Tenant(name: "t\(index)", home: home, jurisdictions: jurisdictions)
        }
        world.datasets = [
            .dataset("owned", owner: regions[Int(random.next(below: UInt32(regions.count)))].name), .dataset("lost"),
            .dataset("multi", isMulti: true),
        ]
        world.routes = [route(&random)]
        return world
    }

    private static func region(
        _ index: Int, isIll: Bool, _ random: inout SplitMix64
    ) -> SnapshotFixture.Region {
        var cells: [SnapshotFixture.Cell] = []
        for cell in 0...random.next(below: 3) {
            let endpoints = endpoints(isIll: isIll, &random)
            cells.append(.cell("r\(index)c\(cell)", Int(random.next(below: 4)) * 25, endpoints))
            if random.next(below: 8) == 0 {
                cells[Int(cell)].share = 0
                cells[Int(cell)].leavingSlots = Int(random.next(below: 10_001))
            }
        }
        var region = SnapshotFixture.Region.region("r\(index)", cells, takesNewWork: random.next(below: 6) != 0)
        region.jurisdiction = Int(random.next(below: 3))
        region.dial = random.next(below: 4) == 0 ? Int(random.next(below: 101)) : 100
        region.kept = random.next(below: 4) == 0 ? Int(random.next(below: 10_001)) : 10_000
        region.capacity = Int(random.next(below: 3)) + 1
        region.replication = random.next(below: 2) == 0 ? [] : endpoints(isIll: isIll, &random)
        region.edge = random.next(below: 2) == 0 ? "" : "edge.example.com"
        return region
    }

    private static func endpoints(isIll: Bool, _ random: inout SplitMix64) -> [SnapshotFixture.Endpoint] {
        (0...random.next(below: 3)).map { _ in
            var endpoint = SnapshotFixture.Endpoint(isIll ? .down : HealthState.allCases[Int(random.next(below: 3))])
            endpoint.warmth = random.next(below: 3) == 0 ? 10 : 100
            return endpoint
        }
    }

    private static func route(_ random: inout SplitMix64) -> SnapshotFixture.Route {
        var route = SnapshotFixture.Route.route("all")
        (route.forcesXRegion, route.panicIsOpen) = (random.next(below: 3) == 0, random.next(below: 3) != 0)
        route.sessions = random.next(below: 2) == 0 ? .none : .producer
        route.dataset = Int(random.next(below: 4)) - 1
        (route.isWriteClass, route.readsLocal) = (random.next(below: 5) == 0, random.next(below: 2) == 0)
        return route
    }

    /// Any method, and by chance a tenant, a named region, a key, a session, and an endpoint that just failed.
    static func facts(_ snapshot: Snapshot, _ random: inout SplitMix64) -> RequestFacts {
        let method = Method.allCases[Int(random.next(below: 10))]
        var facts = RequestFacts(method: method, authority: "example.com", path: "/")
        if random.next(below: 4) != 0 { facts.tenant = ByteView(tenants[Int(random.next(below: 5))]) }
        if random.next(below: 3) == 0 { facts.xRegion = ByteView(names[Int(random.next(below: 5))]) }
        if random.next(below: 2) == 0 { (facts.key, facts.isKeyed) = (KeyHash(random.next()), true) }
        if facts.isKeyed, random.next(below: 2) == 0 {
            // Cells that are not there, or are another region's, too: ids come from tokens and tables.
            let cell = UInt16(random.next(below: UInt32(snapshot.cells.count + 1)))
            let region = cell < snapshot.cells.count ? snapshot.cells[Int(cell)].region.rawValue : 0
            facts.hold = SessionHold(
                region: RegionID(rawValue: random.next(below: 8) == 0 ? 0 : region), cell: CellID(rawValue: cell))
        }
        if random.next(below: 4) == 0 {
            facts.excluded = EndpointID(rawValue: random.next(below: UInt32(snapshot.endpoints.count)))
        }
        return facts
    }

    /// The regions that the tenant's data may touch, read off the fixture; nil: any.
    static func fence(_ facts: RequestFacts, _ world: SnapshotFixture) -> [Int]? {
        guard let tenant = world.tenants.first(where: { $0.name == facts.tenant.text }) else { return nil }
        return world.regions.indices.filter { tenant.jurisdictions.contains(world.regions[$0].jurisdiction) }
    }
}

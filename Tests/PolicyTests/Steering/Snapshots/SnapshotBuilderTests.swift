import Model
import Policy
import Support
import Testing

struct SnapshotBuilderTests {
    /// us: a (2 endpoints), b (1); eu: c (1).
    static let world = Topology.edge(
        in: "eu",
        Topology.region("us", Topology.cell("a", 70, "10.0.0.1:1", "10.0.0.2:1"), Topology.cell("b", 30, "10.0.0.3:1")),
        Topology.region("eu", Topology.cell("c", 100, "unix:/run/c")))

    static func build(
        _ configuration: Configuration, up: [UInt32] = [], down: [UInt32] = [], resolved: [Address: [Address]] = [:],
        registry: Registry = Registry()
    ) throws -> Snapshot {
        var registry = registry
        try registry.admit(configuration, resolved: resolved)
        var conditions = Conditions()
        conditions.health = Array(repeating: .unknown, count: registry.endpointCount)
        for id in up { conditions.health[Int(id)] = .up }
        for id in down { conditions.health[Int(id)] = .down }
        return SnapshotBuilder(configuration, registry, resolved: resolved).snapshot(conditions, generation: 7)
    }

    static func set(_ regions: Int...) -> RegionSet { RegionSet(bits: regions.reduce(0) { $0 | 1 << UInt64($1) }) }

    struct Row: Sendable {
        var up: [UInt32]
        var down: [UInt32] = []
        var weights: (Int, Int) = (70, 30)
        var mode = Configuration.RegionMode.active
        var fit: RegionSet
        var open: RegionSet
        var available: [[UInt32]]
    }

    static let rows: [Row] = [
        Row(up: [], fit: set(), open: set(), available: [[], [], []]),
        Row(up: [0, 1, 2, 3], fit: set(0, 1), open: set(0, 1), available: [[0, 1], [2], [3]]),
        Row(up: [1], down: [0], fit: set(0), open: set(0), available: [[1], [], []]),
        Row(up: [3], down: [0, 1, 2], fit: set(1), open: set(1), available: [[], [], [3]]),
        Row(up: [2], weights: (100, 0), fit: set(0), open: set(), available: [[], [2], []]),
        Row(up: [0, 2], weights: (0, 100), fit: set(0), open: set(0), available: [[0], [2], []]),
        Row(up: [0, 1, 2, 3], mode: .standby, fit: set(1), open: set(1), available: [[0, 1], [2], [3]]),
    ]

    @Test("what is fit, open and available follows from health, weight and mode", arguments: rows)
    func fitness(_ row: Row) throws {
        var world = SnapshotBuilderTests.world
        world.regions[0].mode = row.mode
        (world.regions[0].cells[0].weightPercent, world.regions[0].cells[1].weightPercent) = row.weights
        let snapshot = try SnapshotBuilderTests.build(world, up: row.up, down: row.down)
        #expect(snapshot.fit == row.fit && snapshot.open == row.open)
        #expect(snapshot.present == SnapshotBuilderTests.set(0, 1))
        #expect(snapshot.regions[0].takesNewWork == (row.mode == .active))
        for (index, expected) in row.available.enumerated() {
            let cell = snapshot.cells[index]
            #expect(cell.available.indices.map { snapshot.endpointLists[$0].rawValue } == expected)
            #expect(cell.isFit == !expected.isEmpty)
        }
        #expect(snapshot.cells[0].weightPercent == UInt8(row.weights.0))
    }

    @Test("names, lists, order and the edge's own settings")
    func topology() throws {
        var world = SnapshotBuilderTests.world
        world.edge.exposesDecision = true
        let snapshot = try SnapshotBuilderTests.build(world)
        #expect(snapshot.generation == 7 && snapshot.edgeName == "edge-1" && snapshot.exposesDecision)
        #expect(snapshot.localRegion == RegionID(rawValue: 1))
        #expect(snapshot.order.indices.map { snapshot.name(of: snapshot.order[$0]) } == ["eu", "us"])
        #expect((0..<3).map { snapshot.name(of: CellID(rawValue: $0)) } == ["a", "b", "c"])
        #expect(snapshot.regions[0].cells.indices.map { snapshot.cellLists[$0].rawValue } == [0, 1])
        #expect(snapshot.cells[2].region == RegionID(rawValue: 1))
        #expect(snapshot.cells[0].endpoints.indices.map { snapshot.endpointLists[$0].rawValue } == [0, 1])
        #expect(snapshot.endpoints[2].cell == CellID(rawValue: 1) && snapshot.endpoints[2].region.rawValue == 0)
        #expect(snapshot.region(named: "us") == RegionID(rawValue: 0) && snapshot.region(named: "u") == nil)
    }

    @Test("where to connect: each address of a name is an endpoint, and one without any is not there")
    func targets() throws {
        let world = Topology.edge(
            in: "us", Topology.region("us", Topology.cell("a", 100, "a.test:1", "b.test:2", "[::1]:3", "unix:/run/s")))
        let addresses = [Address.ip(.loopback, port: 1), .ip(IPAddress(v4: 0x0A00_0001), port: 1)]
        let snapshot = try SnapshotBuilderTests.build(
            world, up: [0, 1, 2, 3], resolved: [.name("a.test", port: 1): addresses])
        #expect(snapshot.upstreams.map { $0?.serverName } == ["a.test", "a.test", "::1", "localhost"])
        #expect(snapshot.upstreams.prefix(2).map { $0?.address } == addresses)
        #expect(snapshot.cells[0].endpoints.indices.map { snapshot.endpointLists[$0].rawValue } == [0, 1, 2, 3])
        #expect(snapshot.cells[0].available.count == 4)
        var named = world
        named.regions[0].cells[0].upstream.serverName = "svc.test"
        let other = try SnapshotBuilderTests.build(named, up: [0])
        #expect(other.upstreams[0]?.serverName == "svc.test")
    }

    @Test("ids outlive reloads: what is gone is absent, what came later has its own place")
    func reload() throws {
        var registry = Registry()
        try registry.admit(SnapshotBuilderTests.world)
        let next = Topology.edge(
            in: "eu", Topology.region("ap", Topology.cell("d", 100, "10.0.0.9:1")),
            Topology.region("eu", Topology.cell("c", 100, "unix:/run/c")))
        let snapshot = try SnapshotBuilderTests.build(next, up: [0, 3, 4], registry: registry)
        #expect(snapshot.present == SnapshotBuilderTests.set(1, 2) && snapshot.open == SnapshotBuilderTests.set(1, 2))
        #expect(!snapshot.regions[0].isPresent && !snapshot.cells[0].isPresent && !snapshot.endpoints[0].isPresent)
        #expect(snapshot.upstreams.map { $0 == nil } == [true, true, true, false, false])
        #expect(snapshot.region(named: "us") == nil && snapshot.region(named: "ap") == RegionID(rawValue: 2))
    }

    @Test("a route's match and settings")
    func routes() throws {
        var route = Configuration.Route()
        (route.name, route.onXRegion, route.panic, route.retries) = ("orders", .force, .closed, 3)
        (route.isStreaming, route.isIdempotent, route.timeoutMilliseconds) = (true, true, 5_000)
        route.match.host = "*.example.com"
        route.match.pathPrefix = "/orders"
        route.match.methods = ["GET", "DELETE"]
        route.match.headers = [Configuration.Header(name: "X-Beta", value: "1")]
        var world = SnapshotBuilderTests.world
        world.routes = [route, Configuration.Route()]
        world.routes[1].match.host = "example.com"
        let snapshot = try SnapshotBuilderTests.build(world)
        let entry = snapshot.routes[0]
        #expect(snapshot.name(of: RouteID(rawValue: 0)) == "orders")
        #expect(snapshot.view(entry.host).text == ".example.com" && entry.hostIsSuffix)
        #expect(snapshot.view(entry.pathPrefix).text == "/orders")
        #expect(entry.methods == Method.get.bit | Method.delete.bit)
        #expect(entry.forcesXRegion && !entry.panicIsOpen && entry.isStreaming && entry.isIdempotent)
        #expect(entry.retries == 3 && entry.timeoutMilliseconds == 5_000)
        let match = snapshot.headerMatches[Int(entry.headers.start)]
        #expect(snapshot.view(match.name).text == "x-beta" && snapshot.view(match.value).text == "1")
        let second = snapshot.routes[1]
        #expect(snapshot.view(second.host).text == "example.com" && !second.hostIsSuffix && second.headers.isEmpty)
        #expect(!second.forcesXRegion && second.panicIsOpen && second.methods == 0 && second.pathPrefix.isEmpty)
    }

    @Test("what a route asks for beyond its match")
    func routeSettings() throws {
        var route = Configuration.Route()
        (route.sticky, route.routeClass, route.dataset, route.hashByHeader) = (.cookie, .write, "orders", "X-Key")
        (route.readsLocal, route.addsIdempotencyKey, route.retryOn) = (true, true, [.reset, .gatewayTimeout])
        (route.perTryTimeoutMilliseconds, route.hedgeAfterMilliseconds) = (250, 40)
        route.requestHeaders.add = [Configuration.Header(name: "X-A", value: "One")]
        route.responseHeaders.remove = ["Server", "Via"]
        var world = SnapshotBuilderTests.world
        (world.routes, world.datasets) = ([route, Configuration.Route()], [.init(), .init()])
        (world.datasets[1].name, world.datasets[1].owner, world.datasets[1].epoch) = ("orders", "us", 9)
        let snapshot = try SnapshotBuilderTests.build(world)
        let entry = snapshot.routes[0]
        #expect(entry.sessions == .cookie && entry.isWriteClass && entry.dataset == 1 && entry.readsLocal)
        #expect(entry.addsIdempotencyKey && snapshot.view(entry.hashBy).text == "x-key")
        #expect(entry.retryOn == RetryCause.reset.bit | RetryCause.gatewayTimeout.bit)
        #expect(entry.perTryMilliseconds == 250 && entry.hedgeMilliseconds == 40)
        func changes(_ range: TableRange) -> [String] {
            range.indices.map { index in
                let change = snapshot.headerChanges[index]
                return "\(snapshot.view(change.name).text)=\(snapshot.view(change.value).text)"
            }
        }
        #expect(changes(entry.headerChanges.requestAdd) == ["x-a=One"] && entry.headerChanges.requestRemove.isEmpty)
        #expect(changes(entry.headerChanges.responseRemove) == ["server=", "via="])
        let plain = snapshot.routes[1]
        #expect(plain.dataset == -1 && plain.sessions == .none && plain.headerChanges.isEmpty && plain.hashBy.isEmpty)
        #expect(plain.retryOn == RetryCause.all && plain.perTryMilliseconds == 0 && plain.hedgeMilliseconds == 0)
        #expect(snapshot.datasets[1].owner == RegionID(rawValue: 0) && snapshot.datasets[1].epoch == 9)
        #expect(snapshot.datasets[0].isMulti && snapshot.datasets[0].owner == .none)
    }

    @Test("tenants: jurisdictions, pins and where their names are found")
    func tenants() throws {
        var world = SnapshotBuilderTests.world
        (world.regions[0].jurisdiction, world.regions[1].jurisdiction) = ("us", "eu")
        world.tenants.header = "X-Tenant"
        (world.tenants.host, world.tenants.misroute, world.tenants.fromCertificate) = ("*.Example.com", .reject, true)
        world.tenants.pins = [
            Configuration.Pin(tenant: "acme", home: "eu", residency: ["eu"]),
            Configuration.Pin(tenant: "both", home: "us", residency: ["eu", "us", "mars"]),
        ]
        let snapshot = try SnapshotBuilderTests.build(world)
        #expect(snapshot.jurisdictions.indices.map { snapshot.jurisdictions[$0].bits } == [0b01, 0b10])
        #expect(snapshot.regions[1].jurisdiction == 1)
        let rules = snapshot.tenants
        #expect(
            snapshot.view(rules.header).text == "x-tenant" && snapshot.view(rules.hostSuffix).text == ".example.com")
        #expect(rules.misroute == .reject && rules.fromCertificate)
        func pin(_ name: String) -> TenantPin? { Array(name.utf8).withUnsafeBytes { snapshot.pins.find(ByteView($0)) } }
        #expect(pin("acme") == TenantPin(home: RegionID(rawValue: 1), jurisdictions: 0b10))
        #expect(pin("both") == TenantPin(home: RegionID(rawValue: 0), jurisdictions: 0b11) && pin("none") == nil)
        #expect(snapshot.view(snapshot.sessions.producerHeader).text == "x-producer-id")
    }

    @Test("the table of pins is the same object until a pin, a home or a jurisdiction changes")
    func sharesPins() throws {
        var registry = Registry()
        var world = SnapshotBuilderTests.world
        world.tenants.pins = [Configuration.Pin(tenant: "acme", home: "eu", residency: [""])]
        try registry.admit(world)
        let first = SnapshotBuilder(world, registry)
        let table = first.snapshot(generation: 1).pins
        world.regions[0].cells[0].weightPercent = 70
        let second = SnapshotBuilder(world, registry, reusing: first)
        #expect(second.snapshot(generation: 2).pins === table && second.snapshot(generation: 3).pins === table)
        world.regions[0].jurisdiction = "us"
        let third = SnapshotBuilder(world, registry, reusing: second).snapshot(generation: 4)
        #expect(third.pins !== table)
    }

    @Test("a region without cells is served through its edge; replication backends are a cell apart")
    func hiddenCells() throws {
        var world = SnapshotBuilderTests.world
        world.regions.append(Topology.region("ap"))
        world.regions[2].edge = "10.0.0.7"
        world.regions[1].replicationBackends = [.ip(.loopback, port: 9)]
        let snapshot = try SnapshotBuilderTests.build(world)
        let edge = snapshot.cellLists[Int(snapshot.regions[2].cells.start)]
        #expect(snapshot.name(of: edge) == "ap-edge" && snapshot.cells[edge.index].share == 10_000)
        let endpoint = snapshot.endpointLists[Int(snapshot.cells[edge.index].endpoints.start)]
        let target = try #require(snapshot.upstreams[endpoint.index])
        #expect(target.address == .ip(IPAddress(v4: 0x0A00_0007), port: 443) && target.settings.protocol == .h2)
        #expect(snapshot.view(snapshot.regions[2].edge).text == "10.0.0.7")
        let replication = snapshot.regions[1].replication
        #expect(snapshot.cells[replication.index].isReplication && snapshot.regions[1].cells.count == 1)
        #expect(snapshot.regions[0].replication == .none)
        // A tag names a serving cell, and is the same whatever else is configured.
        let tag = snapshot.cells[2].tag
        #expect(snapshot.cell(tagged: tag) == CellID(rawValue: 2))
        #expect(snapshot.cell(tagged: snapshot.cells[replication.index].tag) == .none)
        #expect(try SnapshotBuilderTests.build(SnapshotBuilderTests.world).cells[2].tag == tag)
    }

    @Test("buckets are as many as shares, region by region; capacities count where every cell's is known")
    func buckets() throws {
        var world = SnapshotBuilderTests.world
        (world.regions[0].cells[0].capacity, world.regions[0].cells[1].capacity) = (700, 300)
        let snapshot = try SnapshotBuilderTests.build(world)
        let runs = (0..<2).map { snapshot.regions[$0].buckets }
        #expect(runs.map(\.count) == [10_000, 10_000])
        let counts = (0..<3 as Range<UInt16>).map { cell in
            snapshot.buckets.indices.count { snapshot.buckets[$0] == CellID(rawValue: cell) }
        }
        #expect(counts == [7_000, 3_000, 10_000])
        #expect(runs[1].indices.allSatisfy { snapshot.buckets[$0] == CellID(rawValue: 2) })
        #expect(snapshot.regions.indices.map { snapshot.regions[$0].capacity } == [1, 1])  // one is not known
        world.regions[1].cells[0].capacity = 400
        let known = try SnapshotBuilderTests.build(world)
        #expect(known.regions.indices.map { known.regions[$0].capacity } == [1_000, 400])
    }
}

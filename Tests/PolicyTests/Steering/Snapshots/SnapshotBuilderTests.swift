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
        var listener = Configuration.Listener()
        listener.trust.xRegion = true
        world.listeners = [Configuration.Listener(), listener]
        let snapshot = try SnapshotBuilderTests.build(world)
        #expect(snapshot.generation == 7 && snapshot.edgeName == "edge-1" && snapshot.exposesDecision)
        #expect(snapshot.localRegion == RegionID(rawValue: 1))
        #expect(snapshot.order.indices.map { snapshot.name(of: snapshot.order[$0]) } == ["eu", "us"])
        #expect((0..<3).map { snapshot.name(of: CellID(rawValue: $0)) } == ["a", "b", "c"])
        #expect(snapshot.regions[0].cells.indices.map { snapshot.cellLists[$0].rawValue } == [0, 1])
        #expect(snapshot.cells[2].region == RegionID(rawValue: 1))
        #expect(snapshot.cells[0].endpoints.indices.map { snapshot.endpointLists[$0].rawValue } == [0, 1])
        #expect(snapshot.endpoints[2].cell == CellID(rawValue: 1) && snapshot.endpoints[2].region.rawValue == 0)
        #expect(snapshot.trust.map(\.xRegion) == [false, true])
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
}

import Model
import Policy
import Support

@testable import ControlPlane

/// An edge that decides made-up requests in worlds made up one after another, and logs them as the real one does.
struct LoggedEdge: ~Copyable {
    struct Size {
        var regions = 8
        var cells = 16
        var endpoints = 32
    }

    let configuration: Configuration
    private(set) var registry = Registry()
    private(set) var processor: RecordProcessor
    private(set) var snapshot: Snapshot
    private(set) var decided: [Decision] = []
    private var builder: SnapshotBuilder
    private var pins: [Configuration.Pin] = []
    private var state: DecisionState
    private var slices: [RegionID: SliceMap] = [:]
    private var random: SplitMix64
    private var inFlight: [EndpointID] = []
    private var spare = LineBuffer()
    private var count: UInt64 = 0
    var clock: UInt64 = 1_709_210_096_123_456_789

    init(_ configuration: Configuration, seed: UInt64) throws {
        self.configuration = configuration
        random = SplitMix64(seed: seed)
        try registry.admit(configuration)
        builder = SnapshotBuilder(configuration, registry)
        snapshot = builder.snapshot(Conditions.well(registry), generation: 1)
        state = DecisionState(seed: seed)
        state.prepare(for: snapshot)
        processor = RecordProcessor(names: LogNames(snapshot: snapshot, listeners: ["public"]), sample: 1, seed: seed)
    }

    // MARK: Worlds

    mutating func adopt(_ conditions: Conditions) {
        snapshot = builder.snapshot(conditions, generation: snapshot.generation + 1)
        processor.adopt(snapshot)
        state.prepare(for: snapshot)
    }

    /// Another world in which everything may be otherwise: health, warmth, operators' words, distances, owners.
    mutating func adoptAnything() {
        var conditions = Conditions()
        // Of worlds: mostly well, half ill, with nobody well.
        let ill = [5, 5, 40, 100][Int(random.next(below: 4))]
        var isIllCell = false
        for index in 0..<registry.endpointCount {
            if index % 32 == 0 { isIllCell = random.next(below: 100) < UInt32(ill) }
            let isWell = ill < 100 && random.next(below: 100) >= (isIllCell ? 80 : 10)
            conditions.health.append(isWell ? .up : random.next(below: 4) == 0 ? .unknown : .down)
        }
        if random.next(below: 6) == 0 { darken(allBut: Int(random.next(below: 8)), &conditions) }
        for _ in 0..<registry.endpointCount / 8 {
            let endpoint = EndpointID(rawValue: random.next(below: UInt32(registry.endpointCount)))
            conditions.warmth[endpoint] = UInt8(10 + random.next(below: 90))
        }
        for region in configuration.regions { operate(region, &conditions) }
        while random.next(below: 2) == 0 { pinAnything() }
        conditions.latency = distances()
        for index in configuration.datasets.indices where random.next(below: 3) == 0 {
            guard configuration.datasets[index].owner != nil else { continue }
            let owner = RegionID(rawValue: UInt16(random.next(below: UInt32(configuration.regions.count))))
            conditions.owners[index] = DatasetOwner(region: owner, epoch: 2 + UInt64(random.next(below: 9)))
        }
        adopt(conditions)
    }

    /// As an operator does, who knows little: a home or a jurisdiction may be nowhere.
    private mutating func pinAnything() {
        let tenant = "t\(random.next(below: 8))"
        let fences = [[], ["j0"], ["j1", "j2"], ["j2", "j3"], ["nowhere"]]
        let pin = Configuration.Pin(
            tenant: tenant, home: "r\(random.next(below: 9))",
            residency: fences[Int(random.next(below: UInt32(fences.count)))])
        self.pin(pins.filter { $0.tenant != tenant } + (random.next(below: 3) == 0 ? [] : [pin]))
    }

    /// Operators' pins from the next world on.
    mutating func pin(_ pins: [Configuration.Pin]) {
        self.pins = pins
        builder.pin(pins)
    }

    private func darken(allBut lit: Int, _ conditions: inout Conditions) {
        for (place, region) in configuration.regions.enumerated() where place != lit {
            guard let id = registry.region(region.name) else { continue }
            for cell in region.cells {
                for address in cell.endpoints {
                    let endpoint = registry.cell(cell.name, in: id).flatMap { registry.endpoint(address, in: $0) }
                    if let endpoint { conditions.health[endpoint.index] = .down }
                }
            }
        }
    }

    private mutating func operate(_ region: Configuration.Region, _ conditions: inout Conditions) {
        guard let id = registry.region(region.name) else { return }
        let isDrained = random.next(below: 12) == 0
        var cells: [RegionShares.Cell] = []
        for cell in region.servingCells {
            var share = RegionShares.Cell(configuredPercent: cell.weightPercent)
            if random.next(below: 12) == 0 { share.setPercent = Int(random.next(below: 8)) }
            if isDrained || random.next(below: 12) == 0 { share.admissionPercent = Int(random.next(below: 4)) * 33 }
            cells.append(share)
        }
        let shares = RegionShares(cells)
        var owned: [(cell: CellID, share: UInt16)] = []
        for (place, cell) in region.servingCells.enumerated() {
            guard let cellID = registry.cell(cell.name, in: id) else { continue }
            let admission = cells[place].admissionPercent
            conditions.shares.append(
                CellShare(
                    cell: cellID, weightPercent: shares.weightPercents[place], share: UInt16(shares.shares[place]),
                    leavingSlots: admission == 0 ? UInt16(random.next(below: 101)) * 100 : 0,
                    setPercent: cells[place].setPercent, admissionPercent: admission))
            owned.append((cellID, UInt16(shares.shares[place])))
        }
        slices[id, default: SliceMap()].rebalance(to: owned)
        conditions.buckets += slices[id, default: SliceMap()].buckets
        let dial = random.next(below: 4) == 0 ? Int(random.next(below: 101)) : 100
        if dial < 100 { conditions.dials[id] = UInt8(dial) }
        conditions.kept[id] = UInt16((dial * shares.keptShare + 99) / 100)
    }

    private mutating func distances() -> LatencyOrder {
        let regions = configuration.regions.compactMap { registry.region($0.name) }
        var order = LatencyOrder(
            configuration.latency, configured: regions, capacity: registry.regionCount, now: .zero)
        for region in regions where random.next(below: 6) != 0 {
            order.measured(region, 1_000_000 * UInt64(1 + random.next(below: 60)))
        }
        return order
    }

    // MARK: Requests

    /// Decides and logs one like any; returns its line, with those that it brings along.
    mutating func serve(_ shape: Shape) -> [UInt8] {
        count += 1
        clock += 1_000_000
        let texts = ["id-\(count)", shape.host, shape.path, shape.tenant, shape.xRegion].map { Array($0.utf8) }
        let decision = decide(shape, texts)
        decided.append(decision)
        var record = RequestRecord()
        record.method = shape.method
        (record.route, record.region, record.cell) = (decision.route, decision.region, decision.cell)
        (record.reason, record.wantedRegion) = (decision.reason, decision.wantedRegion)
        (record.generation, record.startedAt) = (snapshot.generation, clock)
        if decision.endpoint != .none { (record.attemptCount, record.endpoints.0) = (1, decision.endpoint) }
        record.decision = DecisionRecord()
        record.decision.generation = snapshot.generation
        (record.decision.region, record.decision.cell) = (decision.region, decision.cell)
        (record.decision.endpoint, record.decision.reason) = (decision.endpoint, decision.reason)
        (record.decision.letGo, record.decision.nearest) = (decision.letGo, decision.nearest)
        (record.decision.key, record.decision.isKeyed) = (shape.key ?? 0, shape.key != nil)
        record.decision.hold = shape.hold
        return log(record, texts)
    }

    /// The line of any record.
    mutating func log(_ record: RequestRecord, _ texts: [[UInt8]]) -> [UInt8] {
        var record = record
        (record.requestIDCount, record.authorityCount) = (UInt16(texts[0].count), UInt16(texts[1].count))
        (record.pathCount, record.tenantCount) = (UInt16(texts[2].count), UInt16(texts[3].count))
        record.xRegionCount = UInt16(texts[4].count)
        var bytes = withUnsafeBytes(of: record) { Array($0) }
        bytes += [UInt8](repeating: 0, count: MemoryLayout<RequestRecord>.size - bytes.count)
        bytes += texts.flatMap(\.self)
        bytes.withUnsafeBytes { processor.take($0) }
        _ = processor.takeOutput(&spare)
        defer { spare.clear() }
        return spare.bytes
    }

    mutating func whatIf(over conditions: Conditions) -> Status.WhatIf {
        let next = builder.snapshot(conditions, generation: snapshot.generation + 1)
        return processor.whatIf(at: clock / 1_000_000_000).run(over: next)
    }

    private mutating func decide(_ shape: Shape, _ texts: [[UInt8]]) -> Decision {
        // Some exchanges are open, so that of two endpoints one is the better.
        if inFlight.count > 64 { state.ended(inFlight.removeFirst(), firstByteNanoseconds: 1_000_000) }
        let snapshot = snapshot
        let bytes = texts.flatMap(\.self)
        let ends = texts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        let decision = bytes.withUnsafeBytes { bytes in
            func view(_ index: Int) -> ByteView {
                let part = UnsafeRawBufferPointer(rebasing: bytes[ends[index]..<ends[index + 1]])
                return part.isEmpty ? .absent : ByteView(part)
            }
            var facts = RequestFacts(method: shape.method, authority: view(1), path: view(2), xRegion: view(4))
            facts.tenant = view(3)
            (facts.key, facts.isKeyed) = (KeyHash(shape.key ?? 0), shape.key != nil)
            facts.hold = shape.hold
            let beta = HeaderFields.Field(name: "x-beta", value: "1")
            return withUnsafePointer(to: beta) { field in
                if shape.isBeta { facts.headers = HeaderFields(base: field, count: 1) }
                return Policy.decide(facts, snapshot, &state, now: LoopTime(nanoseconds: clock))
            }
        }
        if decision.endpoint != .none {
            state.began(decision.endpoint)
            inFlight.append(decision.endpoint)
        }
        return decision
    }

    mutating func randomShape() -> Shape { Shape(&random, snapshot) }
}

/// A request of the made-up edge.
struct Shape {
    var method = Method.get
    var host = "a.example"
    var path = "/d"
    var tenant = ""
    var xRegion = ""
    var key: UInt64?
    var hold = SessionHold.none
    var isBeta = false

    init(path: String = "/d", key: UInt64? = nil) { (self.path, self.key) = (path, key) }

    init(_ random: inout SplitMix64, _ snapshot: Snapshot) {
        let paths = [
            "/d", "/d?x", "/none", "/ingest", "/forced/x", "/orders/7", "/multi", "/app", "/user", "/t", "/closed",
        ]
        path = paths[Int(random.next(below: UInt32(paths.count)))]
        method = Method.allCases[random.next(below: 3) == 0 ? Int(random.next(below: 9)) : 0]
        if random.next(below: 3) == 0 { tenant = "t\(random.next(below: 6))" }
        if random.next(below: 4) == 0 { xRegion = "r\(random.next(below: 9))" }
        isBeta = path == "/app" && random.next(below: 2) == 0
        let isKeyed = ["/ingest", "/t", "/user"].contains(path)
        if isKeyed, path != "/user" || random.next(below: 4) != 0 { key = random.next() }
        guard isKeyed, path != "/user", random.next(below: 3) != 0 else { return }
        let cell = CellID(rawValue: UInt16(random.next(below: UInt32(snapshot.cells.count))))
        let region = snapshot.cells[cell.index].region
        hold = SessionHold(region: region, cell: random.next(below: 10) == 0 ? .none : cell)
    }
}

extension Conditions {
    /// Every endpoint up, all else as configured.
    static func well(_ registry: Registry) -> Conditions {
        var conditions = Conditions()
        conditions.health = Array(repeating: .up, count: registry.endpointCount)
        return conditions
    }
}

extension Configuration {
    /// Routes of every kind over `size`, tenants, datasets, replication backends, a region on standby.
    static func everyKind(_ size: LoggedEdge.Size = LoggedEdge.Size()) -> Configuration {
        var configuration = Configuration()
        (configuration.edge.name, configuration.edge.region) = ("edge-1", "r0")
        for region in 0..<size.regions { configuration.regions.append(.everyKind(region, size)) }
        if size.regions > 6 { configuration.regions[6].mode = .standby }
        configuration.routes = [
            .at("/ingest") { $0.sticky = .producer }, .at("/t") { $0.sticky = .token },
            .at("/forced") { $0.onXRegion = .force },
            .at("/orders", methods: ["POST", "PUT", "DELETE"], name: "write") {
                ($0.routeClass, $0.dataset) = (.write, "orders")
            },
            .at("/orders") { ($0.dataset, $0.readsLocal) = ("orders", true) },
            .at("/multi") { ($0.routeClass, $0.dataset) = (.write, "multi") },
            .at("/app", name: "beta") {
                $0.match.headers = [Configuration.Header(name: "x-beta", value: "1")]
                $0.readsLocal = true
            },
            .at("/app") { _ in }, .at("/user") { $0.hashByHeader = "x-user" }, .at("/closed") { $0.panic = .closed },
            .at("/d") { _ in },
        ]
        var (orders, multi) = (Configuration.Dataset(), Configuration.Dataset())
        (orders.name, orders.owner) = ("orders", size.regions > 1 ? "r1" : "r0")
        multi.name = "multi"
        configuration.datasets = [orders, multi]
        for index in 0..<5 where size.regions > 4 {
            let residency = [["j0"], ["j1"], ["j0", "j1"], ["j2"], ["nowhere"]][index]
            configuration.tenants.pins.append(
                Configuration.Pin(tenant: "t\(index)", home: "r\(index)", residency: residency))
        }
        return configuration
    }
}

extension Configuration.Region {
    fileprivate static func everyKind(_ index: Int, _ size: LoggedEdge.Size) -> Configuration.Region {
        var region = Configuration.Region()
        (region.name, region.jurisdiction) = ("r\(index)", index == 5 ? "j3" : "j\(index % 3)")
        for place in 0..<size.cells {
            var cell = Configuration.Cell()
            let even = 100 / size.cells
            cell.weightPercent = place == 0 ? 100 - even * (size.cells - 1) : even
            (cell.name, cell.capacity) = ("r\(index)c\(place)", 1_000 * (index + 1))
            cell.endpoints = (0..<size.endpoints).map {
                .ip(IPAddress(v4: UInt32(10 << 24 | index << 16 | place << 8 | $0)), port: 80)
            }
            region.cells.append(cell)
        }
        if index % 2 == 1 { region.replicationBackends = [.ip(IPAddress(v4: UInt32(11 << 24 | index)), port: 90)] }
        return region
    }
}

extension Configuration.Route {
    fileprivate static func at(
        _ path: String, methods: [String] = [], name: String? = nil, _ change: (inout Configuration.Route) -> Void
    ) -> Configuration.Route {
        var route = Configuration.Route()
        route.name = name ?? String(path.dropFirst())
        (route.match.pathPrefix, route.match.methods) = (path, methods)
        change(&route)
        return route
    }
}

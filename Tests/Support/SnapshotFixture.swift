public import Model

/// A topology written down as one reads it, made into snapshots:
///
///     var world = SnapshotFixture(local: "us-east", [
///         .region("us-east", [.cell("use-a", 50, [.up, .up]), .cell("use-b", 50, [.up])]),
///         .region("eu-west", [.cell("euw-a", 100, [.down])]),
///     ])
///     world["use-a"].weight = 10
///     let snapshot = world.snapshot(generation: 2)
///
/// Ids follow the order of writing: region 0, 1, …; cells and endpoints counted through all regions, those of
/// replication backends after all others. Latency order is the local region, then the order of writing, unless `order`
/// says another. What is fit and open follows from health, mode, dial and shares; buckets from shares.
public struct SnapshotFixture: Sendable {
    public struct Endpoint: Equatable, Sendable {
        public var health: HealthState
        /// Where it listens; `127.0.0.1` with port 40000 + its id if nobody says.
        public var address: Address?
        public var warmth = 100
        public init(_ health: HealthState, at address: Address? = nil) {
            (self.health, self.address) = (health, address)
        }

        public static var up: Endpoint { Endpoint(.up) }
        public static var down: Endpoint { Endpoint(.down) }
        public static var unknown: Endpoint { Endpoint(.unknown) }
        public static func up(at address: Address) -> Endpoint { Endpoint(.up, at: address) }
    }

    public struct Cell: Sendable {
        public var name: String
        public var weight: Int
        public var endpoints: [Endpoint]
        public var isPresent = true
        public var upstream = Configuration.Upstream()
        /// 10,000ths; nil: what the weight says. A drained cell's is 0.
        public var share: Int?
        public var leavingSlots = 0
        var effectiveShare: Int { share ?? weight * 100 }

        public static func cell(_ name: String, _ weight: Int, _ endpoints: [Endpoint]) -> Cell {
            Cell(name: name, weight: weight, endpoints: endpoints)
        }

        /// The region's only one.
        public static func cell(_ name: String, _ endpoints: [Endpoint]) -> Cell { cell(name, 100, endpoints) }
    }

    public struct Region: Sendable {
        public var name: String
        public var cells: [Cell]
        /// Mode active; false makes it a standby.
        public var takesNewWork = true
        public var isPresent = true
        /// Index into the snapshot's list, which is as long as need be.
        public var jurisdiction = 0
        /// Percent.
        public var dial = 100
        /// 10,000ths that health leaves it; the dial counts too.
        public var kept = 10_000
        /// Names of the regions that are as near as it.
        public var band: [String] = []
        public var capacity = 1
        /// Its replication backends; none: it has no replication cell.
        public var replication: [Endpoint] = []
        public var edge = ""

        public static func region(_ name: String, _ cells: [Cell], takesNewWork: Bool = true) -> Region {
            Region(name: name, cells: cells, takesNewWork: takesNewWork)
        }
    }

    public var local: String
    public var regions: [Region]
    public var routes: [Route] = [.route("default")]
    public var edgeName = "edge-test"
    public var exposesDecision = true
    /// Names, the nearest first; nil: the local one, then as written.
    public var order: [String]?
    public var tenants: [Tenant] = []
    public var datasets: [Dataset] = []
    public var misroute = MisrouteMode.forward
    public var hashKey = SipHash.Key.zero

    public init(local: String, _ regions: [Region], routes: [Route] = [.route("default")]) {
        (self.local, self.regions, self.routes) = (local, regions, routes)
    }

    /// The cell of that name; a name that is not there is the test's mistake.
    public subscript(cell: String) -> Cell {
        get {
            let place = place(of: cell)
            return regions[place.region].cells[place.cell]
        }
        set {
            let place = place(of: cell)
            regions[place.region].cells[place.cell] = newValue
        }
    }

    /// Every endpoint of the region takes this health.
    public mutating func setRegion(_ name: String, _ health: HealthState) {
        for cell in regions[regionIndex(name)].cells { setCell(cell.name, health) }
    }

    public mutating func setCell(_ name: String, _ health: HealthState) {
        for index in self[name].endpoints.indices { self[name].endpoints[index].health = health }
    }

    public func region(_ name: String) -> RegionID { RegionID(rawValue: UInt16(regionIndex(name))) }

    public func cell(_ name: String) -> CellID {
        let names = regions.flatMap { $0.cells.map(\.name) }
        guard let index = names.firstIndex(of: name) else { preconditionFailure("no cell \(name) in this topology") }
        return CellID(rawValue: UInt16(index))
    }

    /// The id of the cell's endpoint at that position.
    public func endpoint(_ cell: String, _ index: Int) -> EndpointID {
        let before = regions.flatMap(\.cells).prefix(self.cell(cell).index)
        return EndpointID(rawValue: UInt32(before.reduce(index) { $0 + $1.endpoints.count }))
    }

    /// The region of that name, to be changed.
    public subscript(region name: String) -> Region {
        get { regions[regionIndex(name)] }
        set { regions[regionIndex(name)] = newValue }
    }

    private func regionIndex(_ name: String) -> Int {
        guard let index = regions.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("no region \(name) in this topology")
        }
        return index
    }

    private func place(of cell: String) -> (region: Int, cell: Int) {
        for (region, entry) in regions.enumerated() {
            if let index = entry.cells.firstIndex(where: { $0.name == cell }) { return (region, index) }
        }
        preconditionFailure("no cell \(cell) in this topology")
    }
}

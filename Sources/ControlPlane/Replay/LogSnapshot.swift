import Model
import Policy

/// The state of the world that the decisions of one generation went by: a line of its own in the access log
/// (`{"snapshot":…}`), in the ids of a `LogLayout`. Only what is not as usual is in it: every endpoint up and warm, no
/// operator's word, slices as if cut today.
struct LogSnapshot: Codable, Equatable, Sendable {
    struct Region: Codable, Equatable, Sendable {
        var id: UInt16
        /// An operator's dial, percent.
        var dial: Int?
        /// What dial, drains and spill leave it of the requests choosing it, 10,000ths.
        var kept: UInt16?
        /// Regions as near as this one, when this one is the nearest; itself left out.
        var band: [UInt16]?
        /// Slices of its buckets, in order: id of the cell (65,535: nobody), how many.
        var slices: [Int]?
    }

    struct Cell: Codable, Equatable, Sendable {
        var id: UInt16
        /// Of its region's new work, 10,000ths. Always there, unless 0.
        var share: UInt16?
        /// An operator's weight, percent.
        var set: Int?
        /// What drains admit of its weight, percent.
        var admission: Int?
        /// Slots of sessions that leave are below.
        var leaving: UInt16?
        var resets: Bool?
        /// Of most of its endpoints: `down` or `unknown`; absent: up.
        var health: String?
        /// Of the others.
        var up: [UInt32]?
        var down: [UInt32]?
        var unknown: [UInt32]?
        /// Endpoints that are not warm yet: id, percent.
        var warmth: [UInt32]?
    }

    struct Owner: Codable, Equatable, Sendable {
        var dataset: String
        /// Absent: nobody knows.
        var region: UInt16?
        var epoch: UInt64
    }

    var run: String
    var generation: UInt64
    /// `LogLayout.number`.
    var layout: UInt64
    /// `LogPins.number`; absent: no operator pinned anything.
    var pins: UInt64?
    /// Regions, the nearest first.
    var order: [UInt16]
    var regions: [Region]
    var cells: [Cell]
    var owners: [Owner]?

    /// - Parameter pins: number of the operators' pins; 0: there are none.
    init(_ snapshot: Snapshot, _ layout: LogLayout, pins: UInt64) {
        (run, generation, self.layout) = (layout.run, snapshot.generation, layout.number)
        self.pins = pins == 0 ? nil : pins
        order = snapshot.order.indices.map { snapshot.order[$0].rawValue }
        regions = layout.regions.compactMap { LogSnapshot.region($0.id, snapshot) }
        cells = layout.regions.flatMap(\.allCells).map { LogSnapshot.cell($0.id, snapshot) }
        let owned = snapshot.datasets.indices.map { snapshot.datasets[$0] }.filter { !$0.isMulti }
        owners =
            owned.isEmpty
            ? nil
            : owned.map { entry in
                Owner(
                    dataset: snapshot.view(entry.name).text, region: entry.owner == .none ? nil : entry.owner.rawValue,
                    epoch: entry.epoch)
            }
    }

    private static func region(_ id: UInt16, _ snapshot: Snapshot) -> Region? {
        let entry = snapshot.regions[Int(id)]
        var region = Region(id: id)
        if entry.dialPercent != 100 { region.dial = Int(entry.dialPercent) }
        if entry.keptShare != 10_000 { region.kept = entry.keptShare }
        let band = entry.band.members.map(\.rawValue).filter { $0 != id }
        if !band.isEmpty { region.band = band }
        region.slices = slices(of: entry, snapshot)
        return region == Region(id: id) ? nil : region
    }

    /// Nil: as if cut today.
    private static func slices(of region: RegionEntry, _ snapshot: Snapshot) -> [Int]? {
        guard region.buckets.count == SliceMap.bucketCount else { return nil }
        let buckets = region.buckets.indices.map { snapshot.buckets[$0] }
        let shares = region.cells.indices.map { index in
            (cell: snapshot.cellLists[index], share: snapshot.cells[snapshot.cellLists[index].index].share)
        }
        if SliceMap.fresh(shares)?.buckets == buckets { return nil }
        var slices: [Int] = []
        for cell in buckets {
            if slices.count > 1, slices[slices.count - 2] == Int(cell.rawValue) {
                slices[slices.count - 1] += 1
            } else {
                slices += [Int(cell.rawValue), 1]
            }
        }
        return slices
    }

    private static func cell(_ id: UInt16, _ snapshot: Snapshot) -> Cell {
        let entry = snapshot.cells[Int(id)]
        var cell = Cell(id: id)
        if entry.share != 0 { cell.share = entry.share }
        if entry.setPercent != .max { cell.set = Int(entry.setPercent) }
        if entry.admissionPercent != 100 { cell.admission = Int(entry.admissionPercent) }
        if entry.leavingSlots != 0 { cell.leaving = entry.leavingSlots }
        if entry.resetsStreams { cell.resets = true }
        var ids: [HealthState: [UInt32]] = [:]
        var warmth: [UInt32] = []
        for index in entry.endpoints.indices {
            let endpoint = snapshot.endpointLists[index]
            let state = snapshot.endpoints[endpoint.index]
            ids[state.health, default: []].append(endpoint.rawValue)
            if state.warmthPercent != 100 { warmth += [endpoint.rawValue, UInt32(state.warmthPercent)] }
        }
        let most = HealthState.allCases.max { (ids[$0]?.count ?? 0) < (ids[$1]?.count ?? 0) } ?? .up
        if most != .up, ids[most] != nil { cell.health = "\(most)" }
        if most != .up { cell.up = ids[.up] }
        if most != .down { cell.down = ids[.down] }
        if most != .unknown { cell.unknown = ids[.unknown] }
        if !warmth.isEmpty { cell.warmth = warmth }
        return cell
    }
}

extension LogSnapshot.Region {
    fileprivate init(id: UInt16) {
        self.init(id: id, dial: nil, kept: nil, band: nil, slices: nil)
    }
}

extension LogSnapshot.Cell {
    fileprivate init(id: UInt16) {
        self.init(
            id: id, share: nil, set: nil, admission: nil, leaving: nil, resets: nil, health: nil, up: nil, down: nil,
            unknown: nil, warmth: nil)
    }

    func health(of endpoint: UInt32) -> HealthState {
        if up?.contains(endpoint) == true { return .up }
        if down?.contains(endpoint) == true { return .down }
        if unknown?.contains(endpoint) == true { return .unknown }
        return health == "down" ? .down : health == "unknown" ? .unknown : .up
    }
}

extension SliceMap {
    /// As if the region's cells came all at once; nil where their shares are no region's.
    static func fresh(_ shares: [(cell: CellID, share: UInt16)]) -> SliceMap? {
        let sum = shares.reduce(0) { $0 + Int($1.share) }
        guard sum == 0 || sum == SliceMap.bucketCount else { return nil }
        var map = SliceMap()
        map.rebalance(to: shares)
        return map
    }
}

/// All that a decision needs, immutable, with one generation number: the one thing the control plane hands the data
/// plane. Tables are indexed by id; an id that no longer stands for anything has an entry with `isPresent == false`.
public final class Snapshot: Sendable {
    /// Grows by one with every publication; 0 is never used.
    public let generation: UInt64
    public let localRegion: RegionID
    public let regions: Table<RegionEntry>
    public let cells: Table<CellEntry>
    public let endpoints: Table<EndpointEntry>
    public let routes: Table<RouteEntry>
    /// Runs of `RegionEntry.cells`.
    public let cellLists: Table<CellID>
    /// Runs of `CellEntry.endpoints` and `CellEntry.available`.
    public let endpointLists: Table<EndpointID>
    /// Runs of `RouteEntry.headers`.
    public let headerMatches: Table<HeaderMatch>
    /// Runs of `RouteEntry.headerChanges`.
    public let headerChanges: Table<HeaderMatch>
    /// Runs of `RegionEntry.buckets`: which cell owns a keyed request's bucket.
    public let buckets: Table<CellID>
    public let datasets: Table<DatasetEntry>
    /// The regions of each jurisdiction.
    public let jurisdictions: Table<RegionSet>
    /// Which cell a tag names, sorted by tag.
    public let cellTags: Table<CellTag>
    /// Tenants that the file pins; the same object from snapshot to snapshot while no pin changes.
    public let pins: PinTable
    /// Those that operators pinned over it: few, so that another one of them is soon there.
    public let operatorPins: PinTable
    /// The same as operators said it, for logs; the same storage from snapshot to snapshot while none changes.
    public let operatorsSaid: [Configuration.Pin]
    /// The tables, for requests.
    @usableFromInline let pinIndex: PinIndex
    @usableFromInline let operatorPinIndex: PinIndex
    /// Keys requests and sessions; the same in every edge of a fleet.
    public let hashKey: SipHash.Key
    public let tenants: TenantRules
    public let sessions: SessionRules
    /// Every region that is fit, and every one that is open (routing.md).
    public let fit: RegionSet
    public let open: RegionSet
    /// Every region that is configured.
    public let present: RegionSet
    /// Regions as the latency stage orders them, the preferred one first.
    public let order: Table<RegionID>
    /// Names and prefixes, pointed into by `ByteRange`s.
    @usableFromInline let bytes: Table<UInt8>
    /// What is needed to connect, indexed by endpoint id; nil for an id no longer used. Not for every request.
    public let upstreams: [UpstreamTarget?]
    public let edgeName: String
    public let exposesDecision: Bool

    public init(_ parts: SnapshotParts, generation: UInt64) {
        self.generation = generation
        localRegion = parts.localRegion
        regions = Table(copying: parts.regions)
        cells = Table(copying: parts.cells)
        endpoints = Table(copying: parts.endpoints)
        routes = Table(copying: parts.routes)
        cellLists = Table(copying: parts.cellLists)
        endpointLists = Table(copying: parts.endpointLists)
        headerMatches = Table(copying: parts.headerMatches)
        headerChanges = Table(copying: parts.headerChanges)
        buckets = Table(copying: parts.buckets)
        datasets = Table(copying: parts.datasets)
        jurisdictions = Table(copying: parts.jurisdictions)
        cellTags = Table(copying: Snapshot.tags(of: parts.cells))
        (pins, hashKey, tenants, sessions) = (parts.pins, parts.hashKey, parts.tenants, parts.sessions)
        (operatorPins, pinIndex, operatorPinIndex) = (parts.operatorPins, parts.pins.index, parts.operatorPins.index)
        operatorsSaid = parts.operatorsSaid
        order = Table(copying: parts.order)
        bytes = Table(copying: parts.bytes)
        precondition(parts.regions.count <= RegionSet.capacity, "more region ids than a set of regions holds")
        var (fit, open, present) = (RegionSet.empty, RegionSet.empty, RegionSet.empty)
        for (index, region) in parts.regions.enumerated() where region.isPresent {
            let id = RegionID(rawValue: UInt16(index))
            present.insert(id)
            if region.isFit { fit.insert(id) }
            if region.isOpen { open.insert(id) }
        }
        (self.fit, self.open, self.present) = (fit, open, present)
        upstreams = parts.upstreams
        edgeName = parts.edgeName
        exposesDecision = parts.exposesDecision
    }

    deinit {
        regions.deallocate()
        cells.deallocate()
        endpoints.deallocate()
        routes.deallocate()
        cellLists.deallocate()
        endpointLists.deallocate()
        headerMatches.deallocate()
        headerChanges.deallocate()
        buckets.deallocate()
        datasets.deallocate()
        jurisdictions.deallocate()
        cellTags.deallocate()
        order.deallocate()
        bytes.deallocate()
    }

    /// Valid as long as the snapshot is.
    @inlinable public func view(_ range: TableRange) -> ByteView {
        ByteView(base: UnsafePointer(bytes.base) + Int(range.start), count: Int(range.count))
    }

    /// The region of that name, or nil.
    @inlinable public func region(named name: ByteView) -> RegionID? {
        for index in regions.indices where regions[index].isPresent {
            if view(regions[index].name).equals(name) { return RegionID(rawValue: UInt16(index)) }
        }
        return nil
    }

    /// Where the tenant is pinned; nil: nowhere. Retains nothing.
    @inlinable public func pin(of tenant: ByteView) -> TenantPin? {
        if operatorPinIndex.count > 0, let pin = operatorPinIndex.find(tenant) { return pin }
        return pinIndex.find(tenant)
    }

    /// The cell that a session token names, or `.none`.
    public func cell(tagged tag: UInt64) -> CellID {
        var (low, high) = (0, cellTags.count)
        while low < high {
            let middle = (low + high) / 2
            let entry = cellTags[middle]
            if entry.tag == tag { return entry.cell }
            if entry.tag < tag { low = middle + 1 } else { high = middle }
        }
        return .none
    }

    private static func tags(of cells: [CellEntry]) -> [CellTag] {
        let tags = cells.indices.filter { cells[$0].isPresent && !cells[$0].isReplication }.map {
            CellTag(tag: cells[$0].tag, cell: CellID(rawValue: UInt16($0)))
        }
        return tags.sorted { $0.tag < $1.tag }
    }

    /// Names as text, for logs and the admin API.
    public func name(of region: RegionID) -> String {
        region.index < regions.count ? view(regions[region.index].name).text : "-"
    }
    public func name(of cell: CellID) -> String { cell.index < cells.count ? view(cells[cell.index].name).text : "-" }
    public func name(of route: RouteID) -> String {
        route.index < routes.count ? view(routes[route.index].name).text : "-"
    }
    public func name(of endpoint: EndpointID) -> String {
        guard endpoint.index < upstreams.count, let target = upstreams[endpoint.index] else { return "-" }
        return target.address.description
    }
}

/// What a snapshot is made from: ordinary arrays, filled by the control plane (or a test).
public struct SnapshotParts: Sendable {
    public var localRegion = RegionID.none
    public var regions: [RegionEntry] = []
    public var cells: [CellEntry] = []
    public var endpoints: [EndpointEntry] = []
    public var routes: [RouteEntry] = []
    public var cellLists: [CellID] = []
    public var endpointLists: [EndpointID] = []
    public var headerMatches: [HeaderMatch] = []
    public var headerChanges: [HeaderMatch] = []
    public var buckets: [CellID] = []
    public var datasets: [DatasetEntry] = []
    public var jurisdictions: [RegionSet] = []
    public var pins = PinTable.empty
    public var operatorPins = PinTable.empty
    public var operatorsSaid: [Configuration.Pin] = []
    public var hashKey = SipHash.Key.zero
    public var tenants = TenantRules()
    public var sessions = SessionRules()
    public var order: [RegionID] = []
    public var bytes: [UInt8] = []
    public var upstreams: [UpstreamTarget?] = []
    public var edgeName = ""
    public var exposesDecision = false

    public init() {}

    /// Puts text into the arena.
    public mutating func intern(_ text: String) -> TableRange {
        let start = bytes.count
        bytes += Array(text.utf8)
        return TableRange(start: start, count: bytes.count - start)
    }

    /// Appends a run to `cellLists`.
    public mutating func list(_ cells: [CellID]) -> TableRange {
        defer { cellLists += cells }
        return TableRange(start: cellLists.count, count: cells.count)
    }

    /// Appends a run to `endpointLists`.
    public mutating func list(_ endpoints: [EndpointID]) -> TableRange {
        defer { endpointLists += endpoints }
        return TableRange(start: endpointLists.count, count: endpoints.count)
    }
}

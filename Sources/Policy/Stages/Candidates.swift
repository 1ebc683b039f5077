import Model

/// What the stages have left so far, and what they will say of it. Stages only narrow; nothing taken away comes back.
struct Candidates: BitwiseCopyable {
    /// Regions that may still serve.
    private(set) var regions: RegionSet
    /// Regions open to this request: the snapshot's, less one whose only endpoint is the excluded one.
    let open: RegionSet
    /// The cell with nothing but the excluded endpoint to offer; `.none` mostly.
    let barredCell: CellID
    /// Of the first stage that left one region; `weight` as long as none did.
    private(set) var code = Reason.weight
    private(set) var wanted = RegionID.none
    /// What endpoints may be chosen: the available ones, or in a panic those of this lesser health.
    private(set) var health = HealthState.up

    private init(_ regions: RegionSet, open: RegionSet, barredCell: CellID) {
        (self.regions, self.open, self.barredCell) = (regions, open, barredCell)
    }

    /// Before any stage. (No initializer: one would own the snapshot, that is retain it.)
    static func all(_ facts: RequestFacts, _ snapshot: Snapshot) -> Candidates {
        guard facts.excluded.index < snapshot.endpoints.count else {
            return Candidates(snapshot.present, open: snapshot.open, barredCell: .none)
        }
        let barred = cellEmptied(by: facts.excluded, snapshot)
        return Candidates(snapshot.present, open: open(without: barred, snapshot), barredCell: barred)
    }

    var isFallback: Bool { wanted != .none }
    var isPanic: Bool { health != .up }
    var reason: Reason { isFallback ? .regionFallback : isPanic ? .panic : code }

    /// Allowed by the stages before, and open.
    func canServe(_ region: RegionID) -> Bool { regions.contains(region) && open.contains(region) }

    /// A stage kept only these; `code` is its name, which counts if it left one and no stage before it did.
    mutating func keep(_ kept: RegionSet, _ code: Reason) {
        regions = regions.intersection(kept)
        if self.code == .weight, regions.count == 1 { self.code = code }
    }

    mutating func keep(only region: RegionID, _ code: Reason) {
        var kept = RegionSet.empty
        kept.insert(region)
        keep(kept, code)
    }

    mutating func fallBack(from wanted: RegionID) { self.wanted = wanted }

    /// Nothing is open: fail open to endpoints of this health in this region.
    mutating func panic(in region: RegionID, _ health: HealthState) {
        keep(only: region, .panic)
        self.health = health
    }

    private static func cellEmptied(by excluded: EndpointID, _ snapshot: Snapshot) -> CellID {
        let endpoint = snapshot.endpoints[excluded.index]
        guard endpoint.isPresent, endpoint.cell != .none else { return .none }
        let available = snapshot.cells[endpoint.cell.index].available
        guard available.count == 1 else { return .none }
        return snapshot.endpointLists[Int(available.start)] == excluded ? endpoint.cell : .none
    }

    private static func open(without barred: CellID, _ snapshot: Snapshot) -> RegionSet {
        var open = snapshot.open
        guard barred != .none else { return open }
        let region = snapshot.cells[barred.index].region
        for index in snapshot.regions[region.index].cells.indices {
            let id = snapshot.cellLists[index]
            let cell = snapshot.cells[id.index]
            if id != barred, cell.weightPercent > 0, !cell.available.isEmpty { return open }
        }
        open.remove(region)
        return open
    }
}

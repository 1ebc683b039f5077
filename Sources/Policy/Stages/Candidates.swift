import Model

/// What the stages have left so far, and what they will say of it.
///
/// The only way to make one is `all`, and every way to change one intersects or picks among what is there: a stage
/// narrows and cannot widen, so what stages 1 and 2 took away never comes back.
struct Candidates: BitwiseCopyable {
    /// Regions that may still serve.
    private(set) var regions: RegionSet
    /// The one cell that a write or a session left, which needs not be open; `.none` mostly.
    private(set) var cell = CellID.none
    /// Regions open to this request: the snapshot's, less one whose only endpoint is the excluded one, and less the
    /// avoided one.
    let open: RegionSet
    /// The avoided region, if it is open: the last resort. Empty mostly.
    let lastResort: RegionSet
    /// The cell with nothing but the excluded endpoint to offer; `.none` mostly.
    let barredCell: CellID
    /// Of the first stage that left one region; `weight` as long as none did.
    private(set) var code = Reason.weight

    // What stage 1 says.
    private(set) var allowed = RegionSet(bits: .max)
    private(set) var home = RegionID.none
    private(set) var isMisroute = false
    // What stage 2 says.
    private(set) var isWrite = false
    private(set) var epoch: UInt64 = 0
    // What stage 3 says.
    private(set) var wanted = RegionID.none
    private(set) var isNamed = false
    // What stage 4 says.
    private(set) var session = SessionCourse.none
    /// Cells from which sessions of this slot are being drained are not for this request; `.max`: any cell is.
    private(set) var slot = UInt16.max
    // What stage 5 says: what endpoints may be chosen, the available ones or in a panic those of this lesser health.
    private(set) var health = HealthState.up
    // What stage 6 says: regions whose turn it was and that let the request go.
    private(set) var letGo = RegionSet.empty
    private(set) var firstLetGo = RegionID.none

    private init(_ regions: RegionSet, open: RegionSet, lastResort: RegionSet, barredCell: CellID) {
        (self.regions, self.open, self.lastResort, self.barredCell) = (regions, open, lastResort, barredCell)
    }

    /// Before any stage. (No initializer: one would own the snapshot, that is retain it.)
    static func all(_ facts: RequestFacts, _ snapshot: Snapshot) -> Candidates {
        guard facts.excluded.index < snapshot.endpoints.count else {
            return Candidates(snapshot.present, open: snapshot.open, lastResort: .empty, barredCell: .none)
        }
        let barred = cellEmptied(by: facts.excluded, snapshot)
        var (open, avoided) = (open(without: barred, snapshot), RegionSet.empty)
        if open.contains(facts.avoided) {
            open.remove(facts.avoided)
            avoided.insert(facts.avoided)
        }
        return Candidates(snapshot.present, open: open, lastResort: avoided, barredCell: barred)
    }

    var isFallback: Bool { wanted != .none }
    var isPanic: Bool { health != .up }
    /// A stage before fitness found the one place, fit for this request though it may take nobody else's.
    var isHeld: Bool { cell != .none || session.staysInRegion }
    var reason: Reason {
        isFallback ? .regionFallback : isPanic ? .panic : session.isMove ? .stickyMigrated : code
    }

    /// Allowed by the stages before, and able to take the request.
    func canServe(_ region: RegionID) -> Bool {
        regions.contains(region) && (cell != .none || open.contains(region))
    }

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

    // MARK: The stages' words

    /// Stage 1: the tenant's data may touch these regions.
    mutating func fence(_ allowed: RegionSet, home: RegionID) {
        (self.allowed, self.home) = (allowed, home)
        if regions.intersection(allowed) != regions { keep(allowed, .residency) }
    }

    /// Stage 1: the tenant is at home elsewhere.
    mutating func markMisroute() { isMisroute = true }

    /// Stage 2: a write, to this cell of its owner.
    mutating func write(to cell: CellID, of owner: RegionID, epoch: UInt64) {
        keep(only: owner, .writeOwner)
        (self.cell, self.epoch, isWrite) = (cell, epoch, true)
    }

    /// Stage 3: the request names the region, or falls back to it.
    mutating func name(_ region: RegionID, _ code: Reason) {
        keep(only: region, code)
        isNamed = true
    }

    mutating func fallBack(from wanted: RegionID) { self.wanted = wanted }

    /// Stage 4: where this is decided, a session begins.
    mutating func beginSession() { session = .begins }

    /// Stage 4: the session stays in its cell.
    mutating func stay(in cell: CellID, of region: RegionID) {
        keep(only: region, .sticky)
        (self.cell, session) = (cell, .stays)
    }

    /// Stage 4: the session, or a retry of it, is served by another cell of its region that it does not have to leave.
    mutating func moveWithin(_ region: RegionID, _ course: SessionCourse, slot: UInt16) {
        keep(only: region, .sticky)
        (self.slot, session) = (slot, course)
    }

    /// Stage 4: the session, or a retry of it (`none`), is served by another region, where one is open.
    mutating func leave(_ region: RegionID, _ course: SessionCourse) {
        session = course
        var others = regions
        others.remove(region)
        if !others.intersection(open).isEmpty { keep(others, .onlyFit) }
    }

    /// Stage 5: nothing is open: fail open to endpoints of this health in this region.
    mutating func panic(in region: RegionID, _ health: HealthState) {
        keep(only: region, .panic)
        self.health = health
    }

    /// Stage 6: it was the region's turn, and a dial or a spill let the request go.
    mutating func markLetGo(_ region: RegionID) {
        if letGo.isEmpty { firstLetGo = region }
        letGo.insert(region)
    }

    // MARK: What a retry leaves out

    private static func cellEmptied(by excluded: EndpointID, _ snapshot: Snapshot) -> CellID {
        let endpoint = snapshot.endpoints[excluded.index]
        guard endpoint.isPresent, endpoint.cell != .none else { return .none }
        let available = snapshot.cells[endpoint.cell.index].available
        guard available.count == 1 else { return .none }
        return snapshot.endpointLists[Int(available.start)] == excluded ? endpoint.cell : .none
    }

    private static func open(without barred: CellID, _ snapshot: Snapshot) -> RegionSet {
        var open = snapshot.open
        guard barred != .none, !snapshot.cells[barred.index].isReplication else { return open }
        let region = snapshot.cells[barred.index].region
        for index in snapshot.regions[region.index].cells.indices {
            let id = snapshot.cellLists[index]
            let cell = snapshot.cells[id.index]
            if id != barred, cell.share > 0, !cell.available.isEmpty { return open }
        }
        open.remove(region)
        return open
    }
}

import Model

/// What the invariants remember from step to step.
struct Referee {
    private(set) var weights: WeightLedger
    private(set) var bands: FlapLedger
    /// When the process last went on after it had stood still.
    private(set) var stalledUntil: UInt64 = 0
    /// By endpoint: when it was last taken in, failures in a row that requests met since.
    var upSince: [UInt64]
    var failuresInRow: [UInt32]
    /// By endpoint: it was taken out while probes said that it is well, and is not back.
    var isEjected: [Bool]
    /// By region, from the configuration: who owns the dataset of each route; `.none` where nobody does.
    let owners: [RegionID]
    /// The operators' accepted drains, by cell and by region; `.max` where there is none.
    private var cellDrains: [UInt64]
    private var regionDrains: [UInt64]
    /// By region: an operator has dialed it or drained of it.
    private var operated: [Bool]

    init(_ scene: Scene, workers: Int) {
        let first = scene.first
        weights = WeightLedger(workers: workers, cells: first.cells.count)
        bands = FlapLedger(
            regions: first.regions.count, dwellNanoseconds: scene.configuration.latency.dwellMilliseconds * 1_000_000)
        upSince = Array(repeating: 0, count: first.endpoints.count)
        failuresInRow = Array(repeating: 0, count: first.endpoints.count)
        isEjected = Array(repeating: false, count: first.endpoints.count)
        cellDrains = Array(repeating: .max, count: first.cells.count)
        regionDrains = Array(repeating: .max, count: first.regions.count)
        operated = Array(repeating: false, count: first.regions.count)
        let names = scene.configuration.regions.map(\.name)
        owners = scene.configuration.routes.map { route in
            let dataset = scene.configuration.datasets.first { $0.name == route.dataset }
            let index = dataset?.owner.flatMap { names.firstIndex(of: $0) }
            return index.map { RegionID(rawValue: UInt16($0)) } ?? .none
        }
    }

    mutating func stalled(until time: UInt64) { stalledUntil = max(stalledUntil, time) }

    /// - Parameter since: when a ramp began, or would have begun; `.max`: it is drained no more.
    mutating func drained(cell: Int, since: UInt64) { cellDrains[cell] = since }
    mutating func drained(region: Int, since: UInt64) { regionDrains[region] = since }

    mutating func operates(region: Int) { operated[region] = true }
    func isOperated(region: Int) -> Bool { operated[region] }

    /// Nothing may be left there: the drain had its time, and has not expired.
    func isDrained(_ cell: CellID, in region: RegionID, _ rules: Configuration.DrainRules, now: UInt64) -> Bool {
        let ramp = Referee.rampNanoseconds(rules) + 2_000_000_000
        let expiry = rules.expiryMilliseconds * 1_000_000
        // The process must have run to take the drain's steps.
        if stalledUntil + 2_000_000_000 > now { return false }
        for since in [cellDrains[cell.index], regionDrains[region.index]] where since != .max {
            if now > since + ramp, now < since + expiry { return true }
        }
        return false
    }

    static func rampNanoseconds(_ rules: Configuration.DrainRules) -> UInt64 {
        (rules.overMilliseconds + rules.sessionsMilliseconds) * 1_000_000
    }

    mutating func chose(_ cell: CellID, worker: Int, _ snapshot: Snapshot, excluded: EndpointID) -> Double {
        weights.chose(cell, worker: worker, snapshot, excluded: excluded)
    }

    mutating func panicked(_ region: RegionID, worker: Int, _ snapshot: Snapshot) {
        weights.forget(region, worker: worker, snapshot)
    }

    mutating func ordered(_ snapshot: Snapshot, now: UInt64) -> FlapLedger.Flap? { bands.update(snapshot, now: now) }
}

import Model

/// What each cell's share of the unkeyed requests made due to it, less what it got, by worker.
struct WeightLedger {
    /// A cell further off than this is off. Turns are whole, so one request is in the nature of things; a start
    /// anywhere in a round, and a change of shares, add less than another.
    static let mostRequests = 2.0

    private var due: [Double]
    private let cells: Int

    init(workers: Int, cells: Int) {
        due = Array(repeating: 0, count: workers * cells)
        self.cells = cells
    }

    /// An unkeyed request of the worker went to the cell: how far off the worst cell of its region is now.
    mutating func chose(_ chosen: CellID, worker: Int, _ snapshot: Snapshot, excluded: EndpointID) -> Double {
        let run = snapshot.regions[snapshot.cells[chosen.index].region.index].cells
        var sum = 0.0
        for index in run.indices { sum += WeightLedger.share(of: snapshot.cellLists[index], snapshot, excluded) }
        if sum == 0 { return 0 }
        var worst = 0.0
        for index in run.indices {
            let cell = snapshot.cellLists[index]
            let place = worker * cells + cell.index
            due[place] += WeightLedger.share(of: cell, snapshot, excluded) / sum
            if cell == chosen { due[place] -= 1 }
            worst = max(worst, abs(due[place]))
        }
        return worst
    }

    /// A panic's requests take turns among other endpoints: what is due is counted from here.
    mutating func forget(_ region: RegionID, worker: Int, _ snapshot: Snapshot) {
        for index in snapshot.regions[region.index].cells.indices {
            due[worker * cells + snapshot.cellLists[index].index] = 0
        }
    }

    /// 0: not to be chosen.
    private static func share(of cell: CellID, _ snapshot: Snapshot, _ excluded: EndpointID) -> Double {
        let entry = snapshot.cells[cell.index]
        return mayServe(entry, snapshot, excluded) ? Double(entry.share) : 0
    }

    /// It has an endpoint to offer beside the excluded one.
    static func mayServe(_ cell: CellEntry, _ snapshot: Snapshot, _ excluded: EndpointID) -> Bool {
        if cell.available.count > 1 || cell.available.isEmpty { return !cell.available.isEmpty }
        return snapshot.endpointLists[Int(cell.available.start)] != excluded
    }
}

import Model

/// Says when a cell or region changes between healthy and not, for events (routing.md, Health). Pure: one snapshot in,
/// the transitions since the last one out.
///
/// A cell is healthy while at least half of its endpoints are. A region is announced unfit when it would keep less than
/// 60 % of its requests, where it keeps min(100 %, 1.4 × the healthy cells' share of its weight). Endpoints whose
/// health is unknown decide nothing: while they could tip the answer either way, the last announcement stands.
struct FitnessBoard: Sendable {
    struct Transition: Equatable {
        let kind: EventKind
        let subject: String
        let cause: String
    }

    private var cells: [CellID: Bool] = [:]
    private var regions: [RegionID: Bool] = [:]

    /// - Parameter standby: names of regions that take no traffic whatever their health: not announced.
    mutating func update(_ snapshot: Snapshot, standby: Set<String>) -> [Transition] {
        var transitions: [Transition] = []
        for index in snapshot.cells.indices {
            updateCell(CellID(rawValue: UInt16(index)), snapshot, &transitions)
        }
        for index in snapshot.regions.indices {
            let region = RegionID(rawValue: UInt16(index))
            if !standby.contains(snapshot.name(of: region)) { updateRegion(region, snapshot, &transitions) }
        }
        return transitions
    }

    private mutating func updateCell(_ cell: CellID, _ snapshot: Snapshot, _ transitions: inout [Transition]) {
        guard snapshot.cells[cell.index].isPresent else {
            cells[cell] = nil
            return
        }
        let tally = FitnessBoard.tally(cell, snapshot)
        guard let isHealthy = tally.isHealthy else { return }
        let before = cells.updateValue(isHealthy, forKey: cell)
        // Healthy from the first probe on is no news; down from the first is.
        guard before != isHealthy, before != nil || !isHealthy else { return }
        transitions.append(
            Transition(
                kind: isHealthy ? .cellUp : .cellDown, subject: snapshot.name(of: cell),
                cause: "\(tally.up) of \(tally.total) endpoints are healthy"))
    }

    private mutating func updateRegion(_ region: RegionID, _ snapshot: Snapshot, _ transitions: inout [Transition]) {
        let entry = snapshot.regions[region.index]
        guard entry.isPresent, !entry.cells.isEmpty else {
            regions[region] = nil
            return
        }
        var (healthy, unknown) = (0, 0)
        for index in entry.cells.indices {
            let cell = snapshot.cellLists[index]
            let weight = Int(snapshot.cells[cell.index].weightPercent)
            switch FitnessBoard.tally(cell, snapshot).isHealthy {
            case true?: healthy += weight
            case false?: break
            case nil: unknown += weight
            }
        }
        let isFit = FitnessBoard.isFit(healthyPercent: healthy)
        guard isFit == FitnessBoard.isFit(healthyPercent: healthy + unknown) else { return }
        let before = regions.updateValue(isFit, forKey: region)
        guard before != isFit, before != nil || !isFit else { return }
        transitions.append(
            Transition(
                kind: isFit ? .regionFit : .regionUnfit, subject: snapshot.name(of: region),
                cause: "healthy cells hold \(healthy) % of its weight"))
    }

    /// 1.4 × share ≥ 60 %, in whole numbers.
    private static func isFit(healthyPercent: Int) -> Bool { 14 * healthyPercent >= 600 }

    private static func tally(_ cell: CellID, _ snapshot: Snapshot) -> HealthTally {
        HealthTally(
            snapshot.cells[cell.index].endpoints.indices.map {
                snapshot.endpoints[snapshot.endpointLists[$0].index].health
            })
    }
}

import Model

/// Says when a cell or region changes between healthy and not, for events (routing.md, Health). Pure: one snapshot in,
/// the transitions since the last one out.
///
/// A cell is healthy while half of its endpoints are; a region is announced unfit when its health lets it keep less
/// than 60 % of its requests (`Spill`). Endpoints whose health is unknown decide nothing: while they could tip the
/// answer either way, the last announcement stands. A panic begins when no region takes new work and every endpoint is
/// known.
struct FitnessBoard: Sendable {
    struct Transition: Equatable {
        let kind: EventKind
        let subject: String
        let cause: String
    }

    private var cells: [CellID: Bool] = [:]
    private var regions: [RegionID: Bool] = [:]
    private var isPanic = false

    /// - Parameter standby: names of regions that take no traffic whatever their health: not announced.
    mutating func update(
        _ snapshot: Snapshot, _ rules: Configuration.SpillRules, standby: Set<String>
    ) -> [Transition] {
        var transitions: [Transition] = []
        for index in snapshot.cells.indices {
            updateCell(CellID(rawValue: UInt16(index)), snapshot, rules, &transitions)
        }
        for index in snapshot.regions.indices {
            let region = RegionID(rawValue: UInt16(index))
            if standby.contains(snapshot.name(of: region)) { continue }
            updateRegion(region, snapshot, rules, &transitions)
        }
        updatePanic(snapshot, &transitions)
        return transitions
    }

    private mutating func updatePanic(_ snapshot: Snapshot, _ transitions: inout [Transition]) {
        let isClear = snapshot.endpoints.indices.allSatisfy {
            !snapshot.endpoints[$0].isPresent || snapshot.endpoints[$0].health != .unknown
        }
        if !isPanic, snapshot.open.isEmpty, isClear {
            isPanic = true
            transitions.append(
                Transition(
                    kind: .panicBegan, subject: snapshot.edgeName, cause: "no region is fit and takes new work"))
        } else if isPanic, !snapshot.open.isEmpty {
            isPanic = false
            let names = snapshot.order.indices.map { snapshot.order[$0] }.filter(snapshot.open.contains)
            let cause = "\(names.map(snapshot.name(of:)).joined(separator: ", ")) takes new work"
            transitions.append(Transition(kind: .panicEnded, subject: snapshot.edgeName, cause: cause))
        }
    }

    private mutating func updateCell(
        _ cell: CellID, _ snapshot: Snapshot, _ rules: Configuration.SpillRules, _ transitions: inout [Transition]
    ) {
        guard snapshot.cells[cell.index].isPresent else {
            cells[cell] = nil
            return
        }
        let tally = FitnessBoard.tally(cell, snapshot)
        guard let isHealthy = tally.isHealthy(percent: rules.healthyPercent) else { return }
        let before = cells.updateValue(isHealthy, forKey: cell)
        // Healthy from the first probe on is no news; down from the first is.
        guard before != isHealthy, before != nil || !isHealthy else { return }
        transitions.append(
            Transition(
                kind: isHealthy ? .cellUp : .cellDown, subject: snapshot.name(of: cell),
                cause: "\(tally.up) of \(tally.total) endpoints are healthy"))
    }

    private mutating func updateRegion(
        _ region: RegionID, _ snapshot: Snapshot, _ rules: Configuration.SpillRules, _ transitions: inout [Transition]
    ) {
        let entry = snapshot.regions[region.index]
        guard entry.isPresent, !entry.cells.isEmpty else {
            regions[region] = nil
            return
        }
        var spill = Spill()
        for index in entry.cells.indices {
            let cell = snapshot.cellLists[index]
            spill.add(share: snapshot.cells[cell.index].share, FitnessBoard.tally(cell, snapshot), rules)
        }
        guard let isFit = spill.isFit(rules) else { return }
        let before = regions.updateValue(isFit, forKey: region)
        guard before != isFit, before != nil || !isFit else { return }
        transitions.append(
            Transition(
                kind: isFit ? .regionFit : .regionUnfit, subject: snapshot.name(of: region),
                cause: "healthy cells hold \(spill.healthyPercent) % of its weight"))
    }

    private static func tally(_ cell: CellID, _ snapshot: Snapshot) -> HealthTally {
        HealthTally(
            snapshot.cells[cell.index].endpoints.indices.map {
                snapshot.endpoints[snapshot.endpointLists[$0].index].health
            })
    }
}

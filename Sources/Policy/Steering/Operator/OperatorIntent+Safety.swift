import Model

/// What a drain may not do unless it is forced (routing.md, Weights, drains, sessions).
extension OperatorIntent {
    /// What remains must carry the load within this share of its capacity.
    static let loadPercent = 80.0

    /// The drain of the target that this one would follow on, or nil. A drain on its way is hurried by `now`, else it
    /// stands in the way.
    func checkFree(
        _ found: IntentView.Found, _ mode: Drain.Mode, isForced: Bool
    ) throws(OperatorRefusal) -> Drain? {
        let before = drain(of: found.target)
        if isForced { return before }
        if let before, before.isDraining, mode == .ramp || before.isEmptied {
            throw OperatorRefusal(
                .alreadyDraining, "\(found.name) is draining already (\(before.words)): undrain it first")
        }
        if case .cell(_, let region) = found, let whole = drain(of: .region(region.id)) {
            throw OperatorRefusal(
                .alreadyDraining, "the region \(region.name) is draining with all its cells (\(whole.words))")
        }
        return before
    }

    func checkSafety(of found: IntentView.Found, _ view: IntentView) throws(OperatorRefusal) {
        switch found {
        case .cell(let cell, let region): try checkCell(cell, region)
        case .region(let region): try checkRegion(region, view)
        }
    }

    private func checkCell(_ cell: IntentCell, _ region: IntentRegion) throws(OperatorRefusal) {
        let others = region.cells.filter { $0.id != cell.id }
        for other in others {
            guard let drain = drain(of: .cell(other.id)) else { continue }
            throw OperatorRefusal(
                .otherCellDraining,
                "\(other.name) of \(region.name) is draining (\(drain.words)): wait until it is back, or force")
        }
        // What does not serve now takes nothing away.
        guard cell.isFit else { return }
        let remaining = serving(in: region).filter { $0.id != cell.id }
        guard !remaining.isEmpty else {
            throw OperatorRefusal(
                .lastFitCell,
                "\(cell.name) is the last fit cell of \(region.name) (0 of \(others.count) others are fit and have"
                    + " weight): drain the region, or force")
        }
        let load = region.cells.reduce(0) { $0 + $1.requestsPerSecond }
        try checkCapacity(of: remaining, load: load, "the other cells of \(region.name)")
    }

    private func checkRegion(_ region: IntentRegion, _ view: IntentView) throws(OperatorRefusal) {
        let others = view.regions.filter { $0.id != region.id }
        let remaining = others.flatMap { isOpen($0) ? serving(in: $0) : [] }
        guard !serving(in: region).isEmpty else { return }
        guard !remaining.isEmpty else {
            throw OperatorRefusal(
                .lastFitRegion,
                "\(region.name) is the last region that serves (0 of \(others.count) others are fit and open): force to"
                    + " drain it all the same")
        }
        let load = view.regions.flatMap(\.cells).reduce(0) { $0 + $1.requestsPerSecond }
        try checkCapacity(of: remaining, load: load, "the other regions")
    }

    /// Where a cell's capacity is not configured nothing can be said.
    private func checkCapacity(
        of cells: [IntentCell], load: Double, _ what: String
    ) throws(OperatorRefusal) {
        let known = cells.compactMap(\.capacity)
        guard known.count == cells.count else { return }
        let capacity = Double(known.reduce(0, +))
        let usable = capacity * OperatorIntent.loadPercent / 100
        guard load > usable else { return }
        throw OperatorRefusal(
            .overCapacity,
            "\(what) can carry \(Words.whole(usable)) requests/s within 80 % of their capacity of"
                + " \(Words.whole(capacity)); the load is \(Words.whole(load)): add capacity, or force")
    }

    private func isOpen(_ region: IntentRegion) -> Bool { region.isActive && keptShare(of: region) > 0 }

    /// Its cells that are fit, have weight and are not drained.
    private func serving(in region: IntentRegion) -> [IntentCell] {
        let weights = arithmetic(of: region).weights
        return region.cells.indices.compactMap { place in
            let cell = region.cells[place]
            let isDrained = drains(over: cell.id, in: region.id).contains { $0.admissionPercent == 0 }
            return cell.isFit && weights[place] > 0 && !isDrained ? cell : nil
        }
    }
}

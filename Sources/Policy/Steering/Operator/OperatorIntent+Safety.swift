import Model

/// What a drain may not do unless it is forced (routing.md, Weights, drains, sessions).
extension OperatorIntent {
    /// What remains must carry the load within this share of its capacity.
    static let loadPercent = 80.0

    /// Why a drain of the target is refused unless it is forced, each with its numbers; empty: it is safe. A drain on
    /// its way is hurried by `now`, else it stands in the way.
    func safety(of found: IntentView.Found, _ mode: Drain.Mode, _ view: IntentView) -> [OperatorRefusal] {
        var refusals: [OperatorRefusal] = []
        if let before = drain(of: found.target), before.isDraining, mode == .ramp || before.isEmptied {
            refusals.append(
                OperatorRefusal(
                    .alreadyDraining, "\(found.name) is draining already (\(before.words)): undrain it first"))
        }
        switch found {
        case .cell(let cell, let region):
            if let whole = drain(of: .region(region.id)) {
                refusals.append(
                    OperatorRefusal(
                        .alreadyDraining,
                        "the region \(region.name) is draining with all its cells (\(whole.words))"))
            }
            return refusals + safety(of: cell, region)
        case .region(let region): return refusals + safety(of: region, view)
        }
    }

    private func safety(of cell: IntentCell, _ region: IntentRegion) -> [OperatorRefusal] {
        let others = region.cells.filter { $0.id != cell.id }
        var refusals = others.compactMap { other in
            drain(of: .cell(other.id)).map { drain in
                OperatorRefusal(
                    .otherCellDraining,
                    "\(other.name) of \(region.name) is draining (\(drain.words)): wait until it is back, or force")
            }
        }
        // What does not serve now takes nothing away.
        guard cell.isFit else { return refusals }
        let remaining = serving(in: region).filter { $0.id != cell.id }
        if remaining.isEmpty {
            refusals.append(
                OperatorRefusal(
                    .lastFitCell,
                    "\(cell.name) is the last fit cell of \(region.name) (0 of \(others.count) others are fit and have"
                        + " weight): drain the region, or force"))
            return refusals
        }
        let load = region.cells.reduce(0) { $0 + $1.requestsPerSecond }
        return refusals + overload(of: remaining, load: load, "the other cells of \(region.name)")
    }

    private func safety(of region: IntentRegion, _ view: IntentView) -> [OperatorRefusal] {
        let others = view.regions.filter { $0.id != region.id }
        let remaining = others.flatMap { isOpen($0) ? serving(in: $0) : [] }
        guard !serving(in: region).isEmpty else { return [] }
        if remaining.isEmpty {
            return [
                OperatorRefusal(
                    .lastFitRegion,
                    "\(region.name) is the last region that serves (0 of \(others.count) others are fit and open):"
                        + " force to drain it all the same")
            ]
        }
        let load = view.regions.flatMap(\.cells).reduce(0) { $0 + $1.requestsPerSecond }
        return overload(of: remaining, load: load, "the other regions")
    }

    /// Where a cell's capacity is not configured nothing can be said.
    private func overload(of cells: [IntentCell], load: Double, _ what: String) -> [OperatorRefusal] {
        let known = cells.compactMap(\.capacity)
        guard known.count == cells.count else { return [] }
        let capacity = Double(known.reduce(0, +))
        let usable = capacity * OperatorIntent.loadPercent / 100
        guard load > usable else { return [] }
        return [
            OperatorRefusal(
                .overCapacity,
                "\(what) can carry \(Words.whole(usable)) requests/s within 80 % of their capacity of"
                    + " \(Words.whole(capacity)); the load is \(Words.whole(load)): add capacity, or force")
        ]
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

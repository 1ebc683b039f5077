import Model

/// What a drain may not do unless it is forced (routing.md, Weights, drains, sessions).
///
/// In the first seconds after a start nobody knows which cells are fit. A drain that is safe whichever are is let
/// through, and one that is unsafe whichever are is refused for that, with its numbers; what hangs on a first probe is
/// refused as `health_unknown`. Neither to trust nor to mistrust what was never asked would do: the one lets a script
/// that runs right after a restart drain the last cell that serves, the other refuses a harmless drain with numbers
/// that are wrong a second later.
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
        guard cell.isFit || cell.isUnknown else { return refusals }
        let load = region.cells.reduce(0) { $0 + $1.requestsPerSecond }
        refusals += judge { countsUnknown in
            let remaining = serving(in: region, countsUnknown).filter { $0.id != cell.id }
            if remaining.isEmpty {
                return (
                    [],
                    OperatorRefusal(
                        .lastFitCell,
                        "\(cell.name) is the last fit cell of \(region.name) (0 of \(others.count) others are fit and"
                            + " have weight): drain the region, or force")
                )
            }
            return (remaining, overload(of: remaining, load: load, "the other cells of \(region.name)"))
        }
        return refusals
    }

    /// Judges what remains as if the cells that nobody knows yet were fit, then as if they were not; only where these
    /// differ it is them that the answer hangs on.
    private func judge(
        _ verdict: (_ countsUnknown: Bool) -> (remaining: [IntentCell], refusal: OperatorRefusal?)
    ) -> [OperatorRefusal] {
        let (remaining, certain) = verdict(true)
        if let certain { return [certain] }
        let unknown = remaining.filter { !$0.isFit }
        guard !unknown.isEmpty, let doubted = verdict(false).refusal else { return [] }
        return [
            OperatorRefusal(
                .healthUnknown,
                "it is not known yet whether \(IntentView.list(unknown.map(\.name))) can serve: try again once each"
                    + " endpoint there was probed, or force; if not: \(doubted.detail)")
        ]
    }

    private func safety(of region: IntentRegion, _ view: IntentView) -> [OperatorRefusal] {
        let others = view.regions.filter { $0.id != region.id }
        guard !serving(in: region, true).isEmpty else { return [] }
        let load = view.regions.flatMap(\.cells).reduce(0) { $0 + $1.requestsPerSecond }
        return judge { countsUnknown in
            let remaining = others.flatMap { isOpen($0) ? serving(in: $0, countsUnknown) : [] }
            if remaining.isEmpty {
                return (
                    [],
                    OperatorRefusal(
                        .lastFitRegion,
                        "\(region.name) is the last region that serves (0 of \(others.count) others are fit and open):"
                            + " force to drain it all the same")
                )
            }
            return (remaining, overload(of: remaining, load: load, "the other regions"))
        }
    }

    /// Where a cell's capacity is not configured nothing can be said.
    private func overload(of cells: [IntentCell], load: Double, _ what: String) -> OperatorRefusal? {
        let known = cells.compactMap(\.capacity)
        guard known.count == cells.count else { return nil }
        let capacity = Double(known.reduce(0, +))
        let usable = capacity * OperatorIntent.loadPercent / 100
        guard load > usable else { return nil }
        return OperatorRefusal(
            .overCapacity,
            "\(what) can carry \(Words.whole(usable)) requests/s within 80 % of their capacity of"
                + " \(Words.whole(capacity)); the load is \(Words.whole(load)): add capacity, or force")
    }

    private func isOpen(_ region: IntentRegion) -> Bool { region.isActive && keptShare(of: region) > 0 }

    /// Its cells that are fit, have weight and are not drained.
    private func serving(in region: IntentRegion, _ countsUnknown: Bool) -> [IntentCell] {
        let weights = arithmetic(of: region).weights
        return region.cells.indices.compactMap { place in
            let cell = region.cells[place]
            let isDrained = drains(over: cell.id, in: region.id).contains { $0.admissionPercent == 0 }
            let isFit = cell.isFit || countsUnknown && cell.isUnknown
            return isFit && weights[place] > 0 && !isDrained ? cell : nil
        }
    }
}

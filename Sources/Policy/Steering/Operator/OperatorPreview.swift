public import Model

/// What a command would move once all its steps are done (`dry_run`). Nothing changes.
public struct OperatorPreview: Equatable, Sendable {
    /// A cell's share of its region, or, where `cell` is nil, what the region keeps of the requests choosing it.
    public struct Change: Equatable, Sendable {
        public let region: String
        public let cell: String?
        /// 10,000ths.
        public let before: UInt16
        public let after: UInt16
    }

    /// In the file's order; only what changes.
    public let changes: [Change]
}

extension OperatorIntent {
    public func preview(
        _ command: OperatorCommand, _ view: IntentView, now: LoopTime
    ) throws(OperatorRefusal) -> OperatorPreview {
        var after = self
        _ = try after.perform(command, view, now: now)
        after.finishSteps(since: self)
        var changes: [OperatorPreview.Change] = []
        for region in view.regions {
            let (kept, keptAfter) = (keptShare(of: region), after.keptShare(of: region))
            if kept != keptAfter {
                changes.append(.init(region: region.name, cell: nil, before: kept, after: keptAfter))
            }
            let cells = zip(region.cells, zip(shares(of: region), after.shares(of: region)))
            for (cell, (old, new)) in cells where old.share != new.share {
                changes.append(.init(region: region.name, cell: cell.name, before: old.share, after: new.share))
            }
        }
        return OperatorPreview(changes: changes)
    }

    /// What the command began is judged by its end.
    private mutating func finishSteps(since before: OperatorIntent) {
        for place in drains.indices where !before.drains.contains(drains[place]) {
            if drains[place].isDraining { drains[place].empty() } else { _ = drains[place].end() }
        }
    }
}

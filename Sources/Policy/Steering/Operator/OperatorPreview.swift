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
    /// Of a drain: the refusals that `force` would pass over, with their numbers; empty: it is safe.
    public let safety: [OperatorRefusal]
}

extension OperatorIntent {
    /// What is refused for safety alone is told, not thrown.
    public func preview(
        _ command: OperatorCommand, _ view: IntentView, now: LoopTime
    ) throws(OperatorRefusal) -> OperatorPreview {
        let after = try outcome(of: command, view, now: now)
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
        guard case .drain(let target, let mode, _) = command.change else {
            return OperatorPreview(changes: changes, safety: [])
        }
        return OperatorPreview(changes: changes, safety: safety(of: try view.target(named: target), mode, view))
    }

    /// What this becomes once all the command's steps are done. A drain is taken as forced.
    func outcome(
        of command: OperatorCommand, _ view: IntentView, now: LoopTime
    ) throws(OperatorRefusal) -> OperatorIntent {
        var (after, forced) = (self, command)
        if case .drain = command.change { forced.isForced = true }
        _ = try after.perform(forced, view, now: now)
        // What the command began is judged by its end.
        for place in after.drains.indices where !drains.contains(after.drains[place]) {
            if after.drains[place].isDraining { after.drains[place].empty() } else { _ = after.drains[place].end() }
        }
        return after
    }
}

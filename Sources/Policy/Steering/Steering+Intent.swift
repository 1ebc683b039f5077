public import Model

/// What operators want.
extension Steering {
    /// Weight, dial, drain, undrain (routing.md, Weights, drains, sessions). Nothing has changed when it throws.
    public mutating func perform(
        _ command: OperatorCommand, now: LoopTime
    ) throws(OperatorRefusal) -> [Action] {
        // What is due goes first; when the command is refused it is still due, or the caller would not hear of it.
        var (next, actions): (Steering, [Action]) = (self, [])
        next.advance(now: now, into: &actions)
        let events = try next.intent.perform(command, next.intentView(now: now), now: now)
        next.takeIntent(events, now: now)
        next.publish(into: &actions)
        self = next
        return actions
    }

    /// What the command would change; nothing does.
    public func preview(
        _ command: OperatorCommand, now: LoopTime
    ) throws(OperatorRefusal) -> OperatorPreview {
        try intent.preview(command, intentView(now: now), now: now)
    }

    /// Steps, deadlines, expiries.
    mutating func advanceIntent(now: LoopTime) {
        takeIntent(intent.advance(intentView(now: now), now: now), now: now)
    }

    private mutating func takeIntent(_ events: [IntentEvent], now: LoopTime) {
        let before = operated
        operated.renew(intent, intentView(now: now))
        isStale = isStale || operated != before
        intentWake = intent.nextWake
        news += events.map { .event($0.kind, subject: $0.subject, cause: $0.cause) }
    }

    /// What the intent goes by: the configured regions and cells, and how those do.
    public func intentView(now: LoopTime) -> IntentView {
        let regions = builder.plan.regions.map { region in
            IntentRegion(
                id: region.id, name: region.configuration.name, isActive: region.isActive,
                cells: region.cells.map { view(of: $0, now: now) })
        }
        return IntentView(regions: regions, rules: configuration.drains)
    }

    private func view(of cell: RoutingPlan.Cell, now: LoopTime) -> IntentCell {
        let (rate, errors) = rates.rate(of: cell.id, now: now)
        return IntentCell(
            id: cell.id, name: cell.configuration.name, configuredPercent: cell.configuration.weightPercent,
            capacity: cell.configuration.capacity, isFit: cell.endpoints.contains { health[$0.index] == .up },
            requestsPerSecond: rate, errorShare: errors)
    }
}

public import Model

/// What operators want.
extension Steering {
    /// Weight, dial, drain, undrain (routing.md, Weights, drains, sessions). Nothing has changed when it throws.
    /// - Parameter asked: from when on its times are counted, if not from now.
    public mutating func perform(
        _ command: OperatorCommand, asked: LoopTime? = nil, now: LoopTime
    ) throws(OperatorRefusal) -> [Action] {
        // What is due goes first; when the command is refused it is still due, or the caller would not hear of it.
        var (next, actions): (Steering, [Action]) = (self, [])
        next.advance(now: now, into: &actions)
        let events = try next.intent.perform(command, next.intentView(now: now), now: asked ?? now)
        next.takeIntent(events, now: now)
        next.publish(into: &actions)
        self = next
        return actions
    }

    /// What the command would change; nothing does. Drains are taken as forced, and what stands against it is told.
    public func preview(
        _ command: OperatorCommand, now: LoopTime
    ) throws(OperatorRefusal) -> OperatorPreview {
        try intent.preview(command, intentView(now: now), now: now)
    }

    /// The snapshot that the command leads to once all its steps are done; never to be published.
    public func outcome(of command: OperatorCommand, now: LoopTime) throws(OperatorRefusal) -> Snapshot {
        let view = intentView(now: now)
        var next = self
        next.intent = try intent.outcome(of: command, view, now: now)
        next.operated.renew(next.intent, view)
        return next.builder.snapshot(next.conditions, generation: snapshot.generation + 1)
    }

    /// Takes up what an earlier process left, and what time made of it since.
    mutating func restore(_ durable: DurableIntent, now: LoopTime) {
        let events = intent.restore(durable, intentView(now: now), now: now)
        news += events.map { .event($0.kind, subject: $0.subject, cause: $0.cause) }
        advanceIntent(now: now)
    }

    /// No drain gets an id up to this one: it was written down for one that did not come about.
    public mutating func retireDrainIDs(upTo id: UInt32) { intent.lastDrainID = max(intent.lastDrainID, id) }

    /// Requests a second over the last 10 s, and the share of them that failed (0 without any).
    public func rate(of cell: CellID, now: LoopTime) -> (requestsPerSecond: Double, errorShare: Double) {
        rates.rate(of: cell, now: now)
    }

    /// Steps, deadlines, expiries.
    mutating func advanceIntent(now: LoopTime) {
        takeIntent(intent.advance(intentView(now: now), now: now), now: now)
    }

    private mutating func takeIntent(_ events: [IntentEvent], now: LoopTime) {
        let before = operated
        intentTurns += 1
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
        let isFit = cell.endpoints.contains { health[$0.index] == .up }
        return IntentCell(
            id: cell.id, name: cell.configuration.name, configuredPercent: cell.configuration.weightPercent,
            capacity: cell.configuration.capacity, isFit: isFit,
            isUnknown: !isFit && cell.endpoints.contains { health[$0.index] == .unknown }, requestsPerSecond: rate,
            errorShare: errors)
    }
}

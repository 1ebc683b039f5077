import Model
public import Policy

/// What operators do and see of it. Times leave as wall time: only this edge knows its own loop's clock.
extension Controller {
    /// Carries a command out, once it is durable, and says what it moves once all its steps are done.
    public func change(
        _ command: OperatorCommand, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Change {
        try await make(ShareChange(command: command), context)
    }

    /// Begins a drain, once it is durable.
    public func startDrain(
        _ command: OperatorCommand, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Drain {
        try await make(DrainChange(command: command), context)
    }

    /// What the command would move; nothing changes. What stands against a drain is told in `safety`, not thrown.
    public func preview(_ command: OperatorCommand) async throws(ChangeError) -> Status.Change {
        let (now, before) = (clock.now(), steering)
        let (preview, after): (OperatorPreview, Snapshot)
        do throws(OperatorRefusal) {
            (preview, after) = (try before.preview(command, now: now), try before.outcome(of: command, now: now))
        } catch { throw .refused(error) }
        var change = Status.Change(generation: before.snapshot.generation, dryRun: true, moves: preview.moves)
        if case .drain(let name, _, _) = command.change {
            change.safety = preview.safety.map(\.detail)
            change.sessions = sessionMoves(ofDrain: name, before, after, now: now)
        }
        change.whatIf = await whatIf?(after)
        return change
    }

    /// Those in force and the latest that ended, by id, with their requests in flight.
    public func drains() async -> [Status.Drain] {
        // The drains first: a worker that tells of its requests goes by this snapshot then, or by a newer one.
        let (moment, steering) = (Moment(clock), steering)
        let drains = steering.intent.drains
        let open = drains.contains(where: \.isInForce) ? await inFlight?() : nil
        return drains.map { drain in
            var status = Status.Drain(drain, generation: steering.snapshot.generation, at: moment)
            if let open, drain.isInForce {
                status.count(
                    requestsInFlight: steering.cells(of: drain.target).reduce(0) { $0 + Controller.count(open, $1) })
            }
            return status
        }
    }

    /// Nil: never heard of, or too long ago.
    public func drain(_ id: UInt32) async -> Status.Drain? { await drains().first { $0.id == id } }

    static func count(_ open: [UInt32], _ cell: CellID) -> Int { cell.index < open.count ? Int(open[cell.index]) : 0 }

    /// The cell's own drain, or its region's, in words; nil: none.
    func drainWords(_ cell: CellID, in region: RegionID) -> String? {
        steering.intent.drains(over: cell, in: region).last.map(Controller.words)
    }

    static func words(_ drain: Drain) -> String {
        "\(drain.state.rawValue), \(drain.admissionPercent) % of its share (drain \(drain.id))"
    }

    // MARK: Sessions

    /// Which cells the sessions of a drain's cells would go to. A tenant's fence may send some elsewhere.
    private func sessionMoves(
        ofDrain name: String, _ before: Steering, _ after: Snapshot, now: LoopTime
    ) -> [Status.SessionMove]? {
        guard let sessions, let target = try? before.intentView(now: now).drainTarget(named: name) else { return nil }
        return before.cells(of: target).map { cell in
            let region = after.cells[cell.index].region
            let (from, place) = (after.name(of: cell), after.name(of: region))
            return Status.SessionMove(
                from: from, to: Controller.takers(of: region, before.snapshot, after).map(after.name(of:)),
                sessions: sessions(from, place))
        }
    }

    /// The region's own cells that take work, those that gain most first; without any, those of the next region that
    /// is open, by share.
    private static func takers(of region: RegionID, _ before: Snapshot, _ after: Snapshot) -> [CellID] {
        let order = [region] + after.order.indices.map { after.order[$0] }.filter { $0 != region }
        guard let taker = order.first(where: { after.open.contains($0) }) else { return [] }
        let cells = after.regions[taker.index].cells.indices.map { after.cellLists[$0] }
        let gains = cells.map { cell in
            let share = Int(after.cells[cell.index].share)
            return (cell, share, gain: taker == region ? share - Int(before.cells[cell.index].share) : share)
        }
        // A sort that keeps the file's order among equals.
        return gains.enumerated().filter { $0.element.1 > 0 }.sorted {
            ($1.element.gain, $0.offset) < ($0.element.gain, $1.offset)
        }.map(\.element.0)
    }
}

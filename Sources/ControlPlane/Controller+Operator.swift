import Model
public import Policy

/// What operators do and see of it. Times leave as wall time: only this edge knows its own loop's clock.
extension Controller {
    /// Carries a command out and says what it moves once all its steps are done.
    public func change(_ command: OperatorCommand) throws(OperatorRefusal) -> Status.Change {
        let moves = try moves(of: command)
        try perform(command)
        return Status.Change(generation: snapshot.generation, dryRun: false, moves: moves)
    }

    /// What the command would move; nothing changes.
    public func preview(_ command: OperatorCommand) throws(OperatorRefusal) -> Status.Change {
        Status.Change(generation: snapshot.generation, dryRun: true, moves: try moves(of: command))
    }

    /// Carries a `drain` out.
    public func drain(_ command: OperatorCommand) throws(OperatorRefusal) -> Status.Drain {
        try perform(command)
        guard let drain = steering.intent.drains.last else { preconditionFailure("a drain that left no trace") }
        return status(of: drain)
    }

    /// Those in force and the latest that ended, by id.
    public var drains: [Status.Drain] { steering.intent.drains.map(status) }

    /// Nil: never heard of, or too long ago.
    public func drain(_ id: UInt32) -> Status.Drain? { steering.intent.drains.first { $0.id == id }.map(status) }

    private func moves(of command: OperatorCommand) throws(OperatorRefusal) -> [Status.Move] {
        try steering.preview(command, now: clock.now()).changes.map { change in
            Status.Move(
                region: change.region, cell: change.cell, beforePercent: Double(change.before) / 100,
                afterPercent: Double(change.after) / 100)
        }
    }

    private func status(of drain: Drain) -> Status.Drain {
        let isCell = if case .cell = drain.target { true } else { false }
        return Status.Drain(
            id: drain.id, target: drain.name, kind: isCell ? "cell" : "region", mode: drain.mode.rawValue,
            state: drain.state.rawValue, reason: drain.reason, who: drain.who, startedAt: text(drain.startedAt),
            expiresAt: text(drain.expiresAt), overMilliseconds: drain.overMilliseconds,
            admissionPercent: drain.admissionPercent, sessionsMovedPercent: Int(drain.leavingSlots) / 100,
            resetsStreams: drain.resetsStreams, generation: snapshot.generation)
    }

    /// RFC 3339. No earlier than 1970, where a clock that was never set may be.
    private func text(_ time: LoopTime) -> String {
        let (now, wall) = (clock.now(), clock.wallNanoseconds())
        let ago = min(wall, now.nanoseconds(since: time))
        let instant = time > now ? wall + time.nanoseconds(since: now) : wall - ago
        return TimestampWriter.text(instant)
    }

    /// The cell's own drain, or its region's, in words; nil: none.
    func drainWords(_ cell: CellID, in region: RegionID) -> String? {
        guard let drain = steering.intent.drains(over: cell, in: region).last else { return nil }
        return "\(drain.state.rawValue), \(drain.admissionPercent) % of its share (drain \(drain.id))"
    }
}

import Model
import Policy

/// Operators' intent as the admin API shows it.
extension Status.Drain {
    init(_ drain: Drain, generation: UInt64, at moment: Moment) {
        self.init(
            id: drain.id, target: drain.name, kind: drain.cell.isEmpty ? "region" : "cell", mode: drain.mode.rawValue,
            state: drain.state.rawValue, reason: drain.reason, who: drain.who,
            startedAt: TimestampWriter.text(moment.wall(of: drain.began)),
            expiresAt: TimestampWriter.text(moment.wall(of: drain.began, atAge: drain.expiryNanoseconds)),
            overMilliseconds: drain.overMilliseconds, admissionPercent: drain.admissionPercent,
            sessionsMovedPercent: Int(drain.leavingSlots) / 100, resetsStreams: drain.resetsStreams,
            generation: generation)
        let isExpired = drain.began.age(at: moment.loop) >= drain.expiryNanoseconds
        isOverdue = drain.isInForce && (drain.state == .held || isExpired)
    }

    /// - Parameter count: requests of the target that are open, over all workers.
    mutating func count(requestsInFlight count: Int) {
        requestsInFlight = count
        isOverdue = isOverdue || resetsStreams && count > 0
    }
}

extension Status.Setting {
    init(_ setting: OperatorSetting, at moment: Moment) {
        self.init(
            percent: setting.percent, reason: setting.reason, who: setting.who,
            setAt: TimestampWriter.text(moment.wall(of: setting.began)),
            expiresAt: moment.wall(ofExpiry: setting.expiresAt).map { TimestampWriter.text($0) })
    }
}

extension Status.Tenant {
    /// Nil: nobody pinned it.
    init?(_ tenant: String, _ steering: Steering) {
        guard let pin = steering.pin(of: tenant) else { return nil }
        self.init(pin, said: steering.operatorPin(of: tenant))
    }

    /// - Parameter said: nil: the pin is the file's.
    init(_ pin: Configuration.Pin, said: OperatorPin?) {
        self.init(
            tenant: pin.tenant, home: pin.home, residency: pin.residency, source: said == nil ? "file" : "operator",
            reason: said?.reason, who: said?.who, setAt: said.map { TimestampWriter.text($0.setAt) })
    }
}

extension OperatorPreview {
    var moves: [Status.Move] {
        changes.map { change in
            Status.Move(
                region: change.region, cell: change.cell, beforePercent: Double(change.before) / 100,
                afterPercent: Double(change.after) / 100)
        }
    }
}

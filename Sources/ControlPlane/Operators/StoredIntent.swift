import Policy
import Store

/// What operators want, as the store keeps it: names instead of ids, wall time instead of the loops'.
extension DurableIntent {
    /// A drain in a mode or state that this version does not know is left where it is.
    init(_ stored: StoredState, _ moment: Moment) {
        self.init()
        for setting in stored.settings {
            let name = SettingName(region: setting.region, cell: setting.cell)
            settings[name] = OperatorSetting(
                percent: min(100, max(0, setting.percent)), reason: setting.reason, who: setting.who,
                began: moment.beginning(at: setting.setAt), expiresAt: moment.expiry(at: setting.expiresAt))
        }
        for drain in stored.drains { drains[drain.id] = DrainRecord(drain, moment) }
        lastDrainID = stored.lastDrainID
    }

    /// What has to be written where the store holds `before`.
    func changes(since before: DurableIntent, _ moment: Moment) -> [StoreTransaction.Change] {
        var changes: [StoreTransaction.Change] = []
        for (name, setting) in settings.sorted(by: { $0.key < $1.key }) where before.settings[name] != setting {
            changes.append(.setSetting(StoredSetting(name, setting, moment)))
        }
        for name in before.settings.keys.sorted(by: <) where settings[name] == nil {
            changes.append(.removeSetting(name.kind, region: name.region, cell: name.cell))
        }
        for (id, drain) in drains.sorted(by: { $0.key < $1.key }) where before.drains[id] != drain {
            changes.append(.setDrain(StoredDrain(drain, moment)))
        }
        for id in before.drains.keys.sorted() where drains[id] == nil { changes.append(.removeDrain(id)) }
        return changes
    }
}

extension SettingName {
    fileprivate var kind: StoredSetting.Kind { cell.isEmpty ? .dial : .weight }

    fileprivate static func < (a: SettingName, b: SettingName) -> Bool { (a.region, a.cell) < (b.region, b.cell) }
}

extension StoredSetting {
    init(_ name: SettingName, _ setting: OperatorSetting, _ moment: Moment) {
        self.init(
            kind: name.kind, region: name.region, cell: name.cell, percent: setting.percent, reason: setting.reason,
            who: setting.who, setAt: moment.wall(of: setting.began),
            expiresAt: moment.wall(ofExpiry: setting.expiresAt))
    }
}

extension StoredDrain {
    init(_ drain: DrainRecord, _ moment: Moment) {
        let startedAt = moment.wall(of: drain.began)
        let (expiresAt, isNever) = startedAt.addingReportingOverflow(drain.expiryNanoseconds)
        self.init(
            id: drain.id, region: drain.region, cell: drain.cell, mode: drain.mode.rawValue,
            state: drain.state.rawValue, reason: drain.reason, who: drain.who, startedAt: startedAt,
            expiresAt: isNever ? .max : expiresAt, overMilliseconds: drain.overMilliseconds,
            firstPercent: drain.firstPercent, admissionPercent: drain.admissionPercent,
            stepAt: drain.stepBegan.map { moment.wall(of: $0) } ?? 0, errorShareBefore: drain.errorShareBefore)
    }
}

extension DrainRecord {
    init?(_ stored: StoredDrain, _ moment: Moment) {
        guard let mode = Drain.Mode(rawValue: stored.mode), let state = Drain.State(rawValue: stored.state) else {
            return nil
        }
        self.init(
            id: stored.id, region: stored.region, cell: stored.cell, mode: mode, state: state, reason: stored.reason,
            who: stored.who, began: moment.beginning(at: stored.startedAt),
            expiryNanoseconds: stored.expiresAt - min(stored.startedAt, stored.expiresAt),
            overMilliseconds: stored.overMilliseconds, firstPercent: stored.firstPercent,
            admissionPercent: stored.admissionPercent,
            stepBegan: stored.stepAt == 0 ? nil : moment.beginning(at: stored.stepAt),
            errorShareBefore: stored.errorShareBefore)
    }
}

extension Restoration {
    init(_ stored: StoredState, _ moment: Moment) {
        self.init()
        generation = stored.reservedGeneration + 1
        intent = DurableIntent(stored, moment)
        for owner in stored.owners { owners[owner.dataset] = LearntOwner(region: owner.region, epoch: owner.epoch) }
        pins = stored.pins.map { pin in
            OperatorPin(
                .init(tenant: pin.tenant, home: pin.home, residency: pin.residency), reason: pin.reason, who: pin.who,
                setAt: pin.setAt)
        }
    }
}

extension StoredPin {
    init(_ said: OperatorPin) {
        self.init(
            tenant: said.pin.tenant, home: said.pin.home, residency: said.pin.residency, reason: said.reason,
            who: said.who, setAt: said.setAt)
    }
}

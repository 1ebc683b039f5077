import Model

/// What of operators' intent must outlive the process. By name: a setting of what is not configured now comes back with
/// it.
public struct DurableIntent: Equatable, Sendable {
    public var settings: [SettingName: OperatorSetting] = [:]
    /// By id: those in force and the latest that ended.
    public var drains: [UInt32: DrainRecord] = [:]
    /// The greatest id a drain ever had.
    public var lastDrainID: UInt32 = 0
    public init() {}
}

extension OperatorIntent {
    public var durable: DurableIntent {
        var durable = DurableIntent()
        durable.settings = settings
        durable.drains = Dictionary(drains.map { ($0.id, $0.record) }) { first, _ in first }
        durable.lastDrainID = lastDrainID
        return durable
    }

    /// Takes up what an earlier process left; `advance` is due then. A drain of what is not configured ends by it.
    mutating func restore(_ durable: DurableIntent, _ view: IntentView, now: LoopTime) -> [IntentEvent] {
        settings = durable.settings
        lastDrainID = max(durable.lastDrainID, durable.drains.keys.max() ?? 0)
        drains = durable.drains.values.sorted { $0.id < $1.id }.map { record in
            Drain(record, target: view.target(of: record), rules: view.rules, now: now)
        }
        return drains.filter(\.isInForce).map { IntentEvent(resumed: $0) }
    }
}

extension IntentView {
    /// Ids that nothing has, where it is not configured.
    fileprivate func target(of record: DrainRecord) -> DrainTarget {
        let region = regions.first { $0.name == record.region }
        if record.cell.isEmpty { return .region(region?.id ?? .none) }
        return .cell(region?.cells.first { $0.name == record.cell }?.id ?? .none)
    }
}

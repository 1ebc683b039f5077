public import Model

/// What operators want, over what the file says: weights, dials and drains (routing.md, Weights, drains, sessions).
///
///     commands, time, how cells do ─▶ OperatorIntent ─▶ shares of each region's cells, events
///
/// Pure. A cell or region that leaves the configuration keeps its settings, should it come back; its drain ends.
public struct OperatorIntent: Equatable, Sendable {
    /// Drains that have ended are remembered for those who still ask, so many.
    static let endedDrains = 64

    var settings: [SettingName: OperatorSetting] = [:]
    /// By id: those in force, and the latest that ended.
    public internal(set) var drains: [Drain] = []
    var lastDrainID: UInt32 = 0

    public init() {}

    // MARK: What follows from it

    /// In the order of the region's cells.
    public func shares(of region: IntentRegion) -> [CellShare] {
        let result = arithmetic(of: region)
        let percents = result.weightPercents
        return region.cells.indices.map { place in
            let cell = region.cells[place].id
            let covering = drains(over: cell, in: region.id)
            return CellShare(
                cell: cell, weightPercent: percents[place], share: UInt16(result.shares[place]),
                leavingSlots: covering.map(\.leavingSlots).max() ?? 0,
                resetsStreams: covering.contains { $0.resetsStreams },
                setPercent: weight(of: region.cells[place].name, in: region.name)?.percent,
                admissionPercent: covering.map(\.admissionPercent).min() ?? 100)
        }
    }

    /// Of the requests choosing the region it keeps so many 10,000ths: its dial times what drains of all its cells
    /// leave. 0: none.
    public func keptShare(of region: IntentRegion) -> UInt16 {
        let dial = dial(of: region.name)?.percent ?? 100
        return UInt16((dial * arithmetic(of: region).keptShare + 99) / 100)
    }

    /// The same in whole percents, 0 only for none.
    public func dialPercent(of region: IntentRegion) -> Int { (Int(keptShare(of: region)) + 99) / 100 }

    /// What an operator set; nil: the file's holds.
    public func weight(of cell: String, in region: String) -> OperatorSetting? {
        settings[SettingName(region: region, cell: cell)]
    }

    /// Nil: all of it.
    public func dial(of region: String) -> OperatorSetting? { settings[SettingName(region: region)] }

    /// In force for the cell: its own, and its region's.
    public func drains(over cell: CellID, in region: RegionID) -> [Drain] {
        drains.filter { $0.isInForce && ($0.target == .cell(cell) || $0.target == .region(region)) }
    }

    /// In force.
    public func drain(of target: DrainTarget) -> Drain? { drains.first { $0.isInForce && $0.target == target } }

    func arithmetic(of region: IntentRegion) -> RegionShares {
        RegionShares(
            region.cells.map { cell in
                RegionShares.Cell(
                    configuredPercent: cell.configuredPercent,
                    setPercent: weight(of: cell.name, in: region.name)?.percent,
                    admissionPercent: drains(over: cell.id, in: region.id).map(\.admissionPercent).min() ?? 100)
            })
    }

    // MARK: Time

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime {
        let expiries = settings.values.map(\.expiresAt)
        return (expiries + drains.map(\.nextWake)).min() ?? .distantFuture
    }

    /// Time passed: called at `nextWake`, or any time. The shares may have changed even when nothing is told.
    public mutating func advance(_ view: IntentView, now: LoopTime) -> [IntentEvent] {
        var events: [IntentEvent] = []
        for place in drains.indices where drains[place].isInForce {
            if let reading = view.reading(of: drains[place].target) {
                let happened = drains[place].advance(reading, now: now)
                events += happened.map { IntentEvent($0, to: drains[place]) }
            } else {
                _ = drains[place].end()
                events.append(IntentEvent(vanished: drains[place]))
            }
        }
        forgetEndedDrains()
        return events + expireSettings(view, now)
    }

    /// In the file's order. What is not configured now expires without a word.
    private mutating func expireSettings(_ view: IntentView, _ now: LoopTime) -> [IntentEvent] {
        var events: [IntentEvent] = []
        for region in view.regions {
            if let dial = dial(of: region.name), dial.expiresAt <= now {
                events.append(IntentEvent(dialOf: region.name, from: dial.percent, to: 100, why: dial.expired))
            }
            for cell in region.cells {
                guard let weight = weight(of: cell.name, in: region.name), weight.expiresAt <= now else { continue }
                let (from, to) = (weight.percent, cell.configuredPercent)
                events.append(IntentEvent(weightOf: cell.name, from: from, to: to, why: weight.expired))
            }
        }
        settings = settings.filter { $0.value.expiresAt > now }
        return events
    }

    mutating func forgetEndedDrains() {
        let ended = drains.count { !$0.isInForce }
        var surplus = ended - OperatorIntent.endedDrains
        guard surplus > 0 else { return }
        drains.removeAll { drain in
            guard surplus > 0, !drain.isInForce else { return false }
            surplus -= 1
            return true
        }
    }
}

public import Model

extension OperatorIntent {
    /// The longest an expiry may be away: 30 days.
    static let longestExpiryMilliseconds: UInt64 = 2_592_000_000
    /// The longest ramp: a day.
    static let longestRampMilliseconds: UInt64 = 86_400_000

    /// Carries a command out, or refuses it and changes nothing. Call `advance` first, so that the view and the intent
    /// are of the same moment.
    public mutating func perform(
        _ command: OperatorCommand, _ view: IntentView, now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        try OperatorIntent.checkRanges(command)
        switch command.change {
        case .setWeight(let cell, let percent): return try setWeight(cell, percent, command, view, now)
        case .resetWeight(let cell): return try setWeight(cell, nil, command, view, now)
        case .setDial(let region, let percent): return try setDial(region, percent, command, view, now)
        case .resetDial(let region): return try setDial(region, nil, command, view, now)
        case .drain(let target, let mode, let over): return try drain(target, mode, over, command, view, now)
        case .undrain(let target): return try undrain(target, command, view, now)
        case .undrainID(let id): return try undrain(id, command, view, now)
        }
    }

    private static func checkRanges(_ command: OperatorCommand) throws(OperatorRefusal) {
        switch command.change {
        case .setWeight(_, let percent), .setDial(_, let percent):
            guard !(0...100).contains(percent) else { break }
            throw OperatorRefusal(.outOfRange, "\(percent) % is no share: give a whole percent from 0 to 100")
        case .drain(_, _, let over?) where over > longestRampMilliseconds:
            throw OperatorRefusal(.outOfRange, "a ramp of \(Words.duration(over)) is too long: give at most 24h")
        default: break
        }
        if let expiry = command.expiresInMilliseconds, !(1_000...longestExpiryMilliseconds).contains(expiry) {
            throw OperatorRefusal(
                .outOfRange, "an expiry of \(Words.duration(expiry)) is out of range: give 1s to 720h")
        }
    }

    // MARK: Weights and dials

    /// - Parameter percent: nil returns to the file's.
    private mutating func setWeight(
        _ name: String, _ percent: Int?, _ command: OperatorCommand, _ view: IntentView, _ now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        let (cell, region) = try view.cell(named: name)
        let key = SettingName(region: region.name, cell: cell.name)
        let before = settings[key]
        guard before != nil || percent != nil else { return [] }
        var next = settings
        next[key] = percent.map { setting($0, command, now) }
        try OperatorIntent.checkSum(of: next, region)
        settings = next
        return [
            IntentEvent(
                weightOf: cell.name, from: before?.percent ?? cell.configuredPercent,
                to: percent ?? cell.configuredPercent, why: command.why(expires: percent != nil))
        ]
    }

    /// Set cells keep theirs while their sum is at most 100 and somebody is left to take the rest.
    private static func checkSum(
        of settings: [SettingName: OperatorSetting], _ region: IntentRegion
    ) throws(OperatorRefusal) {
        func percent(_ cell: IntentCell) -> Int? {
            settings[SettingName(region: region.name, cell: cell.name)]?.percent
        }
        let set = region.cells.filter { percent($0) != nil }
        let sum = set.reduce(0) { $0 + (percent($1) ?? 0) }
        if set.isEmpty || sum == 100 { return }
        let list = set.map { "\($0.name) \(percent($0) ?? 0) %" }.joined(separator: ", ")
        if sum > 100 {
            throw OperatorRefusal(
                .weightsExceed,
                "the set weights of \(region.name) would sum to \(sum) % (\(list)): lower or reset one; 100 % is all")
        }
        guard !region.cells.contains(where: { percent($0) == nil && $0.configuredPercent > 0 }) else { return }
        throw OperatorRefusal(
            .weightsIncomplete,
            "the set weights of \(region.name) would sum to \(sum) % (\(list)) and no other cell is there to take the"
                + " remaining \(100 - sum) %: set another one first, or reset one")
    }

    private mutating func setDial(
        _ name: String, _ percent: Int?, _ command: OperatorCommand, _ view: IntentView, _ now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        let region = try view.region(named: name)
        let key = SettingName(region: region.name)
        let before = settings[key]
        guard before != nil || percent != nil else { return [] }
        settings[key] = percent.map { setting($0, command, now) }
        return [
            IntentEvent(
                dialOf: region.name, from: before?.percent ?? 100, to: percent ?? 100,
                why: command.why(expires: percent != nil))
        ]
    }

    private func setting(_ percent: Int, _ command: OperatorCommand, _ now: LoopTime) -> OperatorSetting {
        let expiry = command.expiresInMilliseconds.map { now.advanced(milliseconds: $0) }
        return OperatorSetting(
            percent: percent, reason: command.reason, who: command.who, began: Beginning(now),
            expiresAt: expiry ?? .distantFuture)
    }

    // MARK: Drains

    private mutating func drain(
        _ name: String, _ mode: Drain.Mode, _ over: UInt64?, _ command: OperatorCommand, _ view: IntentView,
        _ now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        let found = try view.target(named: name)
        let (over, expiry) = (
            over ?? view.rules.overMilliseconds, command.expiresInMilliseconds ?? view.rules.expiryMilliseconds
        )
        if mode == .ramp { try OperatorIntent.checkEmpties(over, expiry, view.rules) }
        let before = self.drain(of: found.target)
        if !command.isForced, let refusal = safety(of: found, mode, view).first { throw refusal }
        lastDrainID += 1
        let order = Drain.Order(
            id: lastDrainID, target: found.target, region: found.regionName, cell: found.cellName, mode: mode,
            overMilliseconds: over, expiryMilliseconds: expiry, reason: command.reason, who: command.who,
            firstPercent: before?.admissionPercent ?? 100)
        let errors = view.reading(of: found.target)?.errorShare ?? 0
        // What follows on another drain of the target is measured against the time before that one.
        let drain = Drain(
            order, errorShare: before?.brake.before ?? errors, rules: view.rules,
            began: Beginning(now))
        if let before, let place = drains.firstIndex(where: { $0.id == before.id }) { _ = drains[place].end() }
        drains.append(drain)
        forgetEndedDrains()
        let started = IntentEvent(started: drain, why: command.why)
        return mode == .now ? [started, IntentEvent(.emptied, to: drain)] : [started]
    }

    /// The ramp and its sessions are through before the drain undoes itself.
    private static func checkEmpties(
        _ over: UInt64, _ expiry: UInt64, _ rules: Configuration.DrainRules
    ) throws(OperatorRefusal) {
        let (whole, isTooLong) = over.addingReportingOverflow(rules.sessionsMilliseconds)
        if !isTooLong, whole <= expiry { return }
        throw OperatorRefusal(
            .outOfRange,
            "a ramp of \(Words.duration(over)) and \(Words.duration(rules.sessionsMilliseconds)) for its sessions "
                + "would never be through before it expires in \(Words.duration(expiry)): give a shorter ramp or a "
                + "longer expiry")
    }

    private mutating func undrain(
        _ name: String, _ command: OperatorCommand, _ view: IntentView, _ now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        let found = try view.target(named: name)
        if let drain = drain(of: found.target) { return try undrain(drain.id, command, view, now) }
        if case .cell(_, let region) = found, self.drain(of: .region(region.id)) != nil {
            throw OperatorRefusal(
                .notDraining, "\(found.name) drains with its region \(region.name): undrain \(region.name)")
        }
        throw OperatorRefusal(.notDraining, "\(found.name) is not draining")
    }

    private mutating func undrain(
        _ id: UInt32, _ command: OperatorCommand, _ view: IntentView, _ now: LoopTime
    ) throws(OperatorRefusal) -> [IntentEvent] {
        guard let place = drains.firstIndex(where: { $0.id == id && $0.isInForce }) else {
            throw OperatorRefusal(.notDraining, "there is no drain \(id) in force")
        }
        let reading = view.reading(of: drains[place].target) ?? .none
        let happened = drains[place].undrain(reading, now: now)
        let events = happened.map { IntentEvent($0, to: drains[place], why: command.why) }
        forgetEndedDrains()
        return events
    }
}

extension IntentView.Found {
    var regionName: String {
        switch self {
        case .cell(_, let region), .region(let region): region.name
        }
    }

    /// Empty: it is a region.
    var cellName: String { if case .cell(let cell, _) = self { cell.name } else { "" } }

    var target: DrainTarget {
        switch self {
        case .cell(let cell, _): .cell(cell.id)
        case .region(let region): .region(region.id)
        }
    }
}

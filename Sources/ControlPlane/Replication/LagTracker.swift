import Model

/// How far each region's copy of one dataset is behind its owner, told from positions alone: gauges lie (routing.md,
/// Replication lag).
///
///     read ──▶ owner's history ─┐
///     read ──▶ copies ──────────┴─ judge, once a second ──▶ tiers: worse at once, better when it holds
///
/// Pure: what was read comes in with the time at which it was asked for.
struct LagTracker: Sendable {
    /// What a configuration, and who owns the dataset, make of it.
    struct Rules: Equatable, Sendable {
        var dataset = ""
        var owner = ""
        var epoch: UInt64 = 1
        /// By region.
        var sources: [String: Configuration.PositionSource] = [:]
        var bounds = LagBounds()
    }

    /// Reads that fail one after another, until nothing is known any more.
    static let readsUntilSilent = 3
    /// Judgements for which a better tier must hold before it counts.
    static let judgementsUntilBetter = 3

    fileprivate struct Copy: Sendable {
        var position: Position?
        /// When the position was asked for.
        var asked = LoopTime.zero
        /// Reads that failed since.
        var misses = 0
        var failure = ""
        /// The furthest it ever was: below that it went back.
        var furthest: Position?
        /// The newest time known at which the owner was no further than this copy is.
        var reached: LoopTime?
        var settled: LagTier?
        /// Judgements in a row that were better than `settled`, and the worst of them.
        var better: (count: Int, worst: LagTier) = (0, .fresh)
        /// Since it, or the history, began; as far as it matters.
        var judgements = 0

        var isSilent: Bool { misses >= LagTracker.readsUntilSilent || position == nil }
    }

    private(set) var rules: Rules
    private var history: OwnerHistory
    private var copies: [String: Copy]

    init(_ rules: Rules) {
        self.rules = rules
        history = OwnerHistory(staleMilliseconds: rules.bounds.stale)
        copies = rules.sources.mapValues { _ in Copy() }
    }

    /// From here on these. Another owner or epoch begins another history: what was read of the one before says nothing
    /// about this one.
    mutating func adopt(_ rules: Rules) {
        let before = self.rules
        if rules == before { return }
        self.rules = rules
        copies = copies.filter { rules.sources[$0.key] != nil && rules.sources[$0.key] == before.sources[$0.key] }
        for region in rules.sources.keys where copies[region] == nil { copies[region] = Copy() }
        let isSame = (rules.owner, rules.epoch) == (before.owner, before.epoch)
        let sameSource = rules.sources[rules.owner] == before.sources[rules.owner]
        if isSame, sameSource, rules.bounds.stale == before.bounds.stale { return }
        begin()
    }

    /// What the owner said last, as whatever it was then, is the first of the new history.
    private mutating func begin() {
        history = OwnerHistory(staleMilliseconds: rules.bounds.stale)
        copies = copies.mapValues { old in
            var copy = old
            (copy.judgements, copy.furthest, copy.reached) = (0, old.position, nil)
            return copy
        }
        if let owner = copies[rules.owner], !owner.isSilent, let position = owner.position {
            history.append(position, at: owner.asked)
        }
    }

    // MARK: Reading

    /// A region's position was asked for, and this is what came. Of one that has no source nothing is taken.
    mutating func read(_ region: String, _ outcome: Result<Position, PositionFailure>, asked: LoopTime) {
        guard var copy = copies[region] else { return }
        switch outcome {
        case .failure(let failure):
            (copy.misses, copy.failure) = (min(copy.misses + 1, LagTracker.readsUntilSilent), failure.description)
        case .success(let position):
            (copy.position, copy.asked, copy.misses) = (position, asked, 0)
            let isForward = position >= copy.furthest ?? position
            if isForward { copy.furthest = position }
            if region == rules.owner, isForward { history.append(position, at: asked) }
        }
        copies[region] = copy
    }

    // MARK: Judging

    /// Once a second: what has changed its tier.
    mutating func judge(now: LoopTime) -> [LagChange] {
        copies.keys.sorted().compactMap { region in
            guard var copy = copies[region] else { return nil }
            if let position = copy.position, position == copy.furthest {
                copy.reached = history.newest(atMost: position) ?? copy.reached
            }
            let reading = measure(region, copy, now: now)
            let before = copy.settled
            copy.judgements = min(copy.judgements + 1, LagTracker.readsUntilSilent)
            // Nobody has had the time to say anything about what has just begun.
            if !reading.isUnknown || copy.judgements >= LagTracker.readsUntilSilent { copy.settle(reading.tier) }
            copies[region] = copy
            guard let tier = copy.settled, tier != before, !(before == nil && tier == .fresh) else { return nil }
            return LagChange(dataset: rules.dataset, region: region, from: before, to: tier, reading: reading)
        }
    }

    /// As of now, with the tier that holds; what is not known is broken at once. Nil: the region has no source.
    func reading(of region: String, now: LoopTime) -> LagReading? {
        guard let copy = copies[region] else { return nil }
        var reading = measure(region, copy, now: now)
        if !reading.isUnknown { reading.tier = copy.settled ?? reading.tier }
        return reading
    }

    private func measure(_ region: String, _ copy: Copy, now: LoopTime) -> LagReading {
        if let cause = doubt(copy) { return .unknown(cause, copy.position) }
        guard let position = copy.position else { return .unknown("it was not read yet") }
        if region == rules.owner { return LagReading(milliseconds: 0, tier: .fresh, position: position) }
        guard let owner = copies[rules.owner] else {
            return .unknown("no position is configured for the owner \(rules.owner)", position)
        }
        if owner.isRegressed { return .unknown("the owner \(rules.owner) went back: \(owner.wayBack)", position) }
        guard let last = history.last else {
            return .unknown("the owner \(rules.owner) was not read yet\(owner.why)", position)
        }
        let isLost = owner.isSilent
        var reading = LagReading(milliseconds: 0, tier: .fresh, isAsOfLoss: isLost, position: position)
        if position >= last.position { return reading }
        // Between two reads nobody knows more than at the first of them; missed ones make a copy older.
        let instant = isLost ? last.time : copy.misses == 0 ? copy.asked : now
        if let reached = [history.newest(atMost: position), copy.reached].compactMap({ $0 }).max() {
            reading.milliseconds = instant.milliseconds(since: reached)
        } else {
            // It was behind already when the edge began to watch: by so much at least.
            let least = instant.milliseconds(since: history.began ?? last.time)
            guard least >= rules.bounds.stale else {
                return .unknown("it has not reached where the owner was when the edge began to watch", position)
            }
            reading.milliseconds = least
        }
        reading.tier = rules.bounds.tier(milliseconds: reading.milliseconds ?? 0)
        return reading
    }

    /// Why what the copy said last does not count.
    private func doubt(_ copy: Copy) -> String? {
        if copy.misses >= LagTracker.readsUntilSilent { return "silent for 3 reads\(copy.why)" }
        if copy.position == nil { return "it was not read yet\(copy.why)" }
        return copy.isRegressed ? "its position went back: \(copy.wayBack)" : nil
    }
}

extension LagTracker.Copy {
    /// Without a new epoch that is another history, or a mistake: nothing is known until it has passed again.
    fileprivate var isRegressed: Bool {
        guard let position, let furthest else { return false }
        return position < furthest
    }

    fileprivate var wayBack: String {
        "\(position.map(\.description) ?? "-") after \(furthest.map(\.description) ?? "-")"
    }

    fileprivate var why: String { misses > 0 ? ": \(failure)" : "" }

    /// Worse at once; better when it has held.
    fileprivate mutating func settle(_ tier: LagTier) {
        guard let settled, tier < settled else {
            (settled, better) = (tier, (0, .fresh))
            return
        }
        better = (better.count + 1, max(better.worst, tier))
        guard better.count >= LagTracker.judgementsUntilBetter else { return }
        (self.settled, better) = (better.worst, (0, .fresh))
    }
}

import Model

/// The lag of all datasets whose positions are read. One with `mode: multi` has no owner and no lag.
struct LagBook: Sendable {
    private var trackers: [String: LagTracker] = [:]

    /// From here on these; what is known of those that stay is kept.
    mutating func adopt(_ all: [LagTracker.Rules]) {
        let before = trackers
        trackers = [:]
        for rules in all {
            var tracker = before[rules.dataset] ?? LagTracker(rules)
            tracker.adopt(rules)
            trackers[rules.dataset] = tracker
        }
    }

    mutating func read(
        _ dataset: String, _ region: String, _ outcome: Result<Position, PositionFailure>, asked: LoopTime
    ) { trackers[dataset]?.read(region, outcome, asked: asked) }

    /// Once a second.
    mutating func judge(now: LoopTime) -> [LagChange] {
        trackers.keys.sorted().flatMap { trackers[$0]?.judge(now: now) ?? [] }
    }

    /// Nil: nobody measures it.
    func reading(_ dataset: String, _ region: String, now: LoopTime) -> LagReading? {
        trackers[dataset]?.reading(of: region, now: now)
    }
}

extension LagTracker.Rules {
    /// Nil: the dataset has no owner, or no positions.
    init?(_ dataset: Configuration.Dataset, owner: String?, epoch: UInt64) {
        guard dataset.owner != nil, let owner, !dataset.positions.isEmpty else { return nil }
        let bounds = LagBounds(
            fresh: dataset.freshMilliseconds, near: dataset.nearMilliseconds, stale: dataset.staleMilliseconds)
        self.init(dataset: dataset.name, owner: owner, epoch: epoch, sources: dataset.positions, bounds: bounds)
    }
}

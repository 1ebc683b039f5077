public import Model

/// Reads every position of the configuration once a second: each by itself, so that a slow one holds no other up, and
/// never twice at a time.
public actor PositionWatch {
    public static let intervalMilliseconds: UInt64 = 1_000

    /// One read of one source; ends within the interval, and soon when its task is cancelled.
    public typealias Read = @Sendable (Configuration.PositionSource) async -> Result<Position, PositionFailure>
    /// What came of a read that was begun at `asked`.
    public typealias Report =
        @Sendable (
            _ dataset: String, _ region: String, _ outcome: Result<Position, PositionFailure>, _ asked: LoopTime
        ) async -> Void

    private struct Place: Hashable {
        let dataset: String
        let region: String
    }

    private struct Round {
        let source: Configuration.PositionSource
        let task: Task<Void, Never>
    }

    private let clock: ControlClock
    private let read: Read
    private let report: Report
    private let judge: @Sendable () async -> Void
    private var rounds: [Place: Round] = [:]
    private var isStopped = false

    /// - Parameter judge: called once a second, while most reads are over.
    public init(
        clock: ControlClock = .system, read: @escaping Read, report: @escaping Report,
        judge: @escaping @Sendable () async -> Void
    ) { (self.clock, self.read, self.report, self.judge) = (clock, read, report, judge) }

    /// The configuration's positions from now on. A source that changes is read once its old one's read has ended.
    public func adopt(_ datasets: [Configuration.Dataset]) {
        if isStopped { return }
        var wanted: [Place: Configuration.PositionSource] = [:]
        for dataset in datasets where dataset.owner != nil {
            for (region, source) in dataset.positions { wanted[Place(dataset: dataset.name, region: region)] = source }
        }
        for (place, round) in rounds where wanted[place] == nil {
            round.task.cancel()
            rounds[place] = nil
        }
        for (place, source) in wanted where rounds[place]?.source != source {
            let old = rounds[place]?.task
            old?.cancel()
            let task = Task { [self] in
                await old?.value
                await keepReading(source, of: place)
            }
            rounds[place] = Round(source: source, task: task)
        }
    }

    /// Judges until the task is cancelled; returns when no read is under way any more.
    public func run() async {
        // Half a second behind the reads that the start began.
        var due = clock.now().advanced(milliseconds: PositionWatch.intervalMilliseconds / 2)
        while !Task.isCancelled {
            await clock.sleep(due)
            if Task.isCancelled { break }
            await judge()
            due = next(after: due)
        }
        isStopped = true
        for round in rounds.values { round.task.cancel() }
        for round in rounds.values { await round.task.value }
    }

    private nonisolated func keepReading(_ source: Configuration.PositionSource, of place: Place) async {
        var due = clock.now()
        while !Task.isCancelled {
            let asked = clock.now()
            let outcome = await read(source)
            if Task.isCancelled { return }
            await report(place.dataset, place.region, outcome, asked)
            due = next(after: due)
            await clock.sleep(due)
        }
    }

    /// A second later, or now where that is past: what was missed is not made up for.
    private nonisolated func next(after due: LoopTime) -> LoopTime {
        max(due.advanced(milliseconds: PositionWatch.intervalMilliseconds), clock.now())
    }
}

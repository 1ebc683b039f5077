/// A world cannot last that long: it would be drawn for minutes, and fill the memory.
public struct TooManyHours: Error, Equatable, CustomStringConvertible {
    public var description: String { "a world lasts 0 to \(Campaign.mostHours) hours" }
}

/// Runs a number of seeds, or a trace, until one fails.
public struct Campaign: Sendable {
    /// The first seed; more follow in order.
    public var seed: UInt64 = 1
    public var seeds = 1
    /// A year.
    public static let mostHours = 8_760
    /// Of each world, 0 to `mostHours`.
    public var hours = 1
    /// Kinds of faults that may be drawn.
    public var kinds = FaultKind.allCases
    /// A failing schedule is made as small as can be found.
    public var shrinks = true

    public init() {}

    public struct Failure: Equatable, Sendable {
        public let schedule: Schedule
        public let violation: Violation
        /// Events of the schedule before it was made small.
        public let originalCount: Int
    }

    public struct Result: Equatable, Sendable {
        /// Of all worlds together, the failing one among them.
        public var report = SimulationReport()
        public var worlds = 0
        public var failure: Failure?
    }

    public func schedule(_ scene: Scene, seed: UInt64) -> Schedule {
        var generator = ScheduleGenerator(scene, seed: seed, kinds: kinds)
        return generator.schedule(seed: seed, hours: hours)
    }

    /// Throws `TooManyHours`, and what the steering throws.
    public func run(_ scene: Scene) throws -> Result {
        guard (0...Campaign.mostHours).contains(hours) else { throw TooManyHours() }
        var result = Result()
        for number in 0..<UInt64(max(0, seeds)) {
            try add(schedule(scene, seed: seed &+ number), scene, to: &result)
            if result.failure != nil { break }
        }
        return result
    }

    /// One schedule, as from a trace.
    public func run(_ scene: Scene, _ schedule: Schedule) throws -> Result {
        var result = Result()
        try add(schedule, scene, to: &result)
        return result
    }

    private func add(_ schedule: Schedule, _ scene: Scene, to result: inout Result) throws {
        let run = try SimulationRun(scene, schedule)
        result.report.add(run.report)
        result.worlds += 1
        guard let violation = run.violation else { return }
        var (least, last) = (schedule, violation)
        if shrinks {
            var shrinker = Shrinker(scene, schedule, violation)
            (least, last) = shrinker.shrink()
        }
        result.failure = Failure(schedule: least, violation: last, originalCount: schedule.count)
    }
}

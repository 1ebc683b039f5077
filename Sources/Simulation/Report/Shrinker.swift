/// Makes a failing schedule small: leaves out events while it still fails in the same way, by ever finer parts (Zeller,
/// Hildebrandt: "Simplifying and isolating failure-inducing input", 2002), then shortens what is left.
struct Shrinker {
    private let scene: Scene
    private let invariant: Invariant
    /// Milliseconds of simulation left to spend.
    private var budget: UInt64
    private var best: Schedule
    private var bestViolation: Violation

    /// - Parameter hours: of simulation to spend: some seconds of one core a hundred.
    init(_ scene: Scene, _ schedule: Schedule, _ violation: Violation, hours: UInt64 = 400) {
        (self.scene, best, bestViolation, self.budget) = (scene, schedule, violation, hours * 3_600_000)
        invariant = violation.invariant
    }

    mutating func shrink() -> (schedule: Schedule, violation: Violation) {
        cut()
        startLate()
        // Faults and rushes first: each that goes makes the runs that come after shorter.
        for _ in 0..<2 {
            thin(\.rushes)
            thin(\.faults)
            thin(\.operations)
        }
        list()
        thinVisits()
        shorten()
        thin(\.faults)
        cut()
        return (best, bestViolation)
    }

    /// Takes the candidate for the best when it fails in the same way.
    private mutating func attempt(_ candidate: Schedule) -> Bool {
        guard budget > 0 else { return false }
        budget -= min(budget, candidate.milliseconds)
        guard let violation = try? SimulationRun(scene, candidate).violation, violation.invariant == invariant else {
            return false
        }
        (best, bestViolation) = (candidate, violation)
        return true
    }

    /// Nothing after the failure.
    private mutating func cut() {
        var candidate = best
        let end = bestViolation.at + 1
        candidate.milliseconds = min(candidate.milliseconds, end)
        candidate.faults.removeAll { $0.start >= end }
        candidate.operations.removeAll { $0.at >= end }
        candidate.rushes.removeAll { $0.start >= end }
        candidate.visits?.removeAll { $0.at >= end }
        _ = attempt(candidate)
    }

    /// Leaves out the first minutes of a long run, and whatever was then.
    private mutating func startLate() {
        for share in [9, 7, 5, 3] as [UInt64] {
            let offset = bestViolation.at / 10 * share / 60_000 * 60_000
            if offset == 0 { continue }
            var candidate = best
            candidate.faults.removeAll { $0.start + $0.milliseconds < offset }
            candidate.operations.removeAll { $0.at < offset }
            candidate.rushes.removeAll { $0.start + $0.milliseconds < offset }
            if attempt(candidate) { return }
        }
    }

    /// Visits that were drawn become visits that stand there.
    private mutating func list() {
        guard best.visits == nil else { return }
        var candidate = best
        let traffic = Traffic(scene, Dice(seed: best.seed))
        candidate.visits = traffic.visits(before: best.milliseconds, best.rushes)
        candidate.rushes = []
        _ = attempt(candidate)
    }

    private mutating func thinVisits() {
        guard let visits = best.visits else { return }
        // Mostly the last ones matter.
        for keep in [1, 10, 100] where visits.count > keep {
            var candidate = best
            candidate.visits = Array(visits.suffix(keep))
            if attempt(candidate) { break }
        }
        var rest = best.visits ?? []
        thin(&rest) { schedule, visits in schedule.visits = visits }
    }

    private mutating func thin<Item>(_ path: WritableKeyPath<Schedule, [Item]>) {
        var items = best[keyPath: path]
        thin(&items) { schedule, items in schedule[keyPath: path] = items }
    }

    private mutating func thin<Item>(_ items: inout [Item], _ put: (inout Schedule, [Item]) -> Void) {
        var size = (items.count + 1) / 2
        while size > 0, !items.isEmpty {
            var (start, isSmaller) = (0, false)
            while start < items.count {
                var (candidate, left) = (best, items)
                left.removeSubrange(start..<min(items.count, start + size))
                put(&candidate, left)
                if attempt(candidate) { (items, isSmaller) = (left, true) } else { start += size }
            }
            if size == 1, !isSmaller { break }
            size = size == 1 ? 1 : (size + 1) / 2
        }
    }

    /// Faults last half as long while that is enough.
    private mutating func shorten() {
        for index in best.faults.indices {
            while best.faults[index].milliseconds > 250 {
                var candidate = best
                candidate.faults[index].milliseconds /= 2
                if !attempt(candidate) { break }
            }
        }
    }
}

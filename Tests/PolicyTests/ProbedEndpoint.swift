import Model
import Policy

/// A detector and the endpoint it watches, in simulated time: answers arrive when the endpoint's behaviour says.
final class ProbedEndpoint {
    /// What becomes of a probe begun at that moment.
    enum Fate: Equatable, Sendable {
        case answered(afterMilliseconds: UInt64)
        case refused(afterMilliseconds: UInt64)
        case swallowed
    }

    private struct Result {
        let at: LoopTime
        let id: UInt32
        let succeeded: Bool
        let begun: LoopTime
    }

    var detector: HealthDetector
    var fate: (LoopTime) -> Fate = { _ in .answered(afterMilliseconds: 1) }
    private(set) var now: LoopTime
    private(set) var starts: [LoopTime] = []
    private(set) var marks: [(at: LoopTime, isUp: Bool)] = []
    private(set) var mostInFlight = 0
    private var results: [Result] = []

    init(seed: UInt64, settings: HealthDetector.Settings = .init(), now: LoopTime = .zero.advanced(milliseconds: 5_000))
    {
        detector = HealthDetector(settings: settings, random: seed, now: now)
        self.now = now
    }

    /// Runs until that many milliseconds passed, or the detector said something.
    func run(milliseconds: UInt64, untilMarked: Bool = false) {
        let end = now.advanced(milliseconds: milliseconds)
        let before = marks.count
        while !(untilMarked && marks.count > before) {
            let result = results.map(\.at).min() ?? .distantFuture
            let next = max(now, min(result, detector.nextWake))
            guard next <= end else { break }
            now = next
            if result <= next { tellResult() } else { perform(detector.advance(now: now)) }
        }
        if !untilMarked { now = end }
    }

    /// Nobody runs for so long; then timers run before sockets are read.
    func standStill(milliseconds: UInt64) {
        now = now.advanced(milliseconds: milliseconds)
        perform(detector.advance(now: now))
    }

    private func tellResult() {
        guard let index = results.indices.min(by: { results[$0].at < results[$1].at }) else { return }
        let result = results.remove(at: index)
        let roundTrip = result.at.nanoseconds(since: result.begun)
        perform(
            detector.probeEnded(
                result.id, succeeded: result.succeeded, now: now, roundTripNanoseconds: roundTrip))
    }

    private func perform(_ actions: HealthDetector.Actions) {
        for action in actions {
            switch action {
            case .startProbe(let id, _): begin(id)
            case .markUp: marks.append((now, true))
            case .markDown: marks.append((now, false))
            }
        }
        mostInFlight = max(mostInFlight, detector.probesInFlight)
    }

    private func begin(_ id: UInt32) {
        starts.append(now)
        switch fate(now) {
        case .answered(let delay):
            results.append(Result(at: now.advanced(milliseconds: delay), id: id, succeeded: true, begun: now))
        case .refused(let delay):
            results.append(Result(at: now.advanced(milliseconds: delay), id: id, succeeded: false, begun: now))
        case .swallowed: break
        }
    }
}

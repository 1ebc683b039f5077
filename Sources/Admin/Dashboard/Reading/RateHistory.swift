import Model

/// Requests a second and their failures, out of counters that somebody looks at now and then.
struct RateHistory: Equatable, Sendable {
    struct Sample: Equatable, Sendable {
        var time: LoopTime
        /// Since the start: all, and those answered with 5xx.
        var requests: UInt64
        var failures: UInt64
    }

    struct Reading: Equatable, Sendable {
        /// Over the last seconds; nil: nobody looked then.
        var requestsPerSecond: Double?
        /// Of those requests; nil also when there were none.
        var errorPercent: Double?
        /// Requests a second between one look and the next, oldest first.
        var points: [Double] = []
    }

    /// Two minutes, as a page that is open looks every second.
    static let capacity = 120
    /// A rate is told over at most so long.
    static let windowMilliseconds: UInt64 = 5_000
    /// Looks that are farther apart say nothing about now.
    static let gapMilliseconds: UInt64 = 15_000
    /// Looks that are closer are one.
    static let shortestMilliseconds: UInt64 = 700

    private(set) var samples: [Sample] = []

    mutating func add(_ sample: Sample) {
        if let last = samples.last {
            let isRestart = sample.requests < last.requests || sample.failures < last.failures
            let gap = sample.time.milliseconds(since: last.time)
            if isRestart || gap > RateHistory.gapMilliseconds {
                samples = []
            } else if gap < RateHistory.shortestMilliseconds {
                return
            }
        }
        samples.append(sample)
        if samples.count > RateHistory.capacity + 1 { samples.removeFirst() }
    }

    var reading: Reading {
        guard let last = samples.last, samples.count > 1 else { return Reading() }
        let recent = samples.dropLast().first {
            last.time.milliseconds(since: $0.time) <= RateHistory.windowMilliseconds
        }
        let first = recent ?? samples[samples.count - 2]
        let requests = Double(last.requests - first.requests)
        let seconds = Double(last.time.milliseconds(since: first.time)) / 1_000
        let points = zip(samples, samples.dropFirst()).map { a, b in
            Double(b.requests - a.requests) * 1_000 / Double(b.time.milliseconds(since: a.time))
        }
        return Reading(
            requestsPerSecond: requests / seconds,
            errorPercent: requests > 0 ? min(100, Double(last.failures - first.failures) * 100 / requests) : nil,
            points: points)
    }
}

public import Model

/// How many requests one endpoint is sent at a time, learned from how long its answers take: while they take as long as
/// they do without a queue the limit grows, when they take longer it shrinks in proportion (a gradient).
///
///     window of samples ─→ short-term mean ─┐
///     samples with half of the limit or less in flight ─→ long-term mean ─┴→ gradient ─→ limit
///
/// The long-term mean is what the endpoint takes when it has no queue. An endpoint that is always in full use would
/// never show it, and its queue would pass for its nature: so at first, and now and then, the limit rests for a few
/// samples. It is halved, and halved again as long as that makes answers faster.
///
/// Pure; time is passed in. One endpoint of one worker.
public struct ConcurrencyLimit: Equatable, Sendable {
    /// Never fewer: with less in flight there is nothing to measure by.
    static let minimum = 3.0
    /// Where it starts: about what an ordinary program serves at a time.
    static let initial = 20.0
    /// How much longer than without a queue answers may take before the limit shrinks: means of small windows differ by
    /// as much.
    static let tolerance = 1.25
    /// A halving that leaves more than this of the latency has found no queue.
    static let quietShare = 0.8
    /// The most that one window takes away: a single slow moment must not end all traffic.
    static let steepest = 0.5
    /// A window has at least so many samples and lasts at least so long, and two of its mean latencies, so that it
    /// shows what the last change did.
    static let windowSamples = 10
    static let windowNanoseconds: UInt64 = 100_000_000
    /// Share of a window in the short-term mean, and of a sample without a queue in the long-term one.
    static let shortShare = 0.4
    static let longShare = 0.01
    /// So long without such a sample, and the limit rests; each halving has so many samples.
    static let restNanoseconds: UInt64 = 30_000_000_000
    static let restSamples = 50

    private let maximum: Double
    private var limit: Double
    /// Nanoseconds; 0 until measured.
    private var shortTerm = 0.0
    private var longTerm = 0.0
    private var windowSum = 0.0
    private var windowCount = 0
    private var mostInFlight = 0
    private var windowStart = LoopTime.zero
    private var restedAt = LoopTime.zero
    /// What the limit is divided by; 1 but for a rest.
    private var divisor = 2.0
    /// In a rest: from when on hardly an answer comes that waited in a longer queue, and how many came since.
    private var quietFrom = LoopTime.distantFuture
    private var restCount = 0

    /// - Parameter maximum: requests, at least 1; the limit never exceeds it.
    public init(maximum: Int) {
        precondition(maximum > 0, "a limit of no request at all")
        self.maximum = Double(maximum)
        limit = min(ConcurrencyLimit.initial, Double(maximum))
    }

    /// Requests that may be in flight now; between 3 and the maximum.
    public var current: Int { Int(max(lowest, limit / divisor)) }

    private var lowest: Double { min(ConcurrencyLimit.minimum, maximum) }

    /// An answer began.
    ///
    /// - Parameters:
    ///   - latencyNanoseconds: from the request's sending to the first byte of the answer's head.
    ///   - inFlight: requests at the endpoint as it came, this one included.
    public mutating func observe(latencyNanoseconds: UInt64, inFlight: Int, now: LoopTime) {
        let latency = Double(max(1, latencyNanoseconds))
        if divisor > 1 { return rest(latency, inFlight, now) }
        if Double(inFlight) * 2 <= limit { learn(latency, now) }
        windowSum += latency
        windowCount += 1
        mostInFlight = max(mostInFlight, inFlight)
        let span = max(Double(ConcurrencyLimit.windowNanoseconds), 2 * shortTerm)
        guard windowCount >= ConcurrencyLimit.windowSamples, Double(now.nanoseconds(since: windowStart)) >= span else {
            return
        }
        endWindow(now)
    }

    /// What the endpoint takes without a queue.
    private mutating func learn(_ latency: Double, _ now: LoopTime) {
        longTerm += (latency - longTerm) * ConcurrencyLimit.longShare
        restedAt = now
    }

    private mutating func endWindow(_ now: LoopTime) {
        let mean = windowSum / Double(windowCount)
        shortTerm += (mean - shortTerm) * ConcurrencyLimit.shortShare
        // Clearly faster than it was thought to be when alone: a slow time has ended.
        if shortTerm * ConcurrencyLimit.tolerance < longTerm {
            longTerm += (shortTerm - longTerm) * ConcurrencyLimit.shortShare
        }
        // A limit that nobody comes near to says nothing, neither by fast answers nor by slow ones.
        if Double(mostInFlight) * 2 > limit {
            let gradient = max(ConcurrencyLimit.steepest, min(1, ConcurrencyLimit.tolerance * longTerm / shortTerm))
            limit = max(lowest, min(maximum, limit * gradient + limit.squareRoot()))
        }
        beginWindow(now)
        if now.nanoseconds(since: restedAt) >= ConcurrencyLimit.restNanoseconds {
            divisor = 2
        }
    }

    private mutating func beginWindow(_ now: LoopTime) {
        (windowSum, windowCount, mostInFlight, windowStart) = (0, 0, 0, now)
    }

    /// Only requests sent since the endpoint has no more than `current` show what that is like; three mean latencies
    /// later few others are left. What was known before does not count: it is as old as the last rest.
    private mutating func rest(_ latency: Double, _ inFlight: Int, _ now: LoopTime) {
        if quietFrom == .distantFuture, inFlight <= current {
            quietFrom = now.advanced(nanoseconds: UInt64(3 * shortTerm))
        }
        guard now >= quietFrom else { return }
        windowSum += latency
        restCount += 1
        guard restCount >= ConcurrencyLimit.restSamples else { return }
        let mean = windowSum / Double(restCount)
        // At first there is nothing to compare with.
        let isFaster = shortTerm == 0 || mean < shortTerm * ConcurrencyLimit.quietShare && limit / divisor > lowest
        divisor = isFaster ? divisor * 2 : 1
        (longTerm, shortTerm, restedAt) = (mean, mean, now)
        (quietFrom, restCount) = (.distantFuture, 0)
        beginWindow(now)
    }
}

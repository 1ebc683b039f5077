public import Model

/// Whether one endpoint is up, from the probes it answers (routing.md, Health).
///
///     unknown ─first answer or failure─▶ up | down
///     up ─`fall` failures in a row─▶ down ─`rise` successes in a row─▶ up
///
/// While up, a probe that fails or stays unanswered is confirmed at once: further probes follow 250 ms apart without
/// waiting for it, as many as the verdict needs. While down there is one an interval.
///
/// "In a row" goes by the order in which results arrive. A success also speaks for every probe begun before it that is
/// still out: the endpoint was alive later than those, so they are forgotten. A result after its probe's deadline was
/// counted as a failure at the deadline and is ignored.
///
/// Pure: the caller starts the probes, arms one timer for `nextWake`, and performs the actions of each call in order.
public struct HealthDetector: Equatable, Sendable {
    public struct Settings: Equatable, Sendable {
        /// From one probe's start to the next one's, ± 10 %.
        public var intervalMilliseconds: UInt64
        public var timeoutMilliseconds: UInt64
        /// Failures in a row that mark down, at least 1.
        public var fall: Int
        /// Successes in a row that mark up, at least 1.
        public var rise: Int

        public init(
            intervalMilliseconds: UInt64 = 1_000, timeoutMilliseconds: UInt64 = 1_000, fall: Int = 3, rise: Int = 5
        ) {
            (self.intervalMilliseconds, self.timeoutMilliseconds) = (intervalMilliseconds, timeoutMilliseconds)
            (self.fall, self.rise) = (fall, rise)
        }

        public init(_ health: Configuration.Health) {
            self.init(
                intervalMilliseconds: health.intervalMilliseconds, timeoutMilliseconds: health.timeoutMilliseconds,
                fall: health.fall, rise: health.rise)
        }
    }

    public enum Action: Equatable, Sendable {
        /// The caller's part in the timeout is to give up on the probe; the detector counts it by itself.
        case startProbe(id: UInt32, deadline: LoopTime)
        case markUp, markDown
    }

    /// Shortest time from one probe's start to the next one's, in milliseconds: it makes a refusal three probes in
    /// 0.5 s, and 1.6 s in all with an interval of 1.1 s before the first.
    static let confirmMilliseconds: UInt64 = 250
    /// A call that comes so much later than `nextWake` says that the process stood still, not the endpoint.
    static let stallMilliseconds: UInt64 = 250

    /// May be changed at any time; what is under way keeps the old times.
    public var settings: Settings
    public private(set) var state = HealthState.unknown
    public private(set) var failuresInRow = 0
    public private(set) var successesInRow = 0
    /// Mean round trip of answered probes, weight ⅛ each (as RFC 6298 §2 smooths); 0 before the first.
    public private(set) var smoothedNanoseconds: UInt64 = 0
    private var probes = ProbesInFlight()
    private var lastID: UInt32 = 0
    private var lastStart = LoopTime.zero
    /// When the next probe begins if nothing calls for an earlier one.
    private var regularStart: LoopTime
    private var random: SplitMix64

    /// The first probe is due at `now`.
    public init(settings: Settings, random seed: UInt64, now: LoopTime) {
        self.settings = settings
        random = SplitMix64(seed: seed)
        regularStart = now
    }

    public var probesInFlight: Int { probes.count }

    /// When `advance` is to be called next. Changes with every call; may lie in the past.
    public var nextWake: LoopTime { min(probes.earliestDeadline, probes.isFull ? .distantFuture : nextStart) }

    /// Time passed. Called at `nextWake` or any time.
    public mutating func advance(now: LoopTime) -> Actions {
        forgiveStall(now)
        var actions = Actions()
        while let id = probes.expired(at: now) {
            probes.remove(id)
            actions.append(failed())
        }
        if now >= nextStart, !probes.isFull { actions.append(startProbe(now)) }
        return actions
    }

    /// A probe's result. Unknown ids, results told twice and results at or after the deadline are ignored.
    public mutating func probeEnded(
        _ id: UInt32, succeeded: Bool, now: LoopTime, roundTripNanoseconds: UInt64
    ) -> Actions {
        forgiveStall(now)
        var actions = Actions()
        guard probes.contains(id), probes.deadline(of: id) > now else { return actions }
        if succeeded {
            smooth(roundTripNanoseconds)
            probes.removeAll(upTo: id)
            actions.append(self.succeeded())
        } else {
            probes.remove(id)
            actions.append(failed())
        }
        return actions
    }

    private var nextStart: LoopTime { isConfirming ? min(regularStart, confirmingStart) : regularStart }

    /// Up, in doubt, and the probes that are out would not make the verdict if all of them failed.
    private var isConfirming: Bool {
        let doubts = failuresInRow + probes.count
        return state == .up && doubts > 0 && doubts < settings.fall
    }

    /// Counted from the last probe's start, so that a refusal's round trips do not add up.
    private var confirmingStart: LoopTime {
        let delay = HealthDetector.confirmMilliseconds * 1_000_000
        let patience = probes.contains(lastID) ? max(delay, 2 * smoothedNanoseconds) : delay
        return lastStart.advanced(nanoseconds: patience)
    }

    private mutating func startProbe(_ now: LoopTime) -> Action {
        lastID = lastID == .max ? 1 : lastID + 1
        lastStart = now
        let tenth = settings.intervalMilliseconds * 100_000
        let jitter = tenth / 1_000 * UInt64(random.next(below: 2_001))
        regularStart = now.advanced(nanoseconds: 9 * tenth + jitter)
        let deadline = now.advanced(milliseconds: settings.timeoutMilliseconds)
        probes.insert(lastID, deadline: deadline)
        return .startProbe(id: lastID, deadline: deadline)
    }

    private mutating func succeeded() -> Action? {
        (successesInRow, failuresInRow) = (successesInRow + 1, 0)
        guard state == .unknown || (state == .down && successesInRow >= settings.rise) else { return nil }
        state = .up
        return .markUp
    }

    private mutating func failed() -> Action? {
        (failuresInRow, successesInRow) = (failuresInRow + 1, 0)
        guard state == .unknown || (state == .up && failuresInRow >= settings.fall) else { return nil }
        state = .down
        return .markDown
    }

    private mutating func smooth(_ sample: UInt64) {
        smoothedNanoseconds = smoothedNanoseconds == 0 ? sample : smoothedNanoseconds / 8 * 7 + sample / 8
    }

    /// The process stood still over a deadline: answers may lie unread in the socket, so each probe that is out gets a
    /// moment more to be read, once.
    private mutating func forgiveStall(_ now: LoopTime) {
        guard now > nextWake.advanced(milliseconds: HealthDetector.stallMilliseconds) else { return }
        probes.extendOnce(to: now.advanced(milliseconds: HealthDetector.stallMilliseconds))
    }
}

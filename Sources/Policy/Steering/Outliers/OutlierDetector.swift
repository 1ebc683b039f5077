public import Model

/// Ejects endpoints that answer probes and fail requests (routing.md, Health: passive). Pure: observations and time
/// come in, verdicts come out.
///
/// An endpoint is ejected for failures in a row, for too small a share of successes over the window, and for being many
/// times slower than its siblings' median. Of a cell at most a share is out at once, and the last endpoint that is up
/// stays in unless it refuses connections, when nothing is lost by leaving it.
public struct OutlierDetector: Sendable {
    public enum Verdict: Equatable, Sendable {
        case eject(EndpointID, cause: String)
        case restore(EndpointID)
    }

    fileprivate struct Entry: Sendable {
        /// Index into `cells`; -1: nobody watches it.
        var cell = -1
        var window = RequestWindow()
        var failuresInRow: UInt64 = 0
        var refusalsInRow: UInt64 = 0
        var ejection = Ejection()
        /// It was ejected because it refuses connections, which probes can disprove.
        var isRefusing = false
        /// Probes that succeeded in a row since it was ejected.
        var probesSinceEjection = 0
        /// Slow at its last answers: looked at when time passes, too.
        var suspectUntil = LoopTime.zero
    }

    /// Another window begins empty: its buckets are numbered by their length, and the old numbers mean other times.
    public var settings: Configuration.Outliers {
        didSet {
            if settings.windowMilliseconds == oldValue.windowMilliseconds { return }
            for index in entries.indices {
                entries[index].window = RequestWindow()
                entries[index].suspectUntil = .zero
            }
        }
    }
    /// By endpoint id.
    private var entries: [Entry] = []
    private var cells: [[EndpointID]] = []
    private var ejectedCounts: [Int] = []
    private var scratch: [UInt64] = []
    /// When `advance` wants to be called next.
    public private(set) var nextWake = LoopTime.distantFuture

    public init(_ settings: Configuration.Outliers) { self.settings = settings }

    /// Replaces what is watched: the endpoints of each cell. One that stays keeps what is known of it.
    public mutating func watch(_ cells: [[EndpointID]]) {
        let most = cells.joined().map(\.index).max() ?? -1
        while entries.count <= most { entries.append(Entry()) }
        for index in entries.indices { entries[index].cell = -1 }
        for (cell, endpoints) in cells.enumerated() { for id in endpoints { entries[id.index].cell = cell } }
        for index in entries.indices where entries[index].cell < 0 { entries[index] = Entry() }
        self.cells = cells
        ejectedCounts = cells.map { $0.count { entries[$0.index].ejection.isOut } }
        planWake(after: .zero)
    }

    public func isEjected(_ endpoint: EndpointID) -> Bool {
        endpoint.index < entries.count && entries[endpoint.index].ejection.isOut
    }

    /// Why it is out, and until when; nil when it is in.
    public func ejection(of endpoint: EndpointID) -> (cause: String, until: LoopTime)? {
        guard isEjected(endpoint) else { return nil }
        let ejection = entries[endpoint.index].ejection
        return (ejection.cause, ejection.until)
    }

    /// - Parameter states: what probes and operators say, by endpoint id.
    public mutating func observe(
        _ observation: EndpointObservation, states: [HealthState], now: LoopTime, into verdicts: inout [Verdict]
    ) {
        let index = observation.endpoint.index
        guard settings.isEnabled, index < entries.count, entries[index].cell >= 0, !entries[index].ejection.isOut else {
            return  // answers to what was sent before it was ejected
        }
        entries[index].window.turn(to: bucket(now))
        entries[index].window.add(observation)
        entries[index].count(observation)
        judge(observation.endpoint, states, now: now, into: &verdicts)
    }

    /// Time passed: called at `nextWake`, or any time.
    public mutating func advance(states: [HealthState], now: LoopTime, into verdicts: inout [Verdict]) {
        guard now >= nextWake else { return }
        for index in entries.indices where entries[index].cell >= 0 {
            let id = EndpointID(rawValue: UInt32(index))
            if entries[index].ejection.isOut {
                guard entries[index].ejection.until <= now else { continue }
                restore(id, now: now)
                verdicts.append(.restore(id))
            } else if entries[index].suspectUntil > .zero {
                entries[index].window.turn(to: bucket(now))
                judge(id, states, now: now, into: &verdicts)
                if entries[index].suspectUntil <= now { entries[index].suspectUntil = .zero }
            }
        }
        planWake(after: now)
    }

    /// Probes changed their mind. One that they find up again died and came back: what its requests met before says
    /// nothing of it now, and an ejection ends.
    public mutating func probed(_ endpoint: EndpointID, isUp: Bool, now: LoopTime) {
        guard endpoint.index < entries.count else { return }
        if isUp {
            if isEjected(endpoint), entries[endpoint.index].cell >= 0 { restore(endpoint, now: now) }
            entries[endpoint.index].ejection.recovered(now: now)
        } else {
            entries[endpoint.index].ejection.fellIll(now: now)
        }
    }

    /// A probe of the endpoint ended. One that was ejected for refusing connections and has taken `rise` of them in a
    /// row since does not refuse any more: a restart costs it a few seconds, not the whole ejection.
    public mutating func probeEnded(
        _ endpoint: EndpointID, succeeded: Bool, rise: Int, now: LoopTime, into verdicts: inout [Verdict]
    ) {
        guard isEjected(endpoint), entries[endpoint.index].isRefusing else { return }
        entries[endpoint.index].probesSinceEjection = succeeded ? entries[endpoint.index].probesSinceEjection + 1 : 0
        guard entries[endpoint.index].probesSinceEjection >= rise else { return }
        restore(endpoint, now: now)
        verdicts.append(.restore(endpoint))
    }

    private mutating func restore(_ endpoint: EndpointID, now: LoopTime) {
        var entry = Entry()
        (entry.cell, entry.ejection) = (entries[endpoint.index].cell, entries[endpoint.index].ejection)
        entry.ejection.restore(now: now)
        entries[endpoint.index] = entry
        ejectedCounts[entry.cell] -= 1
    }

    // MARK: Judging

    private mutating func judge(
        _ endpoint: EndpointID, _ states: [HealthState], now: LoopTime, into verdicts: inout [Verdict]
    ) {
        guard states[endpoint.index] == .up, let cause = cause(for: endpoint, now: now) else { return }
        let isRefusing = entries[endpoint.index].refusalsInRow >= UInt64(settings.consecutiveFailures)
        guard mayEject(endpoint, states, isRefusing: isRefusing) else { return }
        entries[endpoint.index].ejection.eject(cause, settings, now: now)
        entries[endpoint.index].suspectUntil = .zero
        (entries[endpoint.index].isRefusing, entries[endpoint.index].probesSinceEjection) = (isRefusing, 0)
        ejectedCounts[entries[endpoint.index].cell] += 1
        nextWake = min(nextWake, entries[endpoint.index].ejection.until)
        verdicts.append(.eject(endpoint, cause: cause))
    }

    private func mayEject(_ endpoint: EndpointID, _ states: [HealthState], isRefusing: Bool) -> Bool {
        let cell = entries[endpoint.index].cell
        let share = cells[cell].count * settings.maxEjectedPercent / 100
        let most = settings.maxEjectedPercent > 0 ? max(1, share) : 0
        guard ejectedCounts[cell] < most else { return false }
        if isRefusing { return true }
        for id in cells[cell] where id != endpoint && states[id.index] == .up {
            if !entries[id.index].ejection.isOut { return true }
        }
        return false
    }

    /// Nil: it may stay.
    private mutating func cause(for endpoint: EndpointID, now: LoopTime) -> String? {
        let (failures, refusals) = (entries[endpoint.index].failuresInRow, entries[endpoint.index].refusalsInRow)
        if failures >= UInt64(settings.consecutiveFailures) {
            let isRefusing = refusals >= UInt64(settings.consecutiveFailures)
            return isRefusing
                ? "\(refusals) connections in a row were refused" : "\(failures) requests in a row failed"
        }
        let total = entries[endpoint.index].window.total
        if total.requests >= UInt64(settings.minRequests),
            total.successes * 100 < UInt64(settings.successPercent) * total.requests
        {
            let seconds = settings.windowMilliseconds / 1_000
            return "\(total.failures) of \(total.requests) requests failed in \(seconds) s"
        }
        return slowness(of: endpoint, now: now)
    }

    /// So many answers at least, of it and of a sibling, as failures in a row would eject it: slow counts as failing.
    private mutating func slowness(of endpoint: EndpointID, now: LoopTime) -> String? {
        guard settings.slowFactor > 0, let median = siblingsMedian(of: endpoint, now: now), median > 0 else {
            return nil
        }
        let limit = median * UInt64(settings.slowFactor)
        if entries[endpoint.index].window.isSlowNow(limit) {
            entries[endpoint.index].suspectUntil = now.advanced(milliseconds: settings.windowMilliseconds)
            nextWake = min(nextWake, nextBucket(now))
        }
        let total = entries[endpoint.index].window.total
        guard total.firstByteCount >= UInt64(settings.consecutiveFailures), entries[endpoint.index].window.isSlow(limit)
        else { return nil }
        let (mean, usual) = ((total.mean ?? 0) / 1_000, median / 1_000)
        return "it answers in \(mean) µs, its siblings in \(usual) µs"
    }

    private mutating func siblingsMedian(of endpoint: EndpointID, now: LoopTime) -> UInt64? {
        scratch.removeAll(keepingCapacity: true)
        let number = bucket(now)
        for id in cells[entries[endpoint.index].cell] where id != endpoint {
            if entries[id.index].ejection.isOut { continue }
            entries[id.index].window.turn(to: number)
            let total = entries[id.index].window.total
            if total.firstByteCount >= UInt64(settings.consecutiveFailures), let mean = total.mean {
                scratch.append(mean)
            }
        }
        if scratch.isEmpty { return nil }
        scratch.sort()
        return scratch[scratch.count / 2]
    }

    // MARK: Time

    private var bucketNanoseconds: UInt64 {
        max(1, settings.windowMilliseconds / UInt64(RequestWindow.count)) * 1_000_000
    }

    private func bucket(_ now: LoopTime) -> UInt64 { now.nanoseconds / bucketNanoseconds }

    private func nextBucket(_ now: LoopTime) -> LoopTime {
        LoopTime(nanoseconds: (bucket(now) + 1) * bucketNanoseconds)
    }

    private mutating func planWake(after now: LoopTime) {
        nextWake = .distantFuture
        for index in entries.indices where entries[index].cell >= 0 {
            nextWake = min(nextWake, entries[index].ejection.until)
            if entries[index].suspectUntil > .zero { nextWake = min(nextWake, nextBucket(now)) }
        }
    }
}

extension OutlierDetector.Entry {
    fileprivate mutating func count(_ observation: EndpointObservation) {
        let isMixed = observation.refusals < observation.failures
        if observation.successes > 0 {
            failuresInRow = UInt64(observation.consecutiveFailures)
            refusalsInRow = isMixed ? 0 : failuresInRow
        } else {
            failuresInRow += UInt64(observation.failures)
            refusalsInRow = isMixed ? 0 : refusalsInRow + UInt64(observation.refusals)
        }
    }
}

public import Model

/// Runs one `HealthDetector` per endpoint. Pure: time and results come in, probes to start and changes come out; who
/// sleeps, connects and publishes is `Controller`.
public struct HealthMonitor: Sendable {
    /// What the caller is to do.
    public enum Action: Equatable, Sendable {
        case startProbe(ProbeRequest)
        /// The endpoint's state is `to` from now on.
        case changed(EndpointID, to: HealthState, wasKnown: Bool, cause: String)
    }

    fileprivate struct Entry {
        var watch: Watch
        var detector: HealthDetector
        /// It was marked before.
        var wasKnown = false
        /// Why the last failed probe failed.
        var detail = ""
    }

    /// By endpoint id, so that a run replays from its seed.
    private var entries: [Entry] = []
    /// Where an endpoint stands in `entries`, by id; -1: nobody watches it.
    private var positions: [Int32] = []
    private var flights = FlightTable()
    private var wakes = WakeQueue(count: 0, at: .zero)
    private var unknownCount = 0
    private var random: SplitMix64

    /// - Parameter seed: of the probes' jitter.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Replaces what is watched. A known endpoint keeps its detector and its state, whatever settings it gets: the next
    /// probes tell what the new ones make of it.
    public mutating func watch(_ watches: [Watch], now: LoopTime) {
        let before = entries
        entries = watches.sorted { $0.endpoint.rawValue < $1.endpoint.rawValue }.map { watch in
            let settings = HealthDetector.Settings(watch.health)
            guard let position = position(of: watch.endpoint) else {
                return Entry(
                    watch: watch, detector: HealthDetector(settings: settings, random: random.next(), now: now))
            }
            var entry = before[position]
            entry.watch = watch
            entry.detector.settings = settings
            return entry
        }
        positions = Array(repeating: -1, count: entries.last.map { $0.watch.endpoint.index + 1 } ?? 0)
        for (position, entry) in entries.enumerated() { positions[entry.watch.endpoint.index] = Int32(position) }
        let stay = positions
        flights.keep { $0.index < stay.count && stay[$0.index] >= 0 }
        unknownCount = entries.count { $0.detector.state == .unknown }
        wakes = WakeQueue(count: entries.count, at: now)
        for position in entries.indices { wakes.set(position, at: entries[position].detector.nextWake) }
    }

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime { wakes.first?.at ?? .distantFuture }

    /// Each endpoint's first probe has ended.
    public var hasProbedAll: Bool { unknownCount == 0 }

    /// Nothing is known of endpoints that are not watched.
    public func state(of endpoint: EndpointID) -> HealthState {
        position(of: endpoint).map { entries[$0].detector.state } ?? .unknown
    }

    public func health(of endpoint: EndpointID) -> EndpointHealth {
        guard let position = position(of: endpoint) else { return EndpointHealth() }
        let entry = entries[position]
        return EndpointHealth(
            state: entry.detector.state, lastFailure: entry.detail,
            roundTripNanoseconds: entry.detector.smoothedNanoseconds)
    }

    /// Time passed: called at `nextWake`, or any time.
    public mutating func advance(now: LoopTime, into actions: inout [Action]) {
        while let (position, at) = wakes.first, at <= now {
            let said = entries[position].detector.advance(now: now)
            // What time alone marks down did not answer; the probe loop's word on it comes later.
            if said.contains(.markDown) { entries[position].detail = noAnswer(position) }
            take(said, of: position, now: now, into: &actions)
            wakes.set(position, at: entries[position].detector.nextWake)
            if entries[position].detector.nextWake <= now { break }
        }
    }

    /// A probe that `startProbe` asked for has ended: of which endpoint. Nil for ids that are not in flight: the
    /// endpoint is gone.
    @discardableResult
    public mutating func probeEnded(
        _ result: ProbeResult, now: LoopTime, into actions: inout [Action]
    ) -> EndpointID? {
        guard let flight = flights.end(result.id), let position = position(of: flight.endpoint) else { return nil }
        if !result.succeeded { entries[position].detail = result.detail }
        let said = entries[position].detector.probeEnded(
            flight.number, succeeded: result.succeeded, now: now, roundTripNanoseconds: result.roundTripNanoseconds)
        take(said, of: position, now: now, into: &actions)
        wakes.set(position, at: entries[position].detector.nextWake)
        advance(now: now, into: &actions)
        return flight.endpoint
    }

    /// Successes in a row that mark the endpoint up.
    func rise(of endpoint: EndpointID) -> Int {
        position(of: endpoint).map { entries[$0].detector.settings.rise } ?? 1
    }

    private func position(of endpoint: EndpointID) -> Int? {
        guard endpoint.index < positions.count, positions[endpoint.index] >= 0 else { return nil }
        return Int(positions[endpoint.index])
    }

    private func noAnswer(_ position: Int) -> String {
        "no answer within \(entries[position].watch.health.timeoutMilliseconds) ms"
    }

    private mutating func take(
        _ said: HealthDetector.Actions, of position: Int, now: LoopTime, into actions: inout [Action]
    ) {
        for action in said {
            switch action {
            case .startProbe(let number, let deadline):
                let watch = entries[position].watch
                let request = ProbeRequest(
                    id: flights.begin(watch.endpoint, number), timeoutMilliseconds: deadline.milliseconds(since: now),
                    watch: watch)
                actions.append(.startProbe(request))
            case .markUp, .markDown:
                let (isUp, wasKnown) = (action == .markUp, entries[position].wasKnown)
                actions.append(
                    .changed(
                        entries[position].watch.endpoint, to: isUp ? .up : .down, wasKnown: wasKnown,
                        cause: isUp ? entries[position].recovery : entries[position].failure))
                if !wasKnown { unknownCount -= 1 }
                entries[position].wasKnown = true
            }
        }
    }
}

extension HealthMonitor.Entry {
    fileprivate var failure: String {
        let count = detector.failuresInRow
        return count > 1 ? "\(count) probes in a row failed: \(detail)" : "its first probe failed: \(detail)"
    }

    fileprivate var recovery: String {
        let count = detector.successesInRow
        return count > 1 ? "\(count) probes in a row succeeded" : "its first probe succeeded"
    }
}

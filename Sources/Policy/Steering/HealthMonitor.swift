public import Model

/// Runs one `HealthDetector` per endpoint. Pure: time and results come in, probes to start and changes come out; who
/// sleeps, connects and publishes is `Controller`.
public struct HealthMonitor: Sendable {
    /// What is to be watched.
    public struct Watch: Equatable, Sendable {
        public let endpoint: EndpointID
        public let target: UpstreamTarget
        public let health: Configuration.Health
        public init(endpoint: EndpointID, target: UpstreamTarget, health: Configuration.Health) {
            (self.endpoint, self.target, self.health) = (endpoint, target, health)
        }
    }

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

    private struct Flight {
        let endpoint: EndpointID
        /// The detector's own id for it.
        let number: UInt32
    }

    /// By endpoint id, so that a run replays from its seed.
    private var entries: [Entry] = []
    private var positions: [EndpointID: Int] = [:]
    private var flights: [UInt32: Flight] = [:]
    private var lastID: UInt32 = 0
    private var random: SplitMix64

    /// - Parameter seed: of the probes' jitter.
    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// Replaces what is watched. A known endpoint keeps its detector and its state, whatever settings it gets: the next
    /// probes tell what the new ones make of it.
    public mutating func watch(_ watches: [Watch], now: LoopTime) {
        let before = entries
        let known = positions
        entries = watches.sorted { $0.endpoint.rawValue < $1.endpoint.rawValue }.map { watch in
            let settings = HealthDetector.Settings(watch.health)
            guard let position = known[watch.endpoint] else {
                return Entry(
                    watch: watch, detector: HealthDetector(settings: settings, random: random.next(), now: now))
            }
            var entry = before[position]
            entry.watch = watch
            entry.detector.settings = settings
            return entry
        }
        positions = [:]
        for (position, entry) in entries.enumerated() { positions[entry.watch.endpoint] = position }
        let stay = positions
        flights = flights.filter { stay[$0.value.endpoint] != nil }
    }

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime { entries.lazy.map(\.detector.nextWake).min() ?? .distantFuture }

    /// Each endpoint's first probe has ended.
    public var hasProbedAll: Bool { entries.allSatisfy { $0.detector.state != .unknown } }

    /// Nothing is known of endpoints that are not watched.
    public func state(of endpoint: EndpointID) -> HealthState {
        positions[endpoint].map { entries[$0].detector.state } ?? .unknown
    }

    /// Of all that are watched.
    public var states: [EndpointID: HealthState] {
        Dictionary(uniqueKeysWithValues: entries.map { ($0.watch.endpoint, $0.detector.state) })
    }

    public func health(of endpoint: EndpointID) -> EndpointHealth {
        guard let position = positions[endpoint] else { return EndpointHealth() }
        let entry = entries[position]
        return EndpointHealth(
            state: entry.detector.state, lastFailure: entry.detail,
            roundTripNanoseconds: entry.detector.smoothedNanoseconds)
    }

    /// Time passed: called at `nextWake`, or any time.
    public mutating func advance(now: LoopTime) -> [Action] {
        var actions: [Action] = []
        for position in entries.indices {
            guard entries[position].detector.nextWake <= now else { continue }
            let said = entries[position].detector.advance(now: now)
            // What time alone marks down did not answer; the probe loop's word on it comes later.
            if said.contains(.markDown) { entries[position].detail = noAnswer(position) }
            take(said, of: position, now: now, into: &actions)
        }
        return actions
    }

    /// A probe that `startProbe` asked for has ended. Ids that are not in flight are ignored: the endpoint is gone.
    public mutating func probeEnded(_ result: ProbeResult, now: LoopTime) -> [Action] {
        guard let flight = flights.removeValue(forKey: result.id), let position = positions[flight.endpoint] else {
            return []
        }
        if !result.succeeded { entries[position].detail = result.detail }
        let said = entries[position].detector.probeEnded(
            flight.number, succeeded: result.succeeded, now: now, roundTripNanoseconds: result.roundTripNanoseconds)
        var actions: [Action] = []
        take(said, of: position, now: now, into: &actions)
        return actions + advance(now: now)
    }

    private func noAnswer(_ position: Int) -> String {
        "no answer within \(entries[position].watch.health.timeoutMilliseconds) ms"
    }

    private mutating func take(
        _ said: HealthDetector.Actions, of position: Int, now: LoopTime, into actions: inout [Action]
    ) {
        let entry = entries[position]
        for action in said {
            switch action {
            case .startProbe(let number, let deadline):
                actions.append(.startProbe(request(entry.watch, number, deadline.milliseconds(since: now))))
            case .markUp, .markDown:
                let isUp = action == .markUp
                actions.append(
                    .changed(
                        entry.watch.endpoint, to: isUp ? .up : .down, wasKnown: entry.wasKnown,
                        cause: isUp ? entry.recovery : entry.failure))
                entries[position].wasKnown = true
            }
        }
    }

    private mutating func request(_ watch: Watch, _ number: UInt32, _ milliseconds: UInt64) -> ProbeRequest {
        repeat { lastID &+= 1 } while flights[lastID] != nil
        flights[lastID] = Flight(endpoint: watch.endpoint, number: number)
        return ProbeRequest(
            id: lastID, endpoint: watch.endpoint, target: watch.target, health: watch.health,
            timeoutMilliseconds: milliseconds)
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

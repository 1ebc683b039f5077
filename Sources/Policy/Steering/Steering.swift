public import Model

/// Everything the control plane knows and decides, as one value: which configuration is in force, what detectors make
/// of probes and requests, what operators want, and the snapshot that follows.
///
///     probe results, observations, commands, time ─▶ Steering ─▶ probes to start, events, snapshots to publish
///
/// Pure: `Controller` gives it the clock and the network, the simulator gives it a seeded world. The same calls give
/// the same actions. Perform the actions of a call in their order: an event follows the snapshot that carries it out.
///
/// Whether an endpoint may be chosen is one word from three sources, the first that has one: the operator's override,
/// the active probes, the passive outliers. A snapshot is made only when something that requests would notice changed.
public struct Steering: Sendable {
    public enum Action: Equatable, Sendable {
        case startProbe(ProbeRequest)
        case publish(Snapshot)
        case event(EventKind, subject: String, cause: String)

        public static func == (a: Action, b: Action) -> Bool {
            switch (a, b) {
            case (.startProbe(let one), .startProbe(let other)): one == other
            case (.publish(let one), .publish(let other)): one === other
            case (.event(let kind, let subject, let cause), .event(let kind2, let subject2, let cause2)):
                kind == kind2 && subject == subject2 && cause == cause2
            default: false
            }
        }
    }

    public internal(set) var configuration: Configuration
    public internal(set) var registry: Registry
    /// Addresses of the endpoints that are configured by name.
    public internal(set) var resolved: [Address: [Address]]
    /// In force; its generation grows by one with each.
    public internal(set) var snapshot: Snapshot
    public internal(set) var monitor: HealthMonitor
    public internal(set) var outliers: OutlierDetector
    public internal(set) var latency: LatencyOrder
    /// What operators want, and what follows from it for each cell.
    public internal(set) var intent = OperatorIntent()
    var operated = OperatedShares()
    var intentWake = LoopTime.distantFuture
    /// Grows whenever the intent was looked at and may be another: what must outlive the process may have changed.
    public internal(set) var intentTurns: UInt64 = 0
    var rates = CellRates()
    var distances: RegionDistances
    var warmth: SlowStart
    var board = FitnessBoard()
    var builder: SnapshotBuilder
    /// Owners learnt since the configuration was written, by dataset.
    public internal(set) var owners: [String: LearntOwner] = [:]
    /// Operators', over the file's.
    public internal(set) var pins: [OperatorPin] = []
    /// The operator's word, where there is one, by endpoint id.
    var overrides: [HealthState?] = []
    /// By endpoint id: what it takes is a region's writes.
    var isReplication: [Bool] = []
    /// The operator's word, else the probes', by endpoint id.
    var probed: [HealthState] = []
    /// The word that requests go by, by endpoint id.
    var health: [HealthState] = []
    /// Something that requests would notice changed since the last snapshot.
    var isStale = false
    /// To be told after the next snapshot.
    var news: [Action] = []
    var said: [HealthMonitor.Action] = []
    var verdicts: [OutlierDetector.Verdict] = []

    /// Nothing is known of any endpoint yet. What became of the intent meanwhile is told with the first `advance`.
    /// - Parameters:
    ///   - resolved: addresses of the endpoints that are configured by name.
    ///   - hashKey: what keys requests, sessions and tenants; the same in every edge of a fleet.
    ///   - seed: of the probes' jitter.
    ///   - restoring: what an earlier process left.
    public init(
        _ configuration: Configuration, resolved: [Address: [Address]], hashKey: SipHash.Key = .zero, seed: UInt64,
        restoring: Restoration = Restoration(), now: LoopTime
    ) throws(RegistryError) {
        var registry = Registry()
        try registry.admit(configuration, resolved: resolved)
        (self.configuration, self.registry, self.resolved) = (configuration, registry, resolved)
        (owners, pins) = (restoring.owners, restoring.pins)
        builder = SnapshotBuilder(
            configuration, registry, resolved: resolved, hashKey: hashKey, pins: restoring.pins.map(\.pin))
        snapshot = builder.snapshot(generation: restoring.generation)
        monitor = HealthMonitor(seed: seed)
        outliers = OutlierDetector(configuration.outliers)
        distances = RegionDistances(configuration.latency)
        warmth = SlowStart(configuration.outliers)
        latency = LatencyOrder(
            configuration.latency, configured: builder.plan.configuredOrder, capacity: registry.regionCount, now: now)
        watchPlan(now: now)
        // After the file's shares: slices move from those as they did when the operator spoke.
        restore(restoring.intent, now: now)
        snapshot = builder.snapshot(conditions, generation: restoring.generation)
        isStale = false
    }

    /// Puts another configuration, or other addresses of the same one, in force; what is known of an endpoint that
    /// stays, stays. Changes nothing when it throws. The new snapshot is `snapshot`; publish it.
    /// - Parameter pinned: the table of its pins, where somebody made it ahead.
    public mutating func adopt(
        _ configuration: Configuration, resolved: [Address: [Address]], pinned: PinnedTenants? = nil, now: LoopTime
    ) throws(RegistryError) {
        try registry.admit(configuration, resolved: resolved)
        let before = self.configuration
        (self.configuration, self.resolved) = (configuration, resolved)
        let order = builder.plan.configuredOrder
        builder = SnapshotBuilder(
            configuration, registry, resolved: resolved, hashKey: snapshot.hashKey, pins: pins.map(\.pin),
            reusing: builder,
            prepared: pinned)
        outliers.settings = configuration.outliers
        if before.outliers != configuration.outliers { warmth = warmth.adopting(configuration.outliers, now: now) }
        distances.rules = configuration.latency
        if before.latency != configuration.latency || order != builder.plan.configuredOrder { orderAnew(now: now) }
        watchPlan(now: now)
        renewSnapshot()
    }

    /// Other regions or rules: what is known of their distances gives the order at once.
    private mutating func orderAnew(now: LoopTime) {
        distances.grow(regions: registry.regionCount, endpoints: registry.endpointCount)
        latency = LatencyOrder(
            configuration.latency, configured: builder.plan.configuredOrder, capacity: registry.regionCount, now: now)
        for region in builder.plan.regions {
            if let distance = distances.distance(of: region.id) { latency.measured(region.id, distance) }
        }
    }

    /// Events that the present snapshot gives rise to: cells and regions that became healthy or ill.
    public mutating func announceFitness() -> [Action] {
        let standby = Set(configuration.regions.filter { $0.mode == .standby }.map(\.name))
        return board.update(snapshot, configuration.spill, standby: standby).map {
            .event($0.kind, subject: $0.subject, cause: $0.cause)
        }
    }

    // MARK: Time and results

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime {
        min(min(monitor.nextWake, outliers.nextWake), min(latency.nextWake, min(warmth.nextWake, intentWake)))
    }

    /// Each endpoint's first probe has ended.
    public var hasProbedAll: Bool { monitor.hasProbedAll }

    /// Time passed: called at `nextWake`, or any time.
    public mutating func advance(now: LoopTime) -> [Action] {
        var actions: [Action] = []
        advance(now: now, into: &actions)
        return actions
    }

    /// The same into an array that the caller keeps: a call of which nothing follows allocates nothing.
    public mutating func advance(now: LoopTime, into actions: inout [Action]) {
        if monitor.nextWake <= now {
            monitor.advance(now: now, into: &said)
            takeProbes(now: now, into: &actions)
        }
        if outliers.nextWake <= now {
            outliers.advance(states: probed, now: now, into: &verdicts)
            takeVerdicts(now: now)
        }
        if latency.nextWake <= now {
            let distances = distances
            if latency.windowEnded(now: now, { distances.distance(of: $0) }) { isStale = true }
        }
        if warmth.advance(now: now) { isStale = true }
        if intentWake <= now { advanceIntent(now: now) }
        publish(into: &actions)
    }

    /// How a probe ended; once for each that was started.
    public mutating func probeEnded(_ result: ProbeResult, now: LoopTime) -> [Action] {
        var actions: [Action] = []
        probeEnded(result, now: now, into: &actions)
        return actions
    }

    /// The same into an array that the caller keeps.
    public mutating func probeEnded(_ result: ProbeResult, now: LoopTime, into actions: inout [Action]) {
        let endpoint = monitor.probeEnded(result, now: now, into: &said)
        takeProbes(now: now, into: &actions)
        if let endpoint {
            let rise = monitor.rise(of: endpoint)
            outliers.probeEnded(endpoint, succeeded: result.succeeded, rise: rise, now: now, into: &verdicts)
            takeVerdicts(now: now)
            if result.succeeded { probeAnswered(endpoint, after: result.roundTripNanoseconds, now: now) }
        }
        publish(into: &actions)
    }

    /// What requests met at endpoints since the last call, merged over workers.
    public mutating func observe(_ observations: [EndpointObservation], now: LoopTime) -> [Action] {
        var actions: [Action] = []
        observe(observations, now: now, into: &actions)
        return actions
    }

    /// The same into an array that the caller keeps.
    public mutating func observe(
        _ observations: [EndpointObservation], now: LoopTime, into actions: inout [Action]
    ) {
        for observation in observations where observation.endpoint.index < probed.count {
            let endpoint = observation.endpoint
            let cell = snapshot.endpoints[endpoint.index].cell
            if cell == .none { continue }
            rates.add(observation, to: cell, now: now)
            if overrides[endpoint.index] == nil {
                outliers.observe(observation, states: probed, now: now, into: &verdicts)
            }
            if observation.firstByteCount > 0 {
                let mean = observation.firstByteNanosecondsSum / UInt64(observation.firstByteCount)
                requestsAnswered(endpoint, after: mean, now: now)
            }
        }
        takeVerdicts(now: now)
        publish(into: &actions)
    }
}

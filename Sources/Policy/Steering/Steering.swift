public import Model

/// Everything the control plane knows and decides, as one value: which configuration is in force, what detectors make
/// of probes and requests, what operators want, and the snapshot that follows.
///
///     probe results, observations, commands, time ─▶ Steering ─▶ probes to start, events, snapshots to publish
///
/// Pure: `Controller` gives it the clock and the network, the simulator gives it a seeded world. The same calls give
/// the same actions. Perform the actions of a call in their order: an event follows the snapshot that carries it out.
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

    public private(set) var configuration: Configuration
    public private(set) var registry: Registry
    /// Addresses of the endpoints that are configured by name.
    public private(set) var resolved: [Address: Address]
    /// In force; its generation grows by one with each.
    public private(set) var snapshot: Snapshot
    public private(set) var monitor: HealthMonitor
    private var board = FitnessBoard()
    private var builder: SnapshotBuilder

    /// Generation 1: nothing is known of any endpoint yet.
    /// - Parameter seed: of the probes' jitter.
    public init(
        _ configuration: Configuration, resolved: [Address: Address], seed: UInt64, now: LoopTime
    ) throws(RegistryError) {
        var registry = Registry()
        try registry.admit(configuration)
        (self.configuration, self.registry, self.resolved) = (configuration, registry, resolved)
        builder = SnapshotBuilder(configuration, registry)
        snapshot = builder.snapshot(health: [:], resolved: resolved, generation: 1)
        monitor = HealthMonitor(seed: seed)
        monitor.watch(watches, now: now)
    }

    /// Puts another configuration, or other addresses of the same one, in force; what is known of an endpoint that
    /// stays, stays. Changes nothing when it throws. The new snapshot is `snapshot`; publish it.
    public mutating func adopt(
        _ configuration: Configuration, resolved: [Address: Address], now: LoopTime
    ) throws(RegistryError) {
        try registry.admit(configuration)
        (self.configuration, self.resolved) = (configuration, resolved)
        builder = SnapshotBuilder(configuration, registry)
        renewSnapshot()
        monitor.watch(watches, now: now)
    }

    /// Events that the present snapshot gives rise to: cells and regions that became healthy or ill.
    public mutating func announceFitness() -> [Action] {
        let standby = Set(configuration.regions.filter { $0.mode == .standby }.map(\.name))
        return board.update(snapshot, standby: standby).map {
            .event($0.kind, subject: $0.subject, cause: $0.cause)
        }
    }

    /// When `advance` wants to be called next.
    public var nextWake: LoopTime { monitor.nextWake }

    /// Each endpoint's first probe has ended.
    public var hasProbedAll: Bool { monitor.hasProbedAll }

    /// Time passed: called at `nextWake`, or any time.
    public mutating func advance(now: LoopTime) -> [Action] { take(monitor.advance(now: now)) }

    /// How a probe ended; once for each that was started.
    public mutating func probeEnded(_ result: ProbeResult, now: LoopTime) -> [Action] {
        take(monitor.probeEnded(result, now: now))
    }

    private mutating func take(_ said: [HealthMonitor.Action]) -> [Action] {
        var actions: [Action] = []
        var changes: [(endpoint: EndpointID, state: HealthState, wasKnown: Bool, cause: String)] = []
        for action in said {
            switch action {
            case .startProbe(let request): actions.append(.startProbe(request))
            case .changed(let endpoint, let state, let wasKnown, let cause):
                changes.append((endpoint, state, wasKnown, cause))
            }
        }
        if changes.isEmpty { return actions }
        renewSnapshot()
        actions.append(.publish(snapshot))
        for change in changes where change.state == .down || change.wasKnown {
            let kind: EventKind = change.state == .down ? .endpointEjected : .endpointReturned
            actions.append(.event(kind, subject: subject(of: change.endpoint), cause: change.cause))
        }
        return actions + announceFitness()
    }

    private mutating func renewSnapshot() {
        snapshot = builder.snapshot(
            health: monitor.states, resolved: resolved, generation: snapshot.generation + 1)
    }

    /// `cell/address`.
    private func subject(of endpoint: EndpointID) -> String {
        let cell = snapshot.endpoints[endpoint.index].cell
        return "\(snapshot.name(of: cell))/\(snapshot.name(of: endpoint))"
    }

    // MARK: What there is

    /// Every endpoint with its cell and region, in the file's order.
    public var endpoints: [(region: Configuration.Region, cell: Configuration.Cell, id: EndpointID)] {
        configuration.regions.flatMap { region in
            region.cells.flatMap { cell in endpoints(of: cell, in: region).map { (region, cell, $0) } }
        }
    }

    public func endpoints(of cell: Configuration.Cell, in region: Configuration.Region) -> [EndpointID] {
        guard let regionID = registry.region(region.name), let cellID = registry.cell(cell.name, in: regionID) else {
            return []
        }
        return cell.endpoints.compactMap { registry.endpoint($0, in: cellID) }
    }

    /// What the health monitor is to watch: every endpoint that has an address, once.
    private var watches: [HealthMonitor.Watch] {
        var seen = Set<EndpointID>()
        return endpoints.compactMap { entry in
            guard seen.insert(entry.id).inserted, let target = snapshot.upstreams[entry.id.index] else { return nil }
            return HealthMonitor.Watch(endpoint: entry.id, target: target, health: entry.cell.health)
        }
    }
}

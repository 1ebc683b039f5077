public import Discovery
public import Model
public import Policy

/// Gives `Steering` what it lacks: a clock, a resolver, and somebody who performs its actions.
///
///     probeEnded ─▶ Steering ─publish─▶ workers      ─event─▶ EventBus
///          time ──▶    └─startProbe─▶ whoever runs probes, who calls probeEnded
///
/// An actor: everything that changes a snapshot goes one after another, so generations only grow.
public actor Controller {
    /// `isReady` no later than this after the start, whatever the probes say.
    public static let firstRoundMilliseconds: UInt64 = 3_000

    /// Told of every new snapshot, in the order of generations, on the controller's own executor: must not block.
    public typealias Publish = @Sendable (Snapshot) -> Void
    /// Asked to begin one probe; must not block.
    public typealias StartProbe = @Sendable (ProbeRequest) -> Void

    /// The first snapshot, of generation 1: nothing is known of any endpoint yet.
    public nonisolated let firstSnapshot: Snapshot
    public nonisolated let startedAt: LoopTime

    let events: EventBus
    let clock: ControlClock
    private let resolver: Resolver
    var steering: Steering
    private var publish: Publish = { _ in }
    private var startProbe: StartProbe = { _ in }
    private var hasFinishedFirstRound = false
    private var isApplying = false
    private var sleeper: Task<Void, Never>?
    private var sleepsUntil = LoopTime.zero

    /// - Parameter seed: of the probes' jitter.
    public init(
        _ configuration: Configuration, events: EventBus, clock: ControlClock = .system,
        resolver: Resolver = Resolver(), seed: UInt64
    ) async throws(ApplyError) {
        let resolved = try await resolveNames(of: configuration, resolver)
        startedAt = clock.now()
        do { steering = try Steering(configuration, resolved: resolved, seed: seed, now: startedAt) } catch {
            throw ApplyError(reasons: [error.description])
        }
        firstSnapshot = steering.snapshot
        (self.events, self.clock, self.resolver) = (events, clock, resolver)
    }

    var snapshot: Snapshot { steering.snapshot }

    /// Before `run`: where snapshots and probes go.
    public func connect(publish: @escaping Publish, startProbe: @escaping StartProbe) {
        (self.publish, self.startProbe) = (publish, startProbe)
    }

    /// Lets time pass until the task is cancelled.
    public func run() async {
        while !Task.isCancelled {
            step()
            let deadline = steering.nextWake
            let sleeper = Task { [clock] in await clock.sleep(deadline) }
            (self.sleeper, sleepsUntil) = (sleeper, deadline)
            await withTaskCancellationHandler {
                await sleeper.value
            } onCancel: {
                sleeper.cancel()
            }
        }
    }

    /// Does what is due now. `run` calls it; a test with its own clock may.
    func step() { perform(steering.advance(now: clock.now())) }

    /// How a probe ended; once for each that was started.
    public func probeEnded(_ result: ProbeResult) {
        perform(steering.probeEnded(result, now: clock.now()))
        // A failure wants its confirming probe sooner than the loop meant to wake.
        if steering.nextWake < sleepsUntil { sleeper?.cancel() }
    }

    /// What requests met at endpoints.
    public func observe(_ observations: [EndpointObservation]) {
        perform(steering.observe(observations, now: clock.now()))
        if steering.nextWake < sleepsUntil { sleeper?.cancel() }
    }

    /// Carries out what an operator asks for; nothing has changed when it throws.
    public func perform(_ command: OperatorCommand) throws(OperatorRefusal) {
        perform(try steering.perform(command, now: clock.now()))
        if steering.nextWake < sleepsUntil { sleeper?.cancel() }
    }

    /// A region made itself known as the owner of a dataset, or an operator named it. Ignored unless `epoch` is newer.
    /// - Parameter dataset: its place in the configuration.
    public func learnOwner(dataset: Int, owner: RegionID, epoch: UInt64) {
        perform(steering.learnOwner(dataset: dataset, owner: owner, epoch: epoch, now: clock.now()))
    }

    func perform(_ actions: [Steering.Action]) {
        for action in actions {
            switch action {
            case .startProbe(let request): startProbe(request)
            case .publish(let snapshot): publish(snapshot)
            case .event(let kind, let subject, let cause): emit(kind, subject: subject, cause: cause)
            }
        }
        hasFinishedFirstRound = hasFinishedFirstRound || steering.hasProbedAll
    }

    private func emit(_ kind: Event.Kind, subject: String, cause: String) {
        events.emit(kind, subject: subject, cause: cause, generation: snapshot.generation)
    }

    // MARK: Applying a configuration

    /// Puts another configuration in force, whole or not at all, and says what it changes. `adopt` is the data plane's
    /// part (certificates, limits, names for logs): it gets the snapshot that is about to be published, and when it
    /// throws nothing has happened.
    public func apply(
        _ configuration: Configuration, from file: String,
        adopt: @Sendable (Configuration, Snapshot) throws -> Void
    ) async throws(ApplyError) -> [String] {
        do throws(ApplyError) {
            let changes = try await replace(with: configuration, adopt: adopt)
            let cause = changes.isEmpty ? "no changes" : changes.joined(separator: "; ")
            emit(.configApplied, subject: file, cause: cause)
            perform(steering.announceFitness())
            return changes
        } catch {
            rejected(error, file: file)
            throw error
        }
    }

    /// Tells that a configuration did not even load.
    public func rejected(_ error: ApplyError, file: String) {
        emit(.configRejected, subject: file, cause: error.description)
    }

    private func replace(
        with configuration: Configuration, adopt: @Sendable (Configuration, Snapshot) throws -> Void
    ) async throws(ApplyError) -> [String] {
        guard !isApplying else { throw ApplyError(reasons: ["another configuration is being applied: try again"]) }
        isApplying = true
        defer { isApplying = false }
        let difference = ConfigurationDifference(from: steering.configuration, to: configuration)
        guard difference.restarts.isEmpty else {
            throw ApplyError(reasons: difference.restarts.map { "\($0) needs a restart" })
        }
        let resolved = try await resolveNames(of: configuration, resolver)
        // Nothing below suspends: no health change comes between the snapshot adopted and the one published.
        var next = steering
        do { try next.adopt(configuration, resolved: resolved, now: clock.now()) } catch {
            throw ApplyError(reasons: [error.description])
        }
        do { try adopt(configuration, next.snapshot) } catch { throw ApplyError(reasons: ["\(error)"]) }
        steering = next
        publish(next.snapshot)
        sleeper?.cancel()
        return difference.changes
    }

    // MARK: Readiness

    /// Every endpoint was probed once, or the time for that is over. Never taken back.
    public var isReady: Bool {
        hasFinishedFirstRound || steering.hasProbedAll
            || clock.now().milliseconds(since: startedAt) >= Controller.firstRoundMilliseconds
    }
}

/// The addresses of every endpoint that is configured by name.
private func resolveNames(
    of configuration: Configuration, _ resolver: Resolver
) async throws(ApplyError) -> [Address: [Address]] {
    let named = configuration.regions.flatMap(\.allCells).flatMap(\.endpoints).compactMap { address in
        if case .name(let name, let port) = address { (address, name, port) } else { nil }
    }
    let found: [String: [IPAddress]]
    do { found = try await resolver.resolve(Set(named.map(\.1))) } catch {
        throw ApplyError(reasons: [error.description])
    }
    var resolved: [Address: [Address]] = [:]
    for (address, name, port) in named { resolved[address] = found[name]?.map { .ip($0, port: port) } }
    return resolved
}

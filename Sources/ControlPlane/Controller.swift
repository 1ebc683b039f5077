public import Discovery
public import Model
public import Policy
public import Store

/// Gives `Steering` what it lacks: a clock, a resolver, and somebody who performs its actions.
///
///     probeEnded ─▶ Steering ─publish─▶ workers      ─event─▶ EventBus
///          time ──▶    └─startProbe─▶ whoever runs probes, who calls probeEnded
///
/// An actor: everything that changes a snapshot goes one after another, so generations only grow. Over restarts too:
/// the store has reserved them ahead.
public actor Controller {
    /// `isReady` no later than this after the start, whatever the probes say.
    public static let firstRoundMilliseconds: UInt64 = 3_000

    /// Told of every new snapshot, in the order of generations, on the controller's own executor: must not block.
    public typealias Publish = @Sendable (Snapshot) -> Void
    /// Asked to begin one probe; must not block.
    public typealias StartProbe = @Sendable (ProbeRequest) -> Void
    /// Open exchanges by the raw value of cell ids, over all workers that are up to the snapshot of now.
    public typealias InFlight = @Sendable () async -> [UInt32]
    /// Producers' sessions that the cell of the region holds, as of some seconds ago.
    public typealias SessionCount = @Sendable (_ cell: String, _ region: String) -> Int
    /// What the last minute's requests would meet under a snapshot.
    public typealias Replay = @Sendable (Snapshot) async -> Status.WhatIf

    /// The first snapshot: nothing is known of any endpoint yet.
    public nonisolated let firstSnapshot: Snapshot
    public nonisolated let startedAt: LoopTime

    let events: EventBus
    let clock: ControlClock
    let resolver: Resolver
    let store: any StateStore
    let audit: AuditLog
    var steering: Steering
    var sources: EndpointSources
    var lag = LagBook()
    /// What the store has of all this.
    var ledger: Ledger
    var writer: Task<Void, Never>?
    /// Somebody has the turn to change what operators want; the others wait in the order in which they came.
    var isChanging = false
    var changesWaiting: [CheckedContinuation<Void, Never>] = []
    /// The file's pins by name; nil: nobody asked yet.
    var directory: Task<TenantDirectory, Never>?
    /// A look at the files of endpoints is under way.
    var isReadingFiles = false
    private var discovery: Task<Void, Never>?
    private var isRunning = false
    private var publish: Publish = { _ in }
    private var rename: Publish = { _ in }
    private var startProbe: StartProbe = { _ in }
    private(set) var inFlight: InFlight?
    private(set) var sessions: SessionCount?
    private(set) var whatIf: Replay?
    private var hasFinishedFirstRound = false
    private var sleeper: Task<Void, Never>?
    private var sleepsUntil = LoopTime.zero

    /// - Parameters:
    ///   - store: where operators' intent is made durable. One that takes nothing does not stop the start: traffic goes
    ///     on, and what it must have is tried again.
    ///   - stored: what it held when it was opened. Where operators left off goes on.
    ///   - audit: told of changes that are refused.
    ///   - hashKey: what keys requests, sessions and tenants; the same in every edge of a fleet.
    ///   - seed: of the probes' jitter.
    public init(
        _ configuration: Configuration, store: any StateStore, stored: StoredState, audit: AuditLog, events: EventBus,
        clock: ControlClock = .system, resolver: Resolver = Resolver(), hashKey: SipHash.Key = .zero, seed: UInt64
    ) async throws(ApplyError) {
        let gathered = try await EndpointSources.gather(configuration, resolver)
        let moment = Moment(clock)
        startedAt = moment.loop
        var sources = EndpointSources(seed: seed)
        _ = try sources.adopt(gathered, now: startedAt)
        let restoration = Restoration(stored, moment)
        do {
            steering = try Steering(
                sources.configuration, resolved: sources.resolved, hashKey: hashKey, seed: seed,
                restoring: restoration, now: startedAt)
        } catch {
            throw ApplyError(reasons: [error.description])
        }
        ledger = Ledger(intent: restoration.intent, reservedGeneration: stored.reservedGeneration)
        self.sources = sources
        firstSnapshot = steering.snapshot
        (self.events, self.clock, self.resolver) = (events, clock, resolver)
        (self.store, self.audit) = (store, audit)
        await reserveGenerations()
    }

    /// No snapshot goes out whose generation another process could use again.
    private func reserveGenerations() async {
        let reservation = Ledger.reservation(steering)
        do throws(StoreError) {
            try await store.commit(StoreTransaction([.reserveGenerations(upTo: reservation)]))
            ledger.reservedGeneration = reservation
        } catch {
            ledger.hasFailed = true
            storeFailed(error)
        }
    }

    var snapshot: Snapshot { steering.snapshot }

    /// Before `run`: where snapshots and probes go.
    /// - Parameters:
    ///   - rename: told of a snapshot with other endpoints, before it is published, where no configuration was applied:
    ///     logs need their names.
    ///   - inFlight: nil, as the next two: nobody can say.
    public func connect(
        publish: @escaping Publish, startProbe: @escaping StartProbe, rename: @escaping Publish = { _ in },
        inFlight: InFlight? = nil, sessions: SessionCount? = nil, whatIf: Replay? = nil
    ) {
        (self.publish, self.startProbe, self.rename) = (publish, startProbe, rename)
        (self.inFlight, self.sessions, self.whatIf) = (inFlight, sessions, whatIf)
    }

    /// Lets time pass until the task is cancelled; then the store gets what it still lacks.
    public func run() async {
        isRunning = true
        defer {
            isRunning = false
            discovery?.cancel()
        }
        keepDiscovering()
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
        await writeRest()
    }

    /// Does what is due now. `run` calls it; a test with its own clock may.
    func step() { perform(steering.advance(now: clock.now())) }

    /// How a probe ended; once for each that was started.
    public func probeEnded(_ result: ProbeResult) {
        perform(steering.probeEnded(result, now: clock.now()))
        wakeSooner()
    }

    /// What requests met at endpoints.
    public func observe(_ observations: [EndpointObservation]) {
        perform(steering.observe(observations, now: clock.now()))
        wakeSooner()
    }

    /// A failure wants its confirming probe sooner than the loop meant to wake.
    func wakeSooner() { if steering.nextWake < sleepsUntil { sleeper?.cancel() } }

    /// A region made itself known as the owner of a dataset, or an operator named it. Ignored unless `epoch` is newer.
    /// - Parameter dataset: its name; one that the configuration no longer has is ignored.
    public func learnOwner(dataset: String, owner: RegionID, epoch: UInt64) {
        guard let place = sources.configuration.datasets.firstIndex(where: { $0.name == dataset }) else { return }
        let before = steering.owners[dataset]
        let actions = steering.learnOwner(dataset: place, owner: owner, epoch: epoch, now: clock.now())
        if let learnt = steering.owners[dataset], learnt != before {
            ledger.owners.append(StoredOwner(dataset: dataset, region: learnt.region, epoch: learnt.epoch))
        }
        perform(actions)
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
        keepBehind()
    }

    func emit(_ kind: Event.Kind, subject: String, cause: String) {
        events.emit(kind, subject: subject, cause: cause, generation: snapshot.generation)
    }

    // MARK: Names and files of endpoints

    /// Sees to it that names and files are looked at, while there are any.
    private func keepDiscovering() {
        discovery?.cancel()
        discovery = isRunning && !sources.isEmpty ? Task { [weak self] in await self?.discover() } : nil
    }

    /// Puts what names and files say now in force. Ids of addresses that stay are kept, and so is all that hangs on
    /// them: health, load, sessions. False, and an event of `subject`, where the ids of the process are used up.
    func adoptSources(subject: String) -> Bool {
        do {
            try steering.adopt(sources.configuration, resolved: sources.resolved, now: clock.now())
        } catch {
            emit(.discoveryFailed, subject: subject, cause: error.description)
            return false
        }
        rename(snapshot)
        publish(snapshot)
        perform(steering.announceFitness())
        sleeper?.cancel()
        return true
    }

    // MARK: Applying a configuration

    /// Puts another configuration in force, whole or not at all, and says what it changes. When `prepare` or `adopt`
    /// throws nothing has happened. One at a time: whoever calls sees to that.
    /// - Parameters:
    ///   - seen: the only generation that it may follow on; nil: any.
    ///   - prepare: what the data plane's part needs from disks; probes and snapshots go on meanwhile.
    ///   - adopt: the data plane's part (listeners, limits, names for logs), with what was prepared and the snapshot
    ///     that is about to be published. On the controller's own executor: must not block.
    public func apply<Prepared: Sendable>(
        _ configuration: Configuration, from file: String, ifMatch seen: UInt64? = nil,
        prepare: @Sendable () async throws -> Prepared,
        adopt: @Sendable (Prepared, Snapshot) throws -> Void
    ) async throws(ApplyError) -> [String] {
        do throws(ApplyError) {
            let changes = try await replace(with: configuration, ifMatch: seen, prepare: prepare, adopt: adopt)
            let cause = changes.isEmpty ? "no changes" : changes.joined(separator: "; ")
            emit(.configApplied, subject: file, cause: cause)
            perform(steering.announceFitness())
            return changes
        } catch {
            if error.inForce == nil { rejected(error, file: file) }
            throw error
        }
    }

    /// Tells that a configuration did not even load.
    public func rejected(_ error: ApplyError, file: String) {
        emit(.configRejected, subject: file, cause: error.description)
    }

    private func replace<Prepared: Sendable>(
        with configuration: Configuration, ifMatch seen: UInt64?, prepare: @Sendable () async throws -> Prepared,
        adopt: @Sendable (Prepared, Snapshot) throws -> Void
    ) async throws(ApplyError) -> [String] {
        try check(ifMatch: seen)
        let changes = try changes(to: configuration)
        let gathered = try await EndpointSources.gather(configuration, resolver)
        let prepared: Prepared
        do { prepared = try await prepare() } catch { throw ApplyError(reasons: ["\(error)"]) }
        let pinned = await Task.detached { [steering] in steering.pinned(for: configuration) }.value
        // Nothing below suspends: no health change comes between the snapshot adopted and the one published, and no
        // other change between what was seen and this one.
        try check(ifMatch: seen)
        let before = (steering, self.sources)
        var (next, sources) = before
        let moves = try sources.adopt(gathered, now: clock.now())
        do {
            try next.adopt(sources.configuration, resolved: sources.resolved, pinned: pinned, now: clock.now())
        } catch {
            throw ApplyError(reasons: [error.description])
        }
        do { try adopt(prepared, next.snapshot) } catch { throw ApplyError(reasons: ["\(error)"]) }
        (steering, self.sources, directory) = (next, sources, nil)
        // Elsewhere, because to let a million pins go takes a while.
        Task.detached { withExtendedLifetime(before) {} }
        keepDiscovering()
        publish(next.snapshot)
        for (name, change) in moves { tell(change, of: name) }
        sleeper?.cancel()
        return changes
    }

    private func check(ifMatch seen: UInt64?) throws(ApplyError) {
        let inForce = snapshot.generation
        if let seen, seen != inForce { throw ApplyError(staleIn: inForce) }
    }

    // MARK: Readiness

    /// Every endpoint was probed once, or the time for that is over. Never taken back.
    public var isReady: Bool {
        hasFinishedFirstRound || steering.hasProbedAll
            || clock.now().milliseconds(since: startedAt) >= Controller.firstRoundMilliseconds
    }
}

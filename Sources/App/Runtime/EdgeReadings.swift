import Admin
import ControlPlane
import DataPlane
import Model
import Store
import Synchronization

/// The present state of a running edge, gathered from its parts for the admin API.
final class EdgeReadings: Sendable {
    /// How a configuration is read anew, and tried.
    struct Reloading: Sendable {
        /// With the only generation that it may follow on; nil: any.
        let reload: @Sendable (UInt64?) async -> Result<Reloaded, ReloadRefusal>
        let attempt: @Sendable (String?) async throws(ReloadRefusal) -> (outcome: Reloaded, snapshot: Snapshot)
    }

    private struct State {
        var isDraining = false
        var names: LogNames
        var reloading: Reloading?
    }

    let controller: Controller
    let edge: Edge
    let reader: RecordReader
    let sessions: SessionKeeper
    let ledger: EdgeLedger
    let store: any StateStore
    let configurationFile: String
    private let events: EventBus
    let counters: CounterReader
    private let startedAtMicroseconds: UInt64
    private let state: Mutex<State>

    init(
        controller: Controller, edge: Edge, reader: RecordReader, events: EventBus, sessions: SessionKeeper,
        ledger: EdgeLedger, store: any StateStore, names: LogNames, configurationFile: String
    ) {
        (self.controller, self.edge, self.reader, self.events) = (controller, edge, reader, events)
        (self.sessions, self.ledger, self.store) = (sessions, ledger, store)
        self.configurationFile = configurationFile
        counters = CounterReader(edge: edge)
        startedAtMicroseconds = ControlClock.system.wallNanoseconds() / 1_000
        state = Mutex(State(names: names))
    }

    /// A configuration was applied, or endpoints came and went.
    func adopt(_ names: LogNames) { state.withLock { $0.names = names } }

    /// Before anybody asks for a reload.
    func connect(_ reloading: Reloading) { state.withLock { $0.reloading = reloading } }

    var reloading: Reloading? { state.withLock { $0.reloading } }

    /// The edge is stopping: it is not ready any more.
    func beginDrain() { state.withLock { $0.isDraining = true } }

    /// Every worker and the control plane answer.
    func isAlive() async -> Bool {
        _ = await controller.identity
        return await counters.areAllAnswering()
    }

    private var isDraining: Bool { state.withLock { $0.isDraining } }

    func readiness() async -> AdminReadiness {
        if isDraining { return .notReady(reason: "draining: the edge has been told to stop") }
        if let reason = await controller.notReadyReason { return .notReady(reason: reason) }
        return .ready
    }

    func generations() async -> [UInt64] {
        let generation = await controller.identity.generation
        return [generation] + acknowledged(upTo: generation)
    }

    func status() async -> Status.Edge {
        let identity = await controller.identity
        let uptime = ControlClock.system.now().milliseconds(since: controller.startedAt) / 1_000
        let recent = events.recent(limit: 20).map { Status.Event(StoredEvent($0)) }
        return Status.Edge(
            version: Version.current, edge: identity.edge, region: identity.region, generation: identity.generation,
            acknowledgedGenerations: acknowledged(upTo: identity.generation), uptimeSeconds: uptime,
            isReady: await controller.isReady, isDraining: isDraining,
            totals: Totals.byName(await counters.read()), events: recent)
    }

    /// A worker that has ended holds no generation back.
    func acknowledged(upTo generation: UInt64) -> [UInt64] {
        edge.acknowledgedGenerations.map { min($0, generation) }
    }

    // The generation comes first, here and wherever one goes with what was read: a caller who says it back as
    // `If-Match` must not name one that is newer than what it has seen.
    func regions() async -> RegionList {
        let generation = await controller.identity.generation
        return RegionList(generation: generation, regions: await controller.regions)
    }

    func cells() async -> CellList {
        let generation = await controller.identity.generation
        var cells = await controller.cells
        for index in cells.indices {
            cells[index].sessions = sessions.count(cells[index].name, in: cells[index].region)
        }
        return CellList(generation: generation, cells: cells)
    }

    func metrics() async -> MetricsReading {
        let workers = await counters.read()
        let (isDraining, names) = state.withLock { ($0.isDraining, $0.names) }
        return MetricsReading(
            version: Version.current, startedAtMicroseconds: startedAtMicroseconds, isReady: await controller.isReady,
            isDraining: isDraining, generation: await controller.identity.generation,
            acknowledgedGenerations: edge.acknowledgedGenerations, workers: workers, records: reader.statistics,
            names: names, regions: await controller.regions, cells: await cells().cells,
            drains: await drains().drains, certificates: certificates(), events: events.counts,
            losses: MetricsReading.Losses(
                events: events.lostCount, auditEntries: await ledger.audit.unrecordedCount,
                logLines: LogQueue.standardError.lostCount),
            isStoreWritable: await store.isTakingChanges, process: .current(),
            store: try? await store.size())
    }
}

import Admin
import Config
import ControlPlane
import DataPlane
import Glibc
import Logging
import Model
import Policy
import Probes
import Reactor
import ServiceLifecycle
import Store
import Synchronization

/// A running edge: all modules joined.
///
///     configuration ─▶ Controller ──snapshots──▶ Edge ──records──▶ RecordReader ─▶ access log, events, histograms
///                          ▲  │                                          │
///                   results│  │probes to start                           ▼
///                        ProbeLoop                       EdgeReadings ─▶ AdminServer
///
/// `SessionKeeper` saves the workers' table of sessions now and then, and at the end; everything else that must survive
/// is in the store.
///
/// `start` returns one that serves; it stops by `stop`, or by the shutdown of the service group that runs it.
final class EdgeRuntime: Service {
    /// How often TLS tickets get a new key; one key back is accepted, so a ticket resumes for 12 to 24 hours.
    static let ticketKeyLife = Duration.seconds(12 * 3_600)
    /// How often all threads but the event loops' are put behind these.
    private static let behindInterval = Duration.seconds(2)

    struct Options: Sendable {
        /// 1–1,024; nil: as the configuration says, else one a core.
        var workerCount: Int?
        /// Worker n is pinned to core `firstCore` + n; nil: the scheduler's choice.
        var firstCore: Int?
        /// What a reload reads, and what events call the configuration.
        var configurationFile = "-"
        /// Reads that file.
        var loader = ConfigurationLoader(environment: [:])
        var logger = EdgeRuntime.makeLogger()
    }

    private struct State {
        var tasks: [Task<Void, Never>] = []
        var stopping: Task<Void, Never>?
        var graceMilliseconds: UInt64
        var adminAddresses: [Address] = []
    }

    let events: EventBus
    let controller: Controller
    let edge: Edge
    let options: Options
    let readings: EdgeReadings
    let store: any StateStore
    let ledger: EdgeLedger
    let reader: RecordReader
    let sessions: SessionKeeper
    let admin: AdminServer?
    let reloads = SharedTurn<Result<Reloaded, ReloadRefusal>>()
    let positions: PositionReader
    private let probes: ProbeLoop
    private let state: Mutex<State>

    /// Of each listener, in the configuration's order: with port 0, the kernel's choice.
    var boundAddresses: [Address] { edge.boundAddresses }
    /// Where the admin API listens; empty where the configuration says nowhere.
    var adminAddresses: [Address] { state.withLock { $0.adminAddresses } }

    private init(
        _ configuration: Configuration, _ options: Options, store: any StateStore, events: EventBus,
        controller: Controller, edge: Edge, reader: RecordReader, probes: ProbeLoop, sessions: SessionKeeper,
        ledger: EdgeLedger
    ) {
        self.ledger = ledger
        (self.events, self.controller, self.edge, self.options) = (events, controller, edge, options)
        (self.store, self.reader, self.probes, self.sessions) = (store, reader, probes, sessions)
        positions = PositionReader(controller)
        readings = EdgeReadings(
            controller: controller, edge: edge, reader: reader, events: events, sessions: sessions, ledger: ledger,
            store: store, names: EdgeRuntime.names(controller.firstSnapshot, edge),
            configurationFile: options.configurationFile)
        let hasAdmin = configuration.admin.address != nil || configuration.admin.socketPath != nil
        admin =
            hasAdmin ? AdminServer(configuration.admin, service: readings, logger: options.logger) : nil
        state = Mutex(State(graceMilliseconds: configuration.edge.graceMilliseconds))
    }

    // MARK: Starting

    /// Binds, connects and starts everything. On an error nothing is left running.
    static func start(
        _ configuration: Configuration, _ options: Options = Options()
    ) async throws(CommandFailure) -> EdgeRuntime {
        DescriptorLimit.raise()
        BackgroundScheduling.putBehind()
        let (results, teller) = AsyncStream<ProbeResult>.makeStream()
        // Of a controller that falls behind the newest are worth most; each is a quarter of a second.
        let (observations, observer) = AsyncStream<[EndpointObservation]>.makeStream(
            bufferingPolicy: .bufferingNewest(16))
        let runtime: EdgeRuntime
        do {
            let store = try await openStore(configuration.statePath, options.logger)
            let stored = try await store.load()
            let past = try await store.events(before: nil, subject: nil, limit: EventBus.inheritedCapacity)
            let events = EventBus(logger: options.logger, lastNumber: stored.lastEventTold, past: past.reversed())
            let file = try configuration.accessLog.map { try LogFile(path: $0.path) }
            let ring = try await KeyRing.open(stored, in: store, nowSeconds: SessionKeeper.nowSeconds)
            let audit = AuditLog(store: store, logger: options.logger)
            let controller = try await Controller(
                configuration, store: store, stored: stored, audit: audit, events: events, hashKey: ring.keys.hashKey,
                seed: .random(in: 0 ... .max))
            let sessions = SessionKeeper(ring, configuration, controller.firstSnapshot, options.logger)
            let edge = try Edge(
                configuration: configuration, snapshot: controller.firstSnapshot,
                workerCount: options.workerCount(for: configuration),
                pinnedTo: options.firstCore, sessions: sessions.table, sessionKeys: sessions.keys)
            let reader = RecordReader(
                rings: edge.rings, file: file, sample: configuration.accessLog?.sample ?? 0,
                names: names(controller.firstSnapshot, edge), events: events, seed: .random(in: 0 ... .max),
                observe: { observer.yield($0) },
                // The controller holds the reader, and the readings below: they must not hold it back.
                learnOwner: { [weak controller] learned in
                    Task {
                        await controller?.learnOwner(
                            dataset: learned.dataset, owner: learned.owner, epoch: learned.epoch)
                    }
                })
            let probes = try ProbeLoop { teller.yield(ProbeResult($0)) }
            let ledger = EdgeLedger(
                configuration, events: events, store: store, stored: stored, audit: audit, logger: options.logger,
                generation: { await controller.identity.generation })
            runtime = EdgeRuntime(
                configuration, options, store: store, events: events, controller: controller, edge: edge,
                reader: reader, probes: probes, sessions: sessions, ledger: ledger)
        } catch { throw CommandFailure(.refused, "\(error)") }
        runtime.connectReloading()
        await runtime.startParts(configuration, probeResults: results, observations: observations)
        do { try await runtime.startAdmin() } catch {
            await runtime.stop(graceMilliseconds: 0)
            throw CommandFailure(.refused, "\(error)")
        }
        runtime.announce(configuration)
        return runtime
    }

    private static func openStore(_ path: String?, _ logger: Logger) async throws(StoreError) -> any StateStore {
        guard let path else {
            logger.warning("the configuration has no `state`: what operators set is forgotten when this process ends")
            return MemoryStore()
        }
        let store = try await SQLiteStore.open(path: path)
        for warning in store.warnings { logger.warning("\(warning)") }
        if let error = store.notWritable {
            logger.error(
                "state cannot be written: what is stored is in force, operators' changes are refused until it can be",
                metadata: ["error": "\(error)"])
        }
        return store
    }

    private func startParts(
        _ configuration: Configuration, probeResults: AsyncStream<ProbeResult>,
        observations: AsyncStream<[EndpointObservation]>
    ) async {
        sessions.load()
        await controller.connect(
            publish: { [edge, reader, sessions] snapshot in
                reader.adopt(snapshot)
                edge.publish(snapshot)
                sessions.adopt(snapshot)
            },
            startProbe: { [probes] request in
                probes.probe(
                    ProbeTarget(request), id: request.id, timeoutMilliseconds: request.timeoutMilliseconds)
            },
            rename: { [edge, reader, weak readings] snapshot in
                let names = EdgeRuntime.names(snapshot, edge)
                reader.adopt(names)
                readings?.adopt(names)
            },
            inFlight: { [counters = readings.counters] in await counters.inFlight() },
            sessions: { [sessions] cell, region in sessions.count(cell, in: region) },
            whatIf: { [reader] snapshot in await reader.whatIf(snapshot) })
        await ledger.adopt(configuration)
        await positions.adopt(configuration)
        edge.start()
        reader.start()
        probes.start()
        let tasks = [
            Task { [controller] in await controller.run() },
            // One after another, in the order in which they ended.
            Task { [controller] in for await result in probeResults { await controller.probeEnded(result) } },
            Task { [controller] in for await seen in observations { await controller.observe(seen) } },
            Task { [edge, options] in await EdgeRuntime.rotateTicketKeys(of: edge, options.logger) },
            Task { [edge, sessions] in await sessions.run(edge) },
            Task { [ledger] in await ledger.run() },
            Task { await EdgeRuntime.keepBehind() },
            Task { [positions] in await positions.run() },
        ]
        state.withLock { $0.tasks = tasks }
    }

    /// Threads come and go: what an event loop resumes may start one.
    private static func keepBehind() async {
        while (try? await Task.sleep(for: behindInterval)) != nil { BackgroundScheduling.putBehind() }
    }

    private static func rotateTicketKeys(of edge: Edge, _ logger: Logger) async {
        while (try? await Task.sleep(for: ticketKeyLife)) != nil {
            do { try edge.rotateTicketKeys() } catch {
                logger.error("TLS ticket keys were not rotated", metadata: ["error": "\(error)"])
            }
        }
    }

    private func startAdmin() async throws(AdminError) {
        guard let admin else { return }
        let addresses = try await admin.start()
        state.withLock { $0.adminAddresses = addresses }
    }

    private func announce(_ configuration: Configuration) {
        announceListeners(configuration)
        for address in adminAddresses {
            let scheme = configuration.admin.certificate == nil ? "http" : "https"
            if case .unix = address {
                options.logger.notice("admin API on \(address)")
            } else {
                options.logger.notice("admin API on \(scheme)://\(address)")
            }
        }
    }

    // MARK: Changing

    /// Opens the access log anew: somebody moved its file.
    func reopenLog() { reader.reopenLog() }

    func adoptGrace(_ configuration: Configuration) {
        state.withLock { $0.graceMilliseconds = configuration.edge.graceMilliseconds }
    }

    // MARK: Stopping

    /// Until the service group shuts down, then stops gracefully.
    func run() async throws {
        try? await gracefulShutdown()
        await stop()
    }

    /// Tells clients to go away, lets requests in flight finish for at most `graceMilliseconds` (nil: as configured),
    /// and returns when everything has ended. Called again it only waits.
    func stop(graceMilliseconds: UInt64? = nil) async {
        let stopping = state.withLock { state in
            if let task = state.stopping { return task }
            let grace = graceMilliseconds ?? state.graceMilliseconds
            let task = Task { await end(graceMilliseconds: grace) }
            state.stopping = task
            return task
        }
        await stopping.value
    }

    private func end(graceMilliseconds: UInt64) async {
        readings.beginDrain()
        options.logger.notice("stopping: requests in flight have \(graceMilliseconds) ms to finish")
        edge.stop(graceMilliseconds: graceMilliseconds)
        await withCheckedContinuation { continuation in
            // A thread of its own: joining blocks, and Swift's threads must not.
            _ = startThread(name: "stopping") { [edge, reader, probes, sessions] in
                edge.join()
                sessions.save()
                probes.stop()
                reader.stop()
                continuation.resume()
            }
        }
        events.close()
        let tasks = state.withLock { state in state.tasks }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
        await admin?.stop()
        // What was told since.
        await ledger.log.flush()
        await store.close()
        options.logger.notice("stopped")
    }
}

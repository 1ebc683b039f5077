public import Model
import Reactor
import Synchronization
import TLS

/// The data plane as the rest of the process sees it: workers, each on a thread of its own, fed with snapshots.
public final class Edge: Sendable {
    /// Bytes of one worker's ring: some ten thousand records.
    private static let ringCapacity = 4 << 20

    private struct State {
        var threads: [Thread] = []
        /// Published snapshots that a worker may still read, oldest first.
        var snapshots: [Snapshot] = []
        var configuration: Configuration
        var isStarted = false
    }

    /// What `start` hands to a worker's thread.
    private struct Blueprint {
        let index: Int
        let make: @Sendable () -> Worker
    }

    private let state: Mutex<State>
    private let shares: [WorkerShare]
    private let blueprints: [Blueprint]
    private let ticketKeys: TicketKeys
    private let firstCore: Int?
    /// What each listener is bound to; where the configuration says port 0, the kernel's choice.
    public let boundAddresses: [Address]

    /// Binds every listener and loads every certificate; nothing runs yet.
    ///
    /// - Parameters:
    ///   - workerCount: threads, 1–1,024.
    ///   - sessions: where producers are held.
    ///   - sessionKeys: what session tokens are signed with at first.
    ///   - firstCore: worker n is pinned to core `firstCore` + n; nil: the scheduler's choice.
    /// - Throws: the listener that cannot be, and why.
    public init(
        configuration: Configuration, snapshot: Snapshot, workerCount: Int, pinnedTo firstCore: Int? = nil,
        sessions: SessionTable, sessionKeys: SessionKeys
    ) throws(EdgeError) {
        precondition((1...1_024).contains(workerCount), "1–1,024 workers")
        do { ticketKeys = try TicketKeys() } catch { throw EdgeError(listener: nil, error.text) }
        self.firstCore = firstCore
        let settings = try Edge.settings(configuration, ticketKeys)
        let binding = try Binding(configuration.listeners, workerCount: workerCount)
        boundAddresses = binding.addresses
        let descriptors = DescriptorLimit.raise()
        let perProcess = Edge.connectionLimit(configuration.limits, descriptors: descriptors)
        var shares: [WorkerShare] = []
        var blueprints: [Blueprint] = []
        for index in 0..<workerCount {
            let loop: EventLoop
            do { loop = try EventLoop() } catch { throw EdgeError(listener: nil, error.description) }
            let share = WorkerShare(
                waker: loop.waker, snapshot: snapshot, ringCapacity: Edge.ringCapacity,
                maxConnections: max(1, perProcess / workerCount), sessions: sessions, sessionKeys: sessionKeys)
            shares.append(share)
            let parts = WorkerParts(loop: loop, listeners: binding.listeners[index])
            let seed = Edge.seed()
            blueprints.append(
                Blueprint(index: index) {
                    Worker(
                        index: index, loop: parts.loop, shared: share, listeners: parts.listeners, settings: settings,
                        snapshot: snapshot, seed: seed)
                })
        }
        (self.shares, self.blueprints) = (shares, blueprints)
        state = Mutex(State(snapshots: [snapshot], configuration: configuration))
    }

    /// A worker's parts on their way to its thread, which alone will touch them.
    private struct WorkerParts: @unchecked Sendable {
        let loop: EventLoop
        let listeners: [Listener]
    }

    /// Starts the workers' threads. Once.
    public func start() {
        state.withLock { state in
            precondition(!state.isStarted, "an edge starts once")
            state.isStarted = true
            for blueprint in blueprints {
                let core = firstCore.map { $0 + blueprint.index }
                state.threads.append(
                    startThread(name: "worker-\(blueprint.index)", core: core) { blueprint.make().run() })
            }
        }
    }

    /// Hands a snapshot to every worker; each takes it at its next tick, which begins at once.
    public func publish(_ snapshot: Snapshot) {
        state.withLock { state in
            state.snapshots.append(snapshot)
            for share in shares { share.publish(snapshot) }
            let oldest = shares.map(\.acknowledgedGeneration).min() ?? 0
            // The latest stays whatever was acknowledged: a worker may be about to read it.
            state.snapshots.removeAll { $0.generation < oldest && $0 !== snapshot }
        }
    }

    /// Takes certificates and limits of a new configuration; connections in progress keep what they have.
    public func reload(_ configuration: Configuration) throws(EdgeError) {
        let settings = try Edge.settings(configuration, ticketKeys)
        state.withLock { $0.configuration = configuration }
        for share in shares { share.post(.reload(settings)) }
    }

    /// New sessions get tickets under a fresh key; tickets under the previous one still resume, older ones do not.
    public func rotateTicketKeys() throws(EdgeError) {
        do { try ticketKeys.rotate() } catch { throw EdgeError(listener: nil, error.text) }
    }

    /// Signs session tokens with other keys from now on.
    public func adopt(_ keys: SessionKeys) {
        for share in shares { share.post(.sessionKeys(keys)) }
    }

    /// The generation each worker acted on last; `UInt64.max` for one that has ended.
    public var acknowledgedGenerations: [UInt64] { shares.map(\.acknowledgedGeneration) }

    /// One ring a worker, for a single reader.
    public var rings: [RecordRing] { shares.map(\.ring) }

    /// A copy of each worker's counters, taken at its next tick; none of a worker that has ended.
    public func collectCounters() async -> [WorkerCounters] {
        var all: [WorkerCounters] = []
        for share in shares {
            let counters: WorkerCounters? = await withCheckedContinuation { continuation in
                let isTaken = share.post(.collect { continuation.resume(returning: $0) })
                if !isTaken { continuation.resume(returning: nil) }
            }
            if let counters { all.append(counters) }
        }
        return all
    }

    /// Closes the listeners, tells every client to go away (RFC 9113 §6.8), and lets what is in flight finish for at
    /// most `graceMilliseconds`. Returns at once; a second call ends at once.
    public func stop(graceMilliseconds: UInt64) {
        for share in shares { share.post(.stop(graceMilliseconds: graceMilliseconds)) }
    }

    /// Blocks until every worker has ended.
    public func join() {
        let threads = state.withLock { $0.threads }
        for thread in threads { thread.join() }
    }

    // MARK: Parts

    private static func settings(
        _ configuration: Configuration, _ ticketKeys: TicketKeys
    ) throws(EdgeError) -> WorkerSettings {
        var contexts: [ServerContext?] = []
        for listener in configuration.listeners {
            guard let certificates = listener.certificates else {
                contexts.append(nil)
                continue
            }
            do {
                let clients = listener.clientAuthoritiesPath.map {
                    ClientVerification(authoritiesPath: $0, isRequired: listener.requiresClientCertificate)
                }
                contexts.append(
                    try ServerContext(certificates: certificates, ticketKeys: ticketKeys, clients: clients))
            } catch {
                throw EdgeError(listener: listener.name, error.text)
            }
        }
        return WorkerSettings(
            serverContexts: contexts, limits: configuration.limits, logging: RequestLogging(configuration.accessLog),
            graceMilliseconds: configuration.edge.graceMilliseconds, retries: configuration.retries)
    }

    /// Less than half of the descriptors: each request may need another one upstream (limits.md, D2).
    private static func connectionLimit(_ limits: Limits, descriptors: Int) -> Int {
        let most = max(1, (descriptors - 256) / 2)
        return limits.maxConnections > 0 ? min(limits.maxConnections, most) : most
    }

    private static func seed() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

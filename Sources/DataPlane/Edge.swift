public import Model
import Reactor
import Synchronization
import TLS

/// The data plane as the rest of the process sees it: workers, each on a thread of its own, fed with snapshots.
public final class Edge: Sendable {
    struct State {
        /// Those that run, and those that end and have not been missed yet.
        var workers: [WorkerHandle] = []
        var places = Places()
        /// Published snapshots that a worker may still read, oldest first.
        var snapshots: [Snapshot]
        var sessionKeys: SessionKeys
        /// What the workers of each number counted that are gone.
        var ended: [WorkerCounters] = []
        var isStarted = false
        var isStopping = false
    }

    let state: Mutex<State>
    let ticketKeys: TicketKeys
    let sessions: SessionTable
    private let firstCore: Int?

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
        do { ticketKeys = try TicketKeys() } catch { throw EdgeError(listener: nil, error.text) }
        (self.firstCore, self.sessions) = (firstCore, sessions)
        state = Mutex(State(snapshots: [snapshot], sessionKeys: sessionKeys))
        try reload(configuration, workerCount: workerCount)
    }

    /// Starts the workers' threads. Once.
    public func start() {
        state.withLock { state in
            precondition(!state.isStarted, "an edge starts once")
            state.isStarted = true
            for index in state.workers.indices { start(&state.workers[index]) }
        }
    }

    func start(_ worker: inout WorkerHandle) { worker.start(core: firstCore.map { $0 + worker.id }) }

    /// Of a worker's random numbers.
    static func seed() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Hands a snapshot to every worker; each takes it at its next tick, which begins at once.
    public func publish(_ snapshot: Snapshot) {
        state.withLock { state in
            state.snapshots.append(snapshot)
            for worker in state.workers { worker.share.publish(snapshot) }
            let oldest = state.workers.map(\.share.acknowledgedGeneration).min() ?? 0
            // The latest stays whatever was acknowledged: a worker may be about to read it.
            state.snapshots.removeAll { $0.generation < oldest && $0 !== snapshot }
        }
    }

    /// New sessions get tickets under a fresh key; tickets under the previous one still resume, older ones do not.
    public func rotateTicketKeys() throws(EdgeError) {
        do { try ticketKeys.rotate() } catch { throw EdgeError(listener: nil, error.text) }
    }

    /// Signs session tokens with other keys from now on.
    public func adopt(_ keys: SessionKeys) {
        state.withLock { state in
            state.sessionKeys = keys
            for worker in state.workers { worker.share.post(.sessionKeys(keys)) }
        }
    }

    // MARK: Looking

    private var shares: [WorkerShare] { state.withLock { $0.workers.map(\.share) } }
    private var live: [WorkerShare] { shares.filter { $0.finalCounters == nil } }

    /// What each listener is bound to, in the configuration's order; where it says port 0, the kernel's choice.
    public var boundAddresses: [Address] { state.withLock { $0.places.addresses } }

    /// Names of listeners by the number in records; of one that is gone, until its number is another's.
    public var listenerNames: [String] { state.withLock { $0.places.names } }

    /// The certificates that listeners show, in the configuration's order.
    public var certificates: [ListenerCertificate] {
        state.withLock { state in
            state.places.terms.flatMap { terms in
                (terms.context?.summaries ?? []).map { ListenerCertificate(listener: terms.name, $0) }
            }
        }
    }

    /// Workers that take new connections.
    public var workerCount: Int { state.withLock { $0.workers.count { !$0.isLeaving } } }

    /// The generation that each worker acted on last: of those that still have connections, for they are what waits.
    public var acknowledgedGenerations: [UInt64] { live.map(\.acknowledgedGeneration) }

    /// One ring a worker, for a single reader; those that have ended are not among them (`RecordRing.hasEnded`).
    public var rings: [RecordRing] { live.map(\.ring) }

    /// By worker number, what it counted, with all that had the number before: a sum over them only grows. Copies taken
    /// at each worker's next tick.
    public func collectCounters() async -> [WorkerCounters] {
        var (workers, all) = state.withLock { ($0.workers.map { ($0.id, $0.share) }, $0.ended) }
        for (id, share) in workers {
            let counters: WorkerCounters? = await withCheckedContinuation { continuation in
                let isTaken = share.post(.collect { continuation.resume(returning: $0) })
                if !isTaken { continuation.resume(returning: share.finalCounters) }
            }
            while all.count <= id { all.append(WorkerCounters()) }
            if let counters { all[id].add(counters) }
        }
        return all
    }

    /// Open exchanges by the raw value of their cell's id, as long as it takes; a hedged one counts in both its cells.
    /// Looked up at each worker's next tick, one by one: nothing is kept for it.
    public func collectInFlight() async -> [UInt32] {
        var sums: [UInt32] = []
        for share in live {
            let counts: [UInt32] = await withCheckedContinuation { continuation in
                let isTaken = share.post(.inFlight { continuation.resume(returning: $0) })
                if !isTaken { continuation.resume(returning: []) }
            }
            while sums.count < counts.count { sums.append(0) }
            for (cell, count) in counts.enumerated() { sums[cell] += count }
        }
        return sums
    }

    // MARK: The end

    /// Takes who waits at the listeners and closes them, tells every client to go away (RFC 9113 §6.8), and lets what
    /// is in flight finish for at most `graceMilliseconds`. Returns at once; a second call ends at once.
    public func stop(graceMilliseconds: UInt64) {
        state.withLock { state in
            state.isStopping = true
            state.places.close()
            for worker in state.workers { worker.share.post(.stop(graceMilliseconds: graceMilliseconds)) }
        }
    }

    /// Blocks until every worker has ended.
    public func join() {
        let threads = state.withLock { state in
            state.workers.indices.compactMap { state.workers[$0].takeThread() }
        }
        for thread in threads { thread.join() }
    }
}

import Model
import Reactor

/// A worker as the edge knows it.
struct WorkerHandle {
    /// Its number among the workers: of its thread's name, its core and its counters. Another one's after its end.
    let id: Int
    let share: WorkerShare
    /// Until it is started.
    private var make: (@Sendable () -> Worker)?
    private var thread: Thread?
    /// It was told to end, and does when its connections have.
    var isLeaving = false

    /// - Throws: descriptors have run out.
    init(
        id: Int, orders: WorkerOrders, settings: WorkerSettings, snapshot: Snapshot, sessions: SessionTable,
        sessionKeys: SessionKeys, ringCapacity: Int, seed: UInt64
    ) throws(SystemError) {
        let parts = Parts(loop: try EventLoop(), listeners: orders.opening)
        let share = WorkerShare(
            waker: parts.loop.waker, snapshot: snapshot, ringCapacity: ringCapacity, sessions: sessions,
            sessionKeys: sessionKeys)
        (self.id, self.share) = (id, share)
        make = {
            Worker(
                index: id, loop: parts.loop, shared: share, listeners: parts.listeners, settings: settings,
                snapshot: snapshot, seed: seed)
        }
    }

    /// A worker's parts on their way to its thread, which alone will touch them.
    private struct Parts: @unchecked Sendable {
        let loop: EventLoop
        let listeners: [Listener]
    }

    var hasEnded: Bool { share.finalCounters != nil }

    /// Once. Its thread makes the worker, runs it and lets go of it.
    mutating func start(core: Int?) {
        guard let make else { preconditionFailure("a worker starts once") }
        self.make = nil
        thread = startThread(name: "worker-\(id)", core: core) { make().run() }
    }

    /// For whoever waits for its end; the next one gets nil.
    mutating func takeThread() -> Thread? {
        defer { thread = nil }
        return thread
    }
}

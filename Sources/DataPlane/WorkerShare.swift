import Model
import Reactor
import Synchronization

/// What one worker and the rest of the process have in common: the latest snapshot, its acknowledgement, the mailbox
/// and the ring of records.
final class WorkerShare: Sendable {
    private let mailbox: Mailbox<WorkerMessage>
    /// The worker has ended: nobody would read another message.
    private let hasEnded = Mutex(false)
    let ring: RecordRing
    /// Client connections this worker may have open (limits.md, D2).
    let maxConnections: Int
    let sessions: SessionTable
    /// At the start; later ones come as messages.
    let sessionKeys: SessionKeys
    private let waker: Waker
    /// Address of the latest snapshot, which `Edge` keeps alive until every worker has acknowledged a later one.
    private let current: Atomic<UInt>
    private let acknowledged = Atomic<UInt64>(0)

    init(
        waker: Waker, snapshot: Snapshot, ringCapacity: Int, maxConnections: Int, sessions: SessionTable,
        sessionKeys: SessionKeys
    ) {
        (self.sessions, self.sessionKeys) = (sessions, sessionKeys)
        self.maxConnections = maxConnections
        self.waker = waker
        mailbox = Mailbox(waker: waker)
        ring = RecordRing(capacity: ringCapacity)
        current = Atomic(UInt(bitPattern: Unmanaged.passUnretained(snapshot).toOpaque()))
    }

    /// Makes `snapshot` the one the worker takes at its next tick, and wakes it.
    func publish(_ snapshot: Snapshot) {
        current.store(UInt(bitPattern: Unmanaged.passUnretained(snapshot).toOpaque()), ordering: .releasing)
        waker.wake()
    }

    /// Leaves a message for the worker; false when it has ended.
    @discardableResult
    func post(_ message: WorkerMessage) -> Bool {
        hasEnded.withLock { hasEnded in
            if !hasEnded { mailbox.post(message) }
            return !hasEnded
        }
    }

    /// Worker only: the messages left since the last call.
    func messages() -> [WorkerMessage] { mailbox.drain() }

    /// Worker only: takes no further message, and hands out the last ones.
    func end() -> [WorkerMessage] {
        acknowledge(.max)
        return hasEnded.withLock { hasEnded in
            hasEnded = true
            return mailbox.drain()
        }
    }

    /// Worker only.
    func latest() -> Unmanaged<Snapshot> {
        guard let address = UnsafeRawPointer(bitPattern: current.load(ordering: .acquiring)) else {
            preconditionFailure("a worker always has a snapshot")
        }
        return Unmanaged.fromOpaque(address)
    }

    /// Worker only: nothing older than `generation` is used any more.
    func acknowledge(_ generation: UInt64) { acknowledged.store(generation, ordering: .releasing) }

    var acknowledgedGeneration: UInt64 { acknowledged.load(ordering: .acquiring) }
}

import Model
import Reactor
import Synchronization

/// What one worker and the rest of the process have in common: the latest snapshot, its acknowledgement, the mailbox
/// and the ring of records.
final class WorkerShare: Sendable {
    private let mailbox: Mailbox<WorkerMessage>
    /// What the worker had counted when it ended: nobody would read another message. Nil while it runs.
    private let ending = Mutex<WorkerCounters?>(nil)
    let ring: RecordRing
    let sessions: SessionTable
    /// At the start; later ones come as messages.
    let sessionKeys: SessionKeys
    private let waker: Waker
    /// Address of the latest snapshot, which `Edge` keeps alive until every worker has acknowledged a later one.
    private let current: Atomic<UInt>
    private let acknowledged = Atomic<UInt64>(0)

    init(
        waker: Waker, snapshot: Snapshot, ringCapacity: Int, sessions: SessionTable, sessionKeys: SessionKeys
    ) {
        (self.sessions, self.sessionKeys) = (sessions, sessionKeys)
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
        ending.withLock { ending in
            if ending == nil { mailbox.post(message) }
            return ending == nil
        }
    }

    /// Nil while the worker runs.
    var finalCounters: WorkerCounters? { ending.withLock { $0 } }

    /// Worker only: the messages left since the last call.
    func messages() -> [WorkerMessage] { mailbox.drain() }

    /// Worker only: takes no further message, and hands out the last ones.
    func end(_ counters: WorkerCounters) -> [WorkerMessage] {
        acknowledge(.max)
        return ending.withLock { ending in
            ending = counters
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

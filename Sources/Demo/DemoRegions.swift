public import Reactor
import Synchronization

/// The embedded regions: every endpoint of a topology, HTTP/2 with prior knowledge, on one thread.
public final class DemoRegions: Sendable {
    enum Message: Sendable {
        case set(DemoFault, DemoScope, CheckedContinuation<Void, Never>)
        case stop
    }

    /// With the ports that the kernel chose.
    public let topology: DemoTopology
    private let mailbox: Mailbox<Message>
    private let isRunning = Mutex(false)
    private let thread = Mutex<Reactor.Thread?>(nil)
    /// Touched by its own thread alone, once that runs.
    private nonisolated(unsafe) let room: DemoRoom

    /// Binds every endpoint.
    /// - Throws: an address in use, no descriptors.
    public init(_ topology: DemoTopology) throws(SystemError) {
        let loop = try EventLoop()
        mailbox = Mailbox(waker: loop.waker)
        room = try DemoRoom(topology, loop: loop, mailbox: mailbox)
        self.topology = room.boundTopology(topology)
    }

    /// Begins to answer. Once.
    public func start() {
        isRunning.withLock { $0 = true }
        nonisolated(unsafe) let room = room
        thread.withLock { $0 = startThread(name: "demo-regions") { room.run() } }
    }

    /// Sets the fault of every endpoint in `scope`; returns when it is in force, for `none` after `killed` when all of
    /// them listen again. Between `start` and `stop`.
    public func set(_ fault: DemoFault, on scope: DemoScope) async {
        await withCheckedContinuation { continuation in
            let isPosted = isRunning.withLock { isRunning in
                if isRunning { mailbox.post(.set(fault, scope, continuation)) }
                return isRunning
            }
            if !isPosted { continuation.resume() }
        }
    }

    /// Closes everything and waits for the thread.
    public func stop() {
        let running = isRunning.withLock { isRunning in
            defer { isRunning = false }
            if isRunning { mailbox.post(.stop) }
            return isRunning
        }
        if running { thread.withLock { $0.take() }?.join() }
    }
}

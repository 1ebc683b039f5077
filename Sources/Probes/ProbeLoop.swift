import Model
public import Reactor
import Synchronization

/// Probes of any number of endpoints on one thread of its own.
public final class ProbeLoop: Sendable {
    enum Message: Sendable {
        case probe(ProbeTarget, id: UInt32, timeoutMilliseconds: UInt64)
        case stop
    }

    private let mailbox: Mailbox<Message>
    /// Touched by the probe thread alone, once that runs.
    private nonisolated(unsafe) let runner: ProbeRunner
    private let thread = Mutex<Reactor.Thread?>(nil)

    /// - Parameter report: called on the probe thread, once for each probe; it must not block, nor call `stop`.
    /// - Throws: when descriptors for the loop are exhausted.
    public init(report: @escaping @Sendable (ProbeOutcome) -> Void) throws(SystemError) {
        let loop = try EventLoop()
        mailbox = Mailbox(waker: loop.waker)
        runner = ProbeRunner(loop: loop, mailbox: mailbox, report: report)
    }

    deinit { mailbox.post(.stop) }

    /// Starts the thread. Once.
    public func start() {
        thread.withLock { thread in
            precondition(thread == nil, "the probe loop was started twice")
            nonisolated(unsafe) let runner = runner
            thread = startThread(name: "probes") { runner.run() }
        }
    }

    /// Probes `target` now, whatever else runs on it; any thread. The outcome comes with `id`, a success or after
    /// `timeoutMilliseconds` at the latest.
    public func probe(_ target: ProbeTarget, id: UInt32, timeoutMilliseconds: UInt64) {
        mailbox.post(.probe(target, id: id, timeoutMilliseconds: timeoutMilliseconds))
    }

    /// Closes every connection and waits for the thread. Probes that run get no outcome. A second call does nothing.
    public func stop() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        mailbox.post(.stop)
        running.join()
    }
}

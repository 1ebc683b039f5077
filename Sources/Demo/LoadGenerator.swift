import Reactor
import Synchronization

/// A client that sends requests at a steady rate over HTTP/2, honours GOAWAY, and counts what it sees.
///
/// Open loop: a slow answer delays no later request, and a request's latency runs from the instant it was due.
public final class LoadGenerator: Sendable {
    private let shared = SharedReport()
    private let mailbox: Mailbox<Void>
    private let thread = Mutex<Reactor.Thread?>(nil)
    /// Touched by its own thread alone, once that runs.
    private nonisolated(unsafe) let room: LoadRoom

    /// - Throws: `SystemError` without descriptors, `TLSError` when the authorities cannot be read.
    public init(_ settings: LoadSettings) throws {
        let loop = try EventLoop()
        mailbox = Mailbox(waker: loop.waker)
        room = try LoadRoom(settings, loop: loop, mailbox: mailbox) { [shared] in shared.change($0) }
    }

    deinit { mailbox.post(()) }

    /// Begins to send. Once.
    public func start() {
        nonisolated(unsafe) let room = room
        let shared = shared
        let started = startThread(name: "load") {
            room.run()
            shared.end()
        }
        thread.withLock { $0 = started }
    }

    /// What was seen since the last call.
    public func take() -> LoadReport { shared.take() }

    /// Waits until `requestCount` requests have ended, and takes what was seen since the last `take`.
    public func finish() async -> LoadReport {
        await shared.ended()
        thread.withLock { $0.take() }?.join()
        return shared.take()
    }

    /// Begins no more requests, waits for those that run, and takes what was seen since the last `take`.
    public func stop() async -> LoadReport {
        mailbox.post(())
        return await finish()
    }

    /// Sends `requestCount` requests, which must be set, and says what came of them.
    public static func run(_ settings: LoadSettings) async throws -> LoadReport {
        precondition(settings.requestCount != nil, "a run without end")
        let generator = try LoadGenerator(settings)
        generator.start()
        return await generator.finish()
    }
}

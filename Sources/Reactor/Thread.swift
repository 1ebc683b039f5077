import CLinux

/// A running pthread.
public final class Thread: Sendable {
    private let handle: UInt
    /// Whether it has a core to itself, as asked for; false when that core does not exist or is not ours to use.
    public let isPinned: Bool

    init(handle: UInt, isPinned: Bool) { (self.handle, self.isPinned) = (handle, isPinned) }

    /// Waits for the thread's end. Once, and not from the thread itself.
    public func join() {
        let result = clinux_thread_join(handle)
        precondition(result == 0, "a thread is joined once, by another")
    }

    /// What a new thread is to run, handed through C.
    final class Body: Sendable {
        let name: String
        let run: @Sendable () -> Void
        init(name: String, _ run: @escaping @Sendable () -> Void) { (self.name, self.run) = (name, run) }
    }
}

/// Starts a thread that the kernel runs soon when it wakes, as an event loop wants. One that cannot be started ends the
/// process: there is nothing to run without it.
/// - Parameters:
///   - name: as `ps` and `perf` show it; cut to 15 bytes.
///   - core: the core to stay on; nil: any. See `Thread.isPinned`.
public func startThread(name: String, core: Int? = nil, _ body: @escaping @Sendable () -> Void) -> Thread {
    let context = Unmanaged.passRetained(Thread.Body(name: name, body)).toOpaque()
    var handle: UInt = 0
    var isPinned = false
    let result = clinux_thread_start(
        &handle, Int32(clamping: core ?? -1), &isPinned,
        { context in
            let body = Unmanaged<Thread.Body>.fromOpaque(context.unsafelyUnwrapped).takeRetainedValue()
            clinux_thread_set_own_name(body.name)
            BackgroundScheduling.keepOut(body.run)
            return nil
        }, context)
    precondition(result == 0, "no thread: \(SystemError(call: "pthread_create", code: -result))")
    return Thread(handle: handle, isPinned: isPinned)
}

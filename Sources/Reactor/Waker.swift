import CLinux
import Synchronization

/// Ends an `EventLoop`'s sleep from any thread. Wakes that come before the loop has seen the first are one.
public final class Waker: Sendable {
    let descriptor: Int32
    private let isPending = Atomic<Bool>(false)

    init() throws(SystemError) {
        descriptor = try SystemError.check(clinux_eventfd_create(), "eventfd")
    }

    deinit { _ = clinux_close(descriptor) }

    /// The delegate's `woken` comes at least once after this call, and sees all that this thread wrote before it.
    public func wake() {
        guard !isPending.exchange(true, ordering: .acquiringAndReleasing) else { return }
        // It cannot fail: the counter would have to be 2⁶⁴ − 2 (eventfd(2)).
        _ = clinux_eventfd_add(descriptor)
    }

    /// The loop's side, before it looks at what it was woken for. The counter is never read: the descriptor is watched
    /// edge-triggered, and every write is an edge of its own.
    func clear() { _ = isPending.exchange(false, ordering: .acquiringAndReleasing) }
}

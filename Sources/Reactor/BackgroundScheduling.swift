import CLinux
import Synchronization

/// Which threads the kernel runs first where cores are scarce: those of `startThread`, which serve traffic, before all
/// others. It needs no privilege (SCHED_BATCH, see sched(7)); who gave the process real-time scheduling keeps it.
public enum BackgroundScheduling {
    /// Threads of `startThread` that run.
    private static let prompt = Mutex<Set<Int32>>([])

    /// Puts all other threads that the process has now, and those they start, behind: what answers operators or writes
    /// logs takes no core from what serves traffic by waking up. To be repeated now and then, since a thread that an
    /// event loop started is not behind.
    /// - Returns: how many threads are behind now; 0 where a sandbox forbids it, which costs nothing but the order.
    @discardableResult
    public static func putBehind() -> Int {
        prompt.withLock { prompt in
            let behind = Array(prompt).withUnsafeBufferPointer {
                clinux_process_run_behind($0.baseAddress, Int32($0.count))
            }
            return max(0, Int(behind))
        }
    }

    /// Runs that on the calling thread, as an event loop wants to be run.
    static func keepOut(_ body: () -> Void) {
        let id = clinux_thread_id()
        prompt.withLock { prompt in
            prompt.insert(id)
            // A sandbox may forbid it; then the thread is scheduled like any other.
            _ = clinux_thread_run_promptly()
        }
        body()
        _ = prompt.withLock { $0.remove(id) }
    }
}

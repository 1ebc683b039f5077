import CLinux

/// Which threads the kernel runs first where cores are scarce.
public enum BackgroundScheduling {
    /// Puts all threads that the process has now, and those they start, behind those of `startThread`: what answers
    /// operators or writes logs takes no core from what serves traffic by waking up (SCHED_BATCH, see sched(7)). It
    /// needs no privilege.
    /// - Returns: how many threads were changed; 0 where a sandbox forbids it, which costs nothing but the order.
    @discardableResult
    public static func putBehind() -> Int { max(0, Int(clinux_process_run_behind())) }
}

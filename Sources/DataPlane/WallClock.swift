import Glibc

/// The time of day, for logs alone: nothing is decided by it.
enum WallClock {
    /// Nanoseconds since 1970 (CLOCK_REALTIME).
    static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
}

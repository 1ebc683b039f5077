import Glibc

/// What the kernel says of this process.
public struct ProcessReading: Equatable, Sendable {
    /// User and system time of all threads since the start.
    public var cpuMicroseconds: UInt64
    public var residentBytes: UInt64
    public var openDescriptors: Int
    /// The soft limit.
    public var maxDescriptors: UInt64

    public init(cpuMicroseconds: UInt64, residentBytes: UInt64, openDescriptors: Int, maxDescriptors: UInt64) {
        (self.cpuMicroseconds, self.residentBytes) = (cpuMicroseconds, residentBytes)
        (self.openDescriptors, self.maxDescriptors) = (openDescriptors, maxDescriptors)
    }

    /// As of now; what cannot be read is 0.
    public static func current() -> ProcessReading {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return ProcessReading(
            cpuMicroseconds: microseconds(usage.ru_utime) + microseconds(usage.ru_stime),
            residentBytes: residentBytes(),
            openDescriptors: countDescriptors(), maxDescriptors: UInt64(limit.rlim_cur))
    }

    private static func microseconds(_ time: timeval) -> UInt64 {
        UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_usec)
    }

    /// The second number of /proc/self/statm, in pages (proc(5)).
    private static func residentBytes() -> UInt64 {
        let file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        if file < 0 { return 0 }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 128)
        let count = read(file, &bytes, bytes.count)
        let words = bytes.prefix(max(0, count)).split(separator: 0x20)
        guard words.count > 1, let pages = UInt64(String(decoding: words[1], as: UTF8.self)) else { return 0 }
        return pages * UInt64(sysconf(Int32(_SC_PAGESIZE)))
    }

    private static func countDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while let entry = readdir(folder) {
            if entry.pointee.d_name.0 != 0x2E { count += 1 }  // "." and ".."
        }
        return max(0, count - 1)  // the folder itself
    }
}

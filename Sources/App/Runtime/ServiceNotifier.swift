import Glibc

/// Tells systemd how the service does: datagrams to the socket that it named when it started us (sd_notify(3)).
struct ServiceNotifier: Sendable {
    /// What it is told; several lines are one message.
    enum Line: Sendable {
        /// Requests may come.
        case ready
        /// Since this time of the monotonic clock, microseconds, until the next `ready`.
        case reloading(at: UInt64)
        case stopping
        /// Still alive; must be said at least once in the watchdog's time.
        case alive
        /// One line for `systemctl status`.
        case status(String)

        var text: String {
            switch self {
            case .ready: "READY=1"
            case .reloading(let time): "RELOADING=1\nMONOTONIC_USEC=\(time)"
            case .stopping: "STOPPING=1"
            case .alive: "WATCHDOG=1"
            case .status(let words): "STATUS=\(words.replacing("\n", with: " "))"
            }
        }
    }

    /// A path, or, after an `@`, a name of Linux's abstract sockets.
    private let path: String
    /// Without a sign of life for so long the service is ended and started again; nil: nobody watches.
    let watchdogMicroseconds: UInt64?

    /// Nil: no service manager waits to be told.
    init?(environment: [String: String], processID: Int32 = getpid()) {
        guard let path = environment["NOTIFY_SOCKET"], path.hasPrefix("/") || path.hasPrefix("@"),
            path.utf8.count < MemoryLayout<sockaddr_un>.size - MemoryLayout<sa_family_t>.size
        else { return nil }
        self.path = path
        let isForUs = environment["WATCHDOG_PID"].map { Int32($0) == processID } ?? true
        watchdogMicroseconds = isForUs ? environment["WATCHDOG_USEC"].flatMap { UInt64($0) } : nil
    }

    /// Never waits: a service manager that does not read misses the message.
    func tell(_ lines: Line...) {
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        if name[0] == UInt8(ascii: "@") { name[0] = 0 }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let message = Array(lines.map(\.text).joined(separator: "\n").utf8)
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    descriptor, message, message.count, Int32(MSG_DONTWAIT | MSG_NOSIGNAL),
                    $0, length
                )
            }
        }
    }
}

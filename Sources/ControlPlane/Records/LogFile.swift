import Glibc
import Synchronization

/// Where access-log lines go: standard output or a file. Written by the record reader's thread alone; `reopen` and
/// the counts may be asked for by any. Never waits long: a pipe that nobody reads loses lines and counts them.
public final class LogFile: @unchecked Sendable {
    /// How long a pipe or terminal may take before its lines are given up.
    private static let patienceMilliseconds: Int32 = 250
    /// What a pipe takes without blocking once poll says it is writable (PIPE_BUF, pipe(7)).
    private static let pipeChunk = 4_096

    public let path: String
    // The reader's thread only.
    private var descriptor: Int32
    private var isRegular: Bool
    private var endsMidLine = false
    private let wantsReopen = Atomic(false)
    private let failureCount = Atomic<UInt64>(0)

    /// - Parameter path: `-` is standard output. A file is made with mode 0640 and appended to.
    public init(path: String) throws(LogFileError) {
        self.path = path
        descriptor = path == "-" ? STDOUT_FILENO : try LogFile.open(path)
        isRegular = LogFile.isRegular(descriptor)
    }

    deinit { if path != "-" { close(descriptor) } }

    /// Writes that failed or were given up, each losing one batch of lines or its rest.
    public var failures: UInt64 { failureCount.load(ordering: .relaxed) }

    /// Before its next lines the reader opens the path anew: logrotate moved the file.
    public func reopen() { wantsReopen.store(true, ordering: .releasing) }

    /// Before lines are made, because the first in a file say what others go by. True: another file is open now.
    func openIfAsked() -> Bool { wantsReopen.exchange(false, ordering: .acquiring) && openAnew() }

    /// Whole lines. False when some were lost.
    @discardableResult
    func write(_ lines: [UInt8]) -> Bool {
        if lines.isEmpty { return true }
        // After a failure in the middle of a line the next one must not be glued to its half.
        if endsMidLine, !send([0x0A]) { return fail() }
        endsMidLine = false
        return send(lines) || fail()
    }

    private func fail() -> Bool {
        failureCount.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    private func send(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var sent = 0
            while sent < buffer.count, let base = buffer.baseAddress {
                if !isRegular, !isWritable() { break }
                let chunk = isRegular ? buffer.count - sent : min(buffer.count - sent, LogFile.pipeChunk)
                let count = Glibc.write(descriptor, base + sent, chunk)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                if count <= 0 { break }
                sent += count
            }
            if sent > 0 { endsMidLine = buffer[sent - 1] != 0x0A }
            return sent == buffer.count
        }
    }

    private func isWritable() -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, LogFile.patienceMilliseconds) == 1 && entry.revents & Int16(POLLOUT) != 0
    }

    /// Keeps the old file when the new one cannot be opened.
    private func openAnew() -> Bool {
        guard path != "-" else { return false }
        do {
            let fresh = try LogFile.open(path)
            close(descriptor)
            (descriptor, isRegular, endsMidLine) = (fresh, LogFile.isRegular(fresh), false)
            return true
        } catch {
            failureCount.wrappingAdd(1, ordering: .relaxed)
            return false
        }
    }

    private static func open(_ path: String) throws(LogFileError) -> Int32 {
        // Without O_NONBLOCK a named pipe is opened only once somebody reads it, which may be never.
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
        let descriptor = Glibc.open(path, flags, 0o640)
        if descriptor < 0 { throw LogFileError(path: path, code: errno) }
        return descriptor
    }

    private static func isRegular(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }
}

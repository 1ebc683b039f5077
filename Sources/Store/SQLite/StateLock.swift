import Glibc
import Synchronization

/// Keeps a second process from the same state, by a lock on a file beside it; the kernel lets go of it however the
/// process ends. The file stays: who would remove it could not know whether somebody else waits for it.
final class StateLock: Sendable {
    /// -1: let go.
    private let descriptor: Mutex<Int32>

    /// - Throws: another process, or this one, holds it.
    init(of statePath: String) throws(StoreError) {
        let path = "\(statePath).lock"
        var descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        // Of a process before: a lock needs no more than to read.
        if descriptor < 0, errno == EROFS { descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        guard descriptor >= 0 else { throw StoreError(path: path, cannot: "opened", code: errno) }
        self.descriptor = Mutex(descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else {
                throw StoreError(
                    path: path, "cannot be locked: \(String(cString: strerror(errno))); keep state on a local disk")
            }
            let holder = StateLock.holder(descriptor).map { "process \($0)" } ?? "another process"
            throw StoreError(
                path: statePath, "is in use by \(holder): stop that one, or give this edge a state file of its own")
        }
        // For people and for the sentence above: a full disk loses this and nothing else.
        let pid = Array("\(getpid())\n".utf8)
        if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, pid, pid.count, 0) }
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if descriptor >= 0 {
                // Whoever was forked meanwhile has it too, until it becomes another program.
                flock(descriptor, LOCK_UN)
                close(descriptor)
            }
            descriptor = -1
        }
    }

    /// Who wrote its name into the file.
    private static func holder(_ descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return Int32(String(decoding: bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self))
    }
}

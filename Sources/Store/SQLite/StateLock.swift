import Glibc
import Synchronization

/// Keeps a second process from the same state, by a lock on a file beside it; the kernel lets go of it however the
/// process ends. The file stays: who would remove it could not know whether somebody else waits for it.
///
/// Where there is none and the disk takes none, the state itself is locked. SQLite does not mind: its own locks are of
/// another kind (fcntl's), which neither see nor touch these.
final class StateLock: Sendable {
    /// -1: let go.
    private let descriptor: Mutex<Int32>

    /// - Throws: another process, or this one, holds it.
    init(of statePath: String) throws(StoreError) {
        let path = "\(statePath).lock"
        var beside = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        let refusal = StoreError(path: path, cannot: "opened", code: errno)
        // Of a process before: a lock needs no more than to read.
        if beside < 0, refusal.kind == .readOnly { beside = Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) }
        if beside < 0 {
            guard refusal.kind != .unavailable, let state = StateLock.open(statePath) else { throw refusal }
            descriptor = Mutex(state)
            try StateLock.lock(state, statePath, of: statePath)
            return
        }
        descriptor = Mutex(beside)
        try StateLock.lock(beside, path, of: statePath)
        try StateLock.checkUnlocked(statePath)
        // For people and for the sentence above: a full disk loses this and nothing else.
        let pid = Array("\(getpid())\n".utf8)
        if ftruncate(beside, 0) == 0 { _ = pwrite(beside, pid, pid.count, 0) }
    }

    /// Nil: it is not there, or not to be read.
    private static func open(_ statePath: String) -> Int32? {
        let descriptor = Glibc.open(statePath, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        return descriptor < 0 ? nil : descriptor
    }

    /// Somebody may have locked the state itself, when its disk took no file beside it. Nobody has it open here: to
    /// close it afterwards would let go of SQLite's locks.
    private static func checkUnlocked(_ statePath: String) throws(StoreError) {
        guard let descriptor = open(statePath) else { return }
        defer { close(descriptor) }
        // Where it cannot be locked at all nobody has locked it.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK { throw inUse(statePath, by: nil) }
    }

    private static func lock(_ descriptor: Int32, _ path: String, of statePath: String) throws(StoreError) {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        guard errno == EWOULDBLOCK else {
            throw StoreError(
                path: path, "cannot be locked: \(String(cString: strerror(errno))); keep state on a local disk")
        }
        throw inUse(statePath, by: path == statePath ? nil : holder(descriptor))
    }

    private static func inUse(_ statePath: String, by holder: Int32?) -> StoreError {
        let holder = holder.map { "process \($0)" } ?? "another process"
        return StoreError(
            path: statePath, "is in use by \(holder): stop that one, or give this edge a state file of its own")
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

import Glibc

/// The Unix socket's file: who may reach it, and whether it is still somebody else's.
struct AdminSocket {
    let path: String

    private var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Makes the folder, for its owner alone, when it is missing (its parents too), and says whether others may look
    /// into it. A file that a dead process left at the path is removed; a living one's, or anything else, is an error.
    func prepare() throws(AdminError) -> Bool {
        try makeFolder(folder)
        try removeStale()
        var status = stat()
        let isShared = stat(folder, &status) == 0 && status.st_mode & 0o077 != 0
        return isShared
    }

    private func makeFolder(_ folder: String) throws(AdminError) {
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        if errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            try makeFolder(String(folder[..<slash]))
            if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        }
        throw AdminError("admin.socket: cannot make the folder \(folder): \(AdminSocket.reason)")
    }

    private func removeStale() throws(AdminError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw AdminError("admin.socket: \(path) is there and is no socket; remove it or choose another path")
        }
        if AdminSocket.isAnswering(path) {
            throw AdminError(
                "admin.socket: another process listens on \(path); stop it, or give each edge a socket of its own")
        }
        if unlink(path) != 0, errno != ENOENT {
            throw AdminError("admin.socket: cannot remove the stale \(path): \(AdminSocket.reason)")
        }
    }

    /// Whether a process listens there. A full backlog counts: it is somebody's.
    private static func isAnswering(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if descriptor < 0 { return false }
        defer { close(descriptor) }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        return result == 0 || errno == EAGAIN
    }

    /// Where to bind it: a folder beside it that nobody else may enter, so that nobody connects before its mode is set.
    /// Eight bytes longer than the path itself (`Configuration.Admin.longestSocketPath`).
    func makeBirthplace() throws(AdminError) -> String {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let (beside, name) = (path[..<start], path[start...])
        var template = Array("\(beside).XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw AdminError("admin.socket: cannot make a folder in \(folder): \(AdminSocket.reason)")
        }
        let made = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        return "\(made)/\(name)"
    }

    /// Moves the socket that was bound there to its own place, for its owner alone.
    func settle(from birthplace: String) throws(AdminError) {
        if chmod(birthplace, 0o600) != 0 || rename(birthplace, path) != 0 {
            throw AdminError("admin.socket: cannot make \(path): \(AdminSocket.reason)")
        }
    }

    /// Removes the folder, and the socket where it was not moved.
    func leave(_ birthplace: String) {
        unlink(birthplace)
        rmdir(AdminSocket(path: birthplace).folder)
    }

    /// Which file it is, to remove no other's on the way out.
    var identity: Identity? {
        var status = stat()
        return lstat(path, &status) == 0 ? Identity(device: status.st_dev, file: status.st_ino) : nil
    }

    struct Identity: Equatable, Sendable {
        let device: UInt
        let file: UInt
    }

    func remove(_ identity: Identity?) {
        if let identity, self.identity == identity { unlink(path) }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}

import Glibc

/// A file of state: read whole, and replaced whole, so that a crash leaves the old one or the new one.
struct StateFile {
    let path: String

    /// Without the slash, but for the root's.
    var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// Nil when it is not there.
    func read() throws(StoreError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw StoreError(path: path, cannot: "read", code: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw StoreError(path: path, cannot: "read", code: errno) }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var count = 0
        while count < bytes.count {
            let got = bytes.withUnsafeMutableBytes { room in
                Glibc.read(descriptor, room.baseAddress.map { $0 + count }, room.count - count)
            }
            if got < 0, errno == EINTR { continue }
            if got < 0 { throw StoreError(path: path, cannot: "read", code: errno) }
            if got == 0 { break }
            count += got
        }
        return Array(bytes.prefix(count))
    }

    /// There is nothing in it, or it is not there.
    var isEmpty: Bool {
        var status = stat()
        return stat(path, &status) != 0 || status.st_size == 0
    }

    /// Others than its owner may read or write it.
    var isOpenToOthers: Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    }

    /// For its owner alone, on the disk before it takes the old one's place.
    func replace(with bytes: [UInt8]) throws(StoreError) {
        try makeFolder(folder)
        let fresh = "\(path).new"
        let descriptor = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw StoreError(path: path, cannot: "written", code: errno) }
        let code = StateFile.write(bytes, to: descriptor)
        close(descriptor)
        guard code == 0, rename(fresh, path) == 0 else {
            let reason = code == 0 ? errno : code
            unlink(fresh)
            throw StoreError(path: path, cannot: "written", code: reason)
        }
        settleFolder()
    }

    /// Takes it away for good; nothing when it is not there.
    func remove() throws(StoreError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw StoreError(path: path, cannot: "removed", code: errno) }
        settleFolder()
    }

    /// Made empty and for its owner alone, on the disk, unless there is one of that name.
    ///
    /// - Returns: whether it was made.
    func make() throws(StoreError) -> Bool {
        try makeFolder(folder)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST { return false }
        guard descriptor >= 0 else { throw StoreError(path: path, cannot: "written", code: errno) }
        close(descriptor)
        settleFolder()
        return true
    }

    /// What was written to it is on the disk, under its name.
    func settle() throws(StoreError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw StoreError(path: path, cannot: "read", code: errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw StoreError(path: path, cannot: "written", code: errno) }
        settleFolder()
    }

    /// Names are on the disk too; a file system that cannot say so keeps the file all the same.
    private func settleFolder() {
        let parent = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if parent < 0 { return }
        fsync(parent)
        close(parent)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        guard fchmod(descriptor, 0o600) == 0 else { return errno }
        var count = 0
        while count < bytes.count {
            let written = bytes.withUnsafeBytes { room in
                Glibc.write(descriptor, room.baseAddress.map { $0 + count }, room.count - count)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { return errno }
            count += written
        }
        return fsync(descriptor) == 0 ? 0 : errno
    }

    func makeFolder(_ folder: String) throws(StoreError) {
        if mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else {
            throw StoreError(path: folder, cannot: "made", code: errno)
        }
        try makeFolder(String(folder[..<slash]))
        if mkdir(folder, 0o700) != 0, errno != EEXIST { throw StoreError(path: folder, cannot: "made", code: errno) }
    }
}

import Glibc

/// What tells one content of a file from the next without reading it.
public struct FileStamp: Equatable, Sendable {
    let device: UInt64
    let inode: UInt64
    let byteCount: Int64
    let modifiedNanoseconds: Int64

    /// Nil where there is no such file. May block: the file system may be a network's.
    public init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
        byteCount = Int64(status.st_size)
        modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    }

    init(device: UInt64, inode: UInt64, byteCount: Int64, modifiedNanoseconds: Int64) {
        (self.device, self.inode) = (device, inode)
        (self.byteCount, self.modifiedNanoseconds) = (byteCount, modifiedNanoseconds)
    }
}

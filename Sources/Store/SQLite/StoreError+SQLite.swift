import GRDB
import Glibc

extension StoreError {
    /// What SQLite says, for whoever has to mend it.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        case let error as DamagedRow: self = .damaged(path, "column \(error.column)")
        default: self.init(path: path, "cannot be used: \(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let code = "SQLite \(error.extendedResultCode.rawValue)"
        let text = "\(error.message ?? "no reason given") (\(code))"
        // SQLite knows a full disk only while it writes the file itself, not while it opens or maps another beside it.
        let disk = StoreError.disk(of: path)
        switch error.resultCode {
        case .SQLITE_FULL: self.init(path: path, "is full: \(text); \(StoreError.freeSpace)", kind: .full)
        case .SQLITE_READONLY:
            self.init(path: path, "cannot be written: \(text); \(StoreError.writable)", kind: .readOnly)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .damaged(path, text)
        case .SQLITE_IOERR where disk.isReadOnly, .SQLITE_CANTOPEN where disk.isReadOnly:
            self.init(path: path, "cannot be written: \(text); \(StoreError.remount)", kind: .readOnly)
        case .SQLITE_IOERR where disk.isFull, .SQLITE_CANTOPEN where disk.isFull:
            self.init(path: path, "is full: \(text); \(StoreError.freeSpace)", kind: .full)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                path: path, "is held by another program: \(text); end it (a SQLite shell, a copying tool) and try again"
            )
        case .SQLITE_MISUSE: self.init(path: path, "is closed: the edge is stopping")
        default:
            self.init(
                path: path, "cannot be used: \(text); look at its disk and at the rights of the file and its folder")
        }
    }

    private static let writable = "give the process the right to write it and its folder, then try again"

    static func damaged(_ path: String, _ found: String) -> StoreError {
        StoreError(
            path: path,
            "is damaged (\(found)): move it away together with its -wal and -shm, and put a backup in its place; "
                + "without a backup operators' weights, drains, tenant homes, tokens and the audit log are lost, every "
                + "session begins anew, and keyed requests fall to other cells")
    }

    static func moved(_ path: String) -> StoreError {
        StoreError(
            path: path,
            "was moved, removed or replaced while this process had it open: put it back, or restart the edge to use "
                + "what is there now")
    }

    /// What keeps the disk of a path from taking writes, as it looks now; nil: nothing that could be seen.
    static func disk(_ path: String) -> StoreError? {
        let disk = disk(of: path)
        if disk.isReadOnly { return StoreError(path: path, cannot: "written", code: EROFS) }
        return disk.isFull ? StoreError(path: path, cannot: "written", code: ENOSPC) : nil
    }

    /// The file system of a path, as it is now; full: without what the write-ahead log's index needs when it grows.
    private static func disk(of path: String) -> (isReadOnly: Bool, isFull: Bool) {
        var status = statvfs()
        guard statvfs(StateFile(path: path).folder, &status) == 0 else { return (false, false) }
        let free = UInt(status.f_bavail) * UInt(status.f_frsize)
        // Some file systems have no count of files; those that have may run out of them first.
        let isOutOfFiles = status.f_files > 0 && status.f_favail == 0
        return (status.f_flag & UInt(ST_RDONLY) != 0, free < 64 * 1_024 || isOutOfFiles)
    }
}

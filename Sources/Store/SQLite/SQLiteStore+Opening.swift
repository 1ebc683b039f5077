import Dispatch
import GRDB
import Glibc

extension SQLiteStore {
    /// How long a write waits for another program that holds the file, in seconds.
    static let busyTimeout = 5.0

    /// Opens the file, or makes it; its folder too. Takes over the secrets of a version that kept them in
    /// `portolan.keys` beside it.
    ///
    /// A file that is there but cannot be written, because its disk is full or mounted read-only, is read into memory
    /// and used from there: each change tries it anew, and is refused until it can be (`notWritable`).
    ///
    /// - Throws: another process uses it; it is damaged, of another program or of a newer version, and stays as it is;
    ///   it cannot be read, or not be made.
    public static func open(path: String) async throws(StoreError) -> SQLiteStore {
        try await open(path: path, schema: SQLiteSchema())
    }

    static func open(path: String, schema: SQLiteSchema) async throws(StoreError) -> SQLiteStore {
        try await offload {
            Result { try openNow(path: path, schema: schema) }.mapError { StoreError($0, path: path) }
        }.get()
    }

    /// Blocks: on the disk, and while the whole file is checked.
    private static func openNow(path: String, schema: SQLiteSchema) throws -> SQLiteStore {
        let file = StateFile(path: path)
        try file.makeFolder(file.folder)
        let lock = try StateLock(of: path)
        do {
            var warnings: [String] = []
            if try !file.make() {
                try inspect(path, schema)
                warnings += closeToOthers(file)
            }
            let pool = try writable(path, schema)
            warnings += try KeysFile(beside: path).takeOver(into: pool)
            return SQLiteStore(path: path, database: pool, lock: lock, warnings: warnings)
        } catch {
            let refusal = StoreError(error, path: path)
            guard refusal.kind != .unavailable else { throw refusal }
            do {
                let copy = try copy(of: path, schema, refusal)
                return SQLiteStore(path: path, database: copy, lock: lock, notWritable: refusal)
            } catch { throw refusal.adding(StoreError(error, path: path)) }
        }
    }

    /// Blocks. The lock is held, and the file was found to be ours and whole.
    static func writable(_ path: String, _ schema: SQLiteSchema = SQLiteSchema()) throws -> DatabasePool {
        // SQLite would open it for reading then, and say so at the first change.
        guard access(path, W_OK) == 0 else { throw StoreError(path: path, cannot: "written", code: errno) }
        var configuration = Configuration()
        configuration.label = "portolan.state"
        configuration.busyMode = .timeout(busyTimeout)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA temp_store = MEMORY") }
        let pool = try DatabasePool(path: path, configuration: configuration)
        // The pool's own setting loses the last commits with the power.
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        try schema.migrator.migrate(pool)
        return pool
    }

    /// Looks at a file without changing a byte of it: nothing is written into what is not ours, or not whole.
    private static func inspect(_ path: String, _ schema: SQLiteSchema) throws {
        let queue = try readOnly(path)
        defer { try? queue.close() }
        try queue.read { try inspect($0, path, schema) }
    }

    static func inspect(_ database: Database, _ path: String, _ schema: SQLiteSchema) throws {
        try schema.check(database, path: path)
        let found = try String.fetchOne(database, sql: "PRAGMA quick_check(1)") ?? "nothing could be read"
        guard found == "ok" else { throw StoreError.damaged(path, found) }
    }

    static func readOnly(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(busyTimeout)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private static func closeToOthers(_ file: StateFile) -> [String] {
        guard file.isOpenToOthers else { return [] }
        for ending in ["", "-wal", "-shm"] { chmod(file.path + ending, 0o600) }
        let outcome = file.isOpenToOthers ? "and cannot be closed to them: chmod 600 it" : "and is closed to them now"
        return [
            "\(file.path) was open to others than its owner, \(outcome); renew the keys of sessions and revoke tokens "
                + "if somebody may have read it"
        ]
    }

    /// On a thread that may block: Swift's own are few.
    static func offload<Outcome: Sendable>(_ work: @escaping @Sendable () -> Outcome) async -> Outcome {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: work()) }
        }
    }
}

/// Which file a path means at the moment.
struct FileIdentity: Equatable {
    private let device: UInt
    private let inode: UInt

    /// Nil: there is none.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode) = (UInt(status.st_dev), UInt(status.st_ino))
    }

    /// Nil: there is none.
    static func byteCount(path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_size) : nil
    }
}

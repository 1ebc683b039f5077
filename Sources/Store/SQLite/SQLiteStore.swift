import GRDB
import Synchronization

/// The state of one edge in one SQLite file, written ahead and flushed at each commit (docs/decisions/0015).
///
/// Work runs on the database's own threads, one write after another beside any number of reads. It is not given up when
/// whoever waits for it is cancelled: a change is never in doubt because a client hung up.
public final class SQLiteStore: StateStore {
    public let path: String
    /// What its operator should hear, though it is open.
    public let warnings: [String]
    private let lock: StateLock
    /// Of the file that was opened.
    private let identity: FileIdentity?
    private let opened: Mutex<Opened>
    /// One at a time tries the file anew.
    private let isSettling = Mutex(())
    private let ended = Mutex(false)
    /// The last change, or batch of events, was refused.
    private let hasRefused: Mutex<Bool>

    private struct Opened {
        var database: any DatabaseWriter
        /// Nil: the database is the file; otherwise a copy in memory, because of this.
        var notWritable: StoreError?
    }

    var isClosed: Bool { ended.withLock { $0 } }
    var database: any DatabaseWriter { opened.withLock { $0.database } }
    /// Why changes are refused, since the file cannot be written; nil: they are not, or no more.
    public var notWritable: StoreError? { opened.withLock { $0.notWritable } }

    init(
        path: String, database: any DatabaseWriter, lock: StateLock, warnings: [String] = [],
        notWritable: StoreError? = nil
    ) {
        (self.path, self.lock, self.warnings) = (path, lock, warnings)
        opened = Mutex(Opened(database: database, notWritable: notWritable))
        hasRefused = Mutex(notWritable != nil)
        identity = FileIdentity(path: path)
    }

    // MARK: State

    public func load() async throws(StoreError) -> StoredState {
        try await read { database in try StoredState(database).ordered }
    }

    @discardableResult
    public func commit(_ transaction: StoreTransaction) async throws(StoreError) -> AuditEntry? {
        try await write { database in
            for change in transaction.changes { try database.apply(change) }
            if let answer = transaction.answer { try database.keep(answer) }
            guard let draft = transaction.audit else { return nil }
            let entry = try database.auditChain().link(draft)
            try database.append(entry)
            return entry
        }
    }

    public func answer(to key: String, now: UInt64) async throws(StoreError) -> StoredAnswer? {
        try await read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM answers WHERE key = ?", arguments: [key.withoutNUL])
            return try row.map { try StoredAnswer($0) }.flatMap { $0.isAlive(at: now) ? $0 : nil }
        }
    }

    public var isTakingChanges: Bool {
        get async {
            if !hasRefused.withLock(\.self) { return true }
            // Nobody else may have anything to write until somebody asks for a change again.
            do throws(StoreError) { try await write { try $0.touch() } } catch { return false }
            return true
        }
    }

    // MARK: Audit

    public func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await audit("number > ? ORDER BY number", number, limit)
    }

    public func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await audit("number < ? ORDER BY number DESC", number ?? .max, limit)
    }

    private func audit(_ condition: String, _ number: UInt64, _ limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM audit WHERE \(condition) LIMIT ?",
                arguments: [Int64(clamping: number), limit]
            ).map { try AuditEntry($0) }
        }
    }

    // MARK: Events

    public func append(_ events: [StoredEvent], keepAfter: UInt64) async throws(StoreError) {
        try await write { database in try database.append(events, keepAfter: keepAfter) }
    }

    public func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [StoredEvent] {
        try await events("number > ?", Int64(clamping: number), subject, order: "ASC", limit)
    }

    public func events(
        before number: UInt64?, subject: String?, limit: Int
    ) async throws(StoreError) -> [StoredEvent] {
        try await events("number < ?", Int64(clamping: number ?? .max), subject, order: "DESC", limit)
    }

    private func events(
        _ bound: String, _ number: Int64, _ subject: String?, order: String, _ limit: Int
    ) async throws(StoreError) -> [StoredEvent] {
        let condition = subject == nil ? bound : "\(bound) AND \(EventSubject.condition)"
        let subject = subject.map { Array(repeating: $0.withoutNUL, count: EventSubject.conditionArguments) } ?? []
        return try await read { database in
            let arguments: StatementArguments = [number] + StatementArguments(subject) + [limit]
            return try Row.fetchAll(
                database, sql: "SELECT * FROM events WHERE \(condition) ORDER BY number \(order) LIMIT ?",
                arguments: arguments
            ).map { try StoredEvent($0) }
        }
    }

    // MARK: Size

    public func size() async throws(StoreError) -> StoreSize? {
        // On the database's thread: a disk may take its time to say what it holds.
        try await read { [path] database in
            let newest = try Row.fetchOne(database, sql: "SELECT number FROM audit ORDER BY number DESC LIMIT 1")
            let entries = try newest?.count("number") ?? 0
            let bytes = ["", "-wal"].reduce(UInt64(0)) { $0 + (FileIdentity.byteCount(path: path + $1) ?? 0) }
            return StoreSize(bytes: bytes, auditEntries: entries)
        }
    }

    // MARK: End

    public func close() async {
        let wasClosed = ended.withLock { ended in
            defer { ended = true }
            return ended
        }
        if wasClosed { return }
        await SQLiteStore.offload { [self] in
            // Nobody opens the file behind the end's back.
            isSettling.withLock { _ in
                // The pool closes its readers last, and those cannot do this: bring the log into the file, so that the
                // file alone is whole. On an error nothing is lost, and what is still at work closes when it ends.
                try? database.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
                try? database.close()
                lock.release()
            }
        }
    }

    // MARK: On the database's threads

    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            database.asyncRead { [path] opened in
                let result = Result { try body(opened.get()) }
                continuation.resume(returning: result.mapError { StoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    private func write<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        do throws(StoreError) {
            let value = try await tryWriting(body)
            hasRefused.withLock { $0 = false }
            return value
        } catch {
            hasRefused.withLock { $0 = true }
            throw error
        }
    }

    private func tryWriting<Value: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Value
    ) async throws(StoreError) -> Value {
        if notWritable != nil { try await settle() }
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            database.asyncWrite { [path, identity] database in
                guard FileIdentity(path: path) == identity else { throw StoreError.moved(path) }
                return try body(database)
            } completion: { [path] _, result in
                continuation.resume(returning: result.mapError { StoreError($0, path: path) })
            }
        }
        return try result.get()
    }

    /// Takes the file instead of its copy. What reads the copy ends in peace: both say the same.
    private func settle() async throws(StoreError) {
        try await SQLiteStore.offload { [self] in
            isSettling.withLock { _ -> Result<Void, StoreError> in
                if notWritable == nil || isClosed { return .success(()) }
                do {
                    let pool = try SQLiteStore.settled(path, identity)
                    opened.withLock { $0 = Opened(database: pool) }
                    return .success(())
                } catch { return .failure(StoreError(error, path: path)) }
            }
        }.get()
    }
}

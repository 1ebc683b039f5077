import Foundation
import GRDB
import Glibc
import Model
import Support
import Testing

@testable import Store

/// What only a file can do: last, be damaged, be copied, be somebody else's.
struct SQLiteStoreTests {
    /// With something of everything in it.
    private func filled(_ folder: StateFolder, _ count: Int = 30) async throws -> SQLiteStore {
        let store = try await folder.open()
        var samples = Samples()
        for number in 1...count {
            try await store.commit(samples.transaction(at: UInt64(number)))
            try await store.append([samples.event(UInt64(number), time: 1)], keepAfter: 0)
        }
        return store
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    static let pragmas: [(String, String)] = [
        ("synchronous", "2"), ("journal_mode", "wal"), ("foreign_keys", "1"), ("temp_store", "2"),
        ("busy_timeout", "5000"), ("application_id", "1347701838"),
    ]

    @Test("the writer flushes at each commit, and is set up as it says", arguments: pragmas)
    func writerIsSetUp(pragma: String, value: String) async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        let found = try await store.database.writeWithoutTransaction {
            try DatabaseValue.fetchOne($0, sql: "PRAGMA \(pragma)")
        }
        #expect(found.map { String.fromDatabaseValue($0) ?? "\($0)" } == value)
    }

    @Test("everything is there again after a proper end")
    func opensAgain() async throws {
        let folder = try StateFolder()
        let first = try await filled(folder)
        let (state, entries) = (try await first.load(), try await first.audit(after: 0, limit: 100))
        let events = try await first.events(after: 0, subject: nil, limit: 100)
        #expect(!state.drains.isEmpty && !state.tokens.isEmpty && !entries.isEmpty && events.count == 30)
        await first.close()
        let second = try await folder.open()
        #expect(try await second.load() == state)
        #expect(try await second.audit(after: 0, limit: 100) == entries)
        #expect(try await second.events(after: 0, subject: nil, limit: 100) == events)
        #expect(try await second.commit(StoreTransaction(audit: entries[0].draft))?.previous == entries.last?.hash)
    }

    @Test("for its owner alone, whatever it was before")
    func isPrivate() async throws {
        let folder = try StateFolder()
        let store = try await filled(folder, 1)
        #expect(StateFolder.mode("\(folder.path)/deep") == 0o700)
        let files = ["", "-wal", "-shm", ".lock"].map { folder.database + $0 }
        #expect(files.map(StateFolder.mode) == [0o600, 0o600, 0o600, 0o600] && store.warnings.isEmpty)
        await store.close()
        #expect(chmod(folder.database, 0o644) == 0)
        let again = try await folder.open()
        #expect(StateFolder.mode(folder.database) == 0o600)
        #expect(again.warnings.count == 1 && again.warnings[0].contains("was open to others than its owner"))
    }

    @Test("a second user of the file is refused until the first one ends")
    func oneUser() async throws {
        let folder = try StateFolder()
        let first = try await folder.open()
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        #expect(error?.description.contains("is in use by process \(getpid()): stop that one") == true)
        await first.close()
        _ = try await folder.open()
    }

    @Test("after its end every call is an error, and ending twice is none")
    func closed() async throws {
        let folder = try StateFolder()
        let store = try await filled(folder, 1)
        await store.close()
        await store.close()
        await #expect(throws: StoreError.self) { try await store.load() }
        let error = await #expect(throws: StoreError.self) { try await store.commit(StoreTransaction()) }
        #expect(error?.kind == .unavailable)
        await #expect(throws: StoreError.self) { try await store.backup(to: "\(folder.path)/copy") }
        #expect(access("\(folder.path)/copy", F_OK) != 0)
    }

    @Test("who waits may give up; what is written is written")
    func cancelled() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        var samples = Samples()
        let (draft, keys) = (samples.draft(), samples.keys())
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.commit(StoreTransaction([.setKeys(keys)], audit: draft))
        }
        #expect(try await task.value?.number == 1)
        let held = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await store.load().keys
        }
        #expect(try await held.value == keys)
    }

    static let tampering = [
        "UPDATE audit SET reason = 'other' WHERE number = 2", "DELETE FROM audit WHERE number = 3", "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 2",
        "REPLACE INTO audit SELECT * FROM audit WHERE number = 3",
        "INSERT INTO audit SELECT 9, time, who, role, address, action, subject, reason, outcome, detail, generation, "
            + "hash, previous FROM audit WHERE number = 3",
        "INSERT INTO audit SELECT 4, time, who, role, address, action, subject, reason, outcome, detail, generation, "
            + "previous, hash FROM audit WHERE number = 3",
    ]

    @Test("the audit log is only ever added to, at its end", arguments: tampering)
    func appendOnly(sql: String) async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        var samples = Samples()
        for _ in 1...3 { try await store.commit(StoreTransaction(audit: samples.draft())) }
        let before = try await store.audit(after: 0, limit: 9)
        let error = await #expect(throws: DatabaseError.self) {
            try await store.database.write { try $0.execute(sql: sql) }
        }
        #expect(error?.message == "the audit log is append-only")
        #expect(try await store.audit(after: 0, limit: 9) == before && before.count == 3)
    }

    @Test("a file that is no longer in its place takes no more changes", arguments: [true, false])
    func moved(isReplaced: Bool) async throws {
        let folder = try StateFolder()
        let store = try await filled(folder, 2)
        #expect(rename(folder.database, "\(folder.path)/elsewhere") == 0)
        if isReplaced { try Data("another file".utf8).write(to: URL(fileURLWithPath: folder.database)) }
        let error = await #expect(throws: StoreError.self) { try await store.commit(StoreTransaction()) }
        #expect(error?.description.contains("was moved, removed or replaced") == true)
        if isReplaced { unlink(folder.database) }
        #expect(rename("\(folder.path)/elsewhere", folder.database) == 0)
        try await store.commit(StoreTransaction())
    }

    @Test("of events the newest are kept, however many there are")
    func eventCapacity() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        let count = StoredEvent.capacity + 10
        try await store.database.write {
            try $0.execute(
                sql: """
                    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 2 FROM n WHERE i < ?)
                    INSERT INTO events SELECT i, 5, 0, 'KIND', 'a', '' FROM n
                    """, arguments: [2 * count])
        }
        var samples = Samples()
        try await store.append([samples.event(UInt64(3 * count), time: 5)], keepAfter: 1)
        let found = try await store.events(after: 0, subject: nil, limit: count)
        #expect(found.count == StoredEvent.capacity && found.last?.number == UInt64(3 * count))
        #expect(found.first?.number == 25, "12 of every second number are gone")
    }

    // MARK: Backup

    @Test("a copy opens by itself and has everything, though changes go on meanwhile")
    func backup() async throws {
        let (folder, other) = (try StateFolder(), try StateFolder())
        let store = try await filled(folder, 100)
        let before = try await store.load()
        try await store.backup(to: "\(other.path)/copy.db")
        #expect(StateFolder.mode("\(other.path)/copy.db") == 0o600)
        let copy = try await SQLiteStore.open(path: "\(other.path)/copy.db")
        #expect(try await copy.load() == before && copy.warnings.isEmpty)
        let entries = try await copy.audit(after: 0, limit: 200)
        #expect(try await store.audit(after: 0, limit: 200) == entries)
        #expect(try await copy.events(after: 0, subject: nil, limit: 200).count == 100)
        await copy.close()
        async let backup: Void = store.backup(to: "\(other.path)/second.db")
        var samples = Samples()
        for time in 1...50 { try await store.commit(samples.transaction(at: UInt64(time))) }
        try await backup
        let second = try await SQLiteStore.open(path: "\(other.path)/second.db")
        let found = try await second.audit(after: 0, limit: 400)
        let all = try await store.audit(after: 0, limit: 400)
        #expect(found.count >= entries.count && found == Array(all[..<found.count]))
    }

    @Test("a copy takes nobody's place, and half of one is not left")
    func backupRefused() async throws {
        let folder = try StateFolder()
        let store = try await filled(folder)
        let place = "\(folder.path)/copy.db"
        try Data("mine".utf8).write(to: URL(fileURLWithPath: place))
        let taken = await #expect(throws: StoreError.self) { try await store.backup(to: place) }
        #expect(taken?.description == "\(place): is there already: remove it, or give the backup another name")
        #expect(try bytes(place) == Data("mine".utf8))
        await #expect(throws: StoreError.self) { try await store.backup(to: "/proc/nowhere/copy.db") }
        let copy = "\(folder.path)/second.db"
        let damaged = await #expect(throws: StoreError.self) { try await SQLiteStore.backup(of: place, to: copy) }
        #expect(damaged?.path == place && damaged?.what.contains("is damaged") == true)
        await #expect(throws: StoreError.self) { try await SQLiteStore.backup(of: "\(place).not", to: copy) }
        #expect(access(copy, F_OK) != 0 && access("\(place).not", F_OK) != 0)
        await store.close()
        try await SQLiteStore.backup(of: folder.database, to: copy)
    }

    // MARK: After a kill

    /// A kill or a loss of power leaves the file and the front of its log, up to any byte: what was answered by then is
    /// there, and of the next change nothing. Replay: PORTOLAN_SEED=<seed>.
    @Test func survivesACutAnywhere() async throws {
        let (folder, other) = (try StateFolder(), try StateFolder())
        let store = try await folder.open()
        var samples = Samples(.fromEnvironmentOrFresh())
        let seed = samples.random.seed
        let log = folder.database + "-wal"
        var answered = [(byteCount: StateFolder.byteCount(log), state: try await store.load(), audited: 0)]
        for time in 1...40 {
            var transaction = samples.transaction(at: UInt64(time))
            transaction.audit = samples.draft(UInt64(time))
            try await store.commit(transaction)
            answered.append((StateFolder.byteCount(log), try await store.load(), time))
            try #require(answered[time].byteCount > answered[time - 1].byteCount, "the log begins anew: seed \(seed)")
        }
        try folder.copyAsAfterKill(to: other)
        let (file, whole) = (try bytes(other.database), try bytes(other.database + "-wal"))
        for round in 0..<60 {
            let first = answered[0].byteCount
            // Every fourth cut falls into the making of the tables.
            let cut = round % 4 == 0 ? samples.below(first) : first + samples.below(whole.count + 1 - first)
            var left = whole.prefix(cut)
            // What was not flushed may be anything.
            if round % 2 == 1 { left.append(Data(samples.bytes(samples.below(5_000)))) }
            try file.write(to: URL(fileURLWithPath: other.database))
            try left.write(to: URL(fileURLWithPath: other.database + "-wal"))
            unlink(other.database + "-shm")
            let expected = answered.last { $0.byteCount <= cut } ?? answered[0]
            let after = try await other.open()
            try #require(try await after.load() == expected.state, "seed \(seed), round \(round), cut at \(cut)")
            let entries = try await after.audit(after: 0, limit: 100)
            try #require(entries.count == expected.audited, "seed \(seed), round \(round), cut at \(cut)")
            _ = try AuditChain.verify(entries)
            await after.close()
        }
    }
}

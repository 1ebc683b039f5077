import Foundation
import GRDB
import Glibc
import Model
import Support
import Testing

@testable import Store

/// Files that must not be used as they are, and disks that take no more.
struct SQLiteStoreOpeningTests {
    private func filled(_ folder: StateFolder) async throws -> StoredState {
        let store = try await folder.open()
        var samples = Samples()
        for number in 1...60 {
            try await store.commit(samples.transaction(at: UInt64(number)))
            try await store.append([samples.event(UInt64(number), time: 1)], keepAfter: 0)
        }
        let state = try await store.load()
        await store.close()
        return state
    }

    private func read(_ folder: StateFolder) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder.database))
    }

    private func write(_ data: Data, _ folder: StateFolder) throws {
        try data.write(to: URL(fileURLWithPath: folder.database))
        for ending in ["-wal", "-shm"] { unlink(folder.database + ending) }
    }

    static let damages: [@Sendable (inout Data) -> Void] = [
        { $0.replaceSubrange(0..<16, with: Data(count: 16)) },
        { $0 = Data("this is no database, but a note of somebody".utf8) + Data(repeating: 32, count: 4_096) },
        { $0.removeLast($0.count / 2) },
        { $0.replaceSubrange(4_096..<8_192, with: Data(repeating: 0xFF, count: 4_096)) },
        { for page in 1..<$0.count / 4_096 { $0[page * 4_096 + 3] ^= 0x55 } },
    ]

    @Test("a damaged file stops the start with what to do, and is not touched", arguments: damages.indices)
    func damaged(row: Int) async throws {
        let folder = try StateFolder()
        _ = try await filled(folder)
        var data = try read(folder)
        SQLiteStoreOpeningTests.damages[row](&data)
        try write(data, folder)
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        let text = error?.description ?? ""
        #expect(text.contains("is damaged") && text.contains("and put a backup in its place"), "\(text)")
        #expect(try read(folder) == data)
    }

    /// Whatever bytes are there: an error or an answer, and no trap. Replay: PORTOLAN_SEED=<seed>.
    @Test func survivesAnyBytes() async throws {
        let folder = try StateFolder()
        _ = try await filled(folder)
        let good = try read(folder)
        var samples = Samples(.fromEnvironmentOrFresh())
        var refused = 0
        for _ in 0..<100 {
            var bad = good
            for _ in 0...samples.below(30) { bad[samples.below(bad.count)] ^= UInt8(1 + samples.below(255)) }
            try write(bad, folder)
            do throws(StoreError) {
                let store = try await folder.open()
                _ = try await store.load()
                _ = try await store.audit(after: 0, limit: 100)
                _ = try await store.events(after: 0, subject: nil, limit: 100)
                _ = try await store.answer(to: "key-1", now: 50)
                await store.close()
            } catch { refused += 1 }
        }
        #expect(refused > 20, "damage goes unseen: seed \(samples.random.seed)")
    }

    @Test("another program's database is left as it is")
    func foreign() async throws {
        let folder = try StateFolder()
        try StateFile(path: folder.database).replace(with: [])
        let queue = try DatabaseQueue(path: folder.database)
        try await queue.write { try $0.execute(sql: "CREATE TABLE dashboards (id INTEGER PRIMARY KEY)") }
        try queue.close()
        let before = try read(folder)
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        #expect(error?.description.contains("is the database of another program") == true)
        #expect(try read(folder) == before)
    }

    @Test("a folder in the file's place, and a place that cannot be, are told of", arguments: ["", "/none/a.db"])
    func nowhere(ending: String) async throws {
        let path = ending.isEmpty ? try StateFolder().path : "/proc\(ending)"
        if ending.isEmpty { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        let error = await #expect(throws: StoreError.self) { _ = try await SQLiteStore.open(path: path) }
        #expect(error?.kind == .unavailable)
        if ending.isEmpty { for end in ["", ".lock"] { try? FileManager.default.removeItem(atPath: path + end) } }
    }

    // MARK: Full and read-only

    @Test("a full file is told as full, keeps nothing by halves, and goes on when there is room")
    func full() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        var samples = Samples()
        let keys = samples.keys()
        try await store.commit(StoreTransaction([.setKeys(keys)], audit: samples.draft()))
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 1") }
        var big = samples.answer(at: 1)
        big.body = samples.bytes(100_000)
        let (change, draft) = (samples.keys(), samples.draft())
        let transaction = StoreTransaction([.setKeys(change)], audit: draft, answer: big)
        let error = await #expect(throws: StoreError.self) { try await store.commit(transaction) }
        #expect(error?.kind == .full && error?.description.contains("free space on its disk") == true)
        #expect(try await store.load().keys == keys)
        #expect(try await store.audit(after: 0, limit: 9).count == 1)
        #expect(try await store.answer(to: big.key, now: 1) == nil)
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA max_page_count = 100000") }
        #expect(try await store.commit(transaction)?.number == 2)
        #expect(try await store.answer(to: big.key, now: 1) == big)
    }

    @Test("what may not be written is told as read-only, can be read, and goes on when it may")
    func readOnly() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        var samples = Samples()
        let keys = samples.keys()
        try await store.commit(StoreTransaction([.setKeys(keys)]))
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
        let (other, event) = (samples.keys(), samples.event(1, time: 1))
        let error = await #expect(throws: StoreError.self) {
            try await store.commit(StoreTransaction([.setKeys(other)]))
        }
        #expect(error?.kind == .readOnly)
        await #expect(throws: StoreError.self) { try await store.append([event], keepAfter: 0) }
        #expect(try await store.load().keys == keys)
        try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
        try await store.commit(StoreTransaction([.setKeys(other)]))
        #expect(try await store.load().keys == other)
    }

    @Test("whether it takes changes is known whatever was refused, and again without a change to try it with")
    func takesChangesAgain() async throws {
        let folder = try StateFolder()
        let store = try await folder.open()
        var samples = Samples()
        let (token, event) = (samples.token(), samples.event(1, time: 1))
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await store.commit(StoreTransaction([.setToken(token)])) },
            { try await store.append([event], keepAfter: 0) },
        ]
        let before = try await store.load()
        for attempt in attempts {
            #expect(await store.isTakingChanges)
            try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 1") }
            await #expect(throws: StoreError.self) { try await attempt() }
            for _ in 0..<2 { #expect(await !store.isTakingChanges) }
            try await store.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = 0") }
        }
        #expect(await store.isTakingChanges)
        #expect(try await store.load() == before)
    }

    @Test("a disk without room is told as full, and nothing but room is needed", .enabled(if: SmallDisk.isPossible))
    func fullDisk() async throws {
        let folder = try StateFolder()
        let disk = try #require(SmallDisk(folder.path, "size=1m"))
        defer { disk.unmount() }
        let store = try await folder.open()
        var samples = Samples()
        let (keys, other, draft) = (samples.keys(), samples.keys(), samples.draft())
        try await store.commit(StoreTransaction([.setKeys(keys)]))
        try #require(disk.fill())
        let transaction = StoreTransaction([.setKeys(other)], audit: draft)
        for _ in 0..<3 {
            let error = await #expect(throws: StoreError.self) { try await store.commit(transaction) }
            #expect(error?.kind == .full, "\(String(describing: error))")
        }
        #expect(try await store.load().keys == keys)
        let copy = await #expect(throws: StoreError.self) { try await store.backup(to: "\(folder.path)/copy") }
        #expect(copy?.kind == .full && access("\(folder.path)/copy", F_OK) != 0)
        let fresh = await #expect(throws: StoreError.self) {
            _ = try await SQLiteStore.open(path: "\(folder.path)/other.db")
        }
        #expect(fresh?.kind == .full, "\(String(describing: fresh))")
        disk.empty()
        #expect(try await store.commit(transaction)?.number == 1)
        #expect(try await store.load().keys == other)
        await store.close()
    }
}

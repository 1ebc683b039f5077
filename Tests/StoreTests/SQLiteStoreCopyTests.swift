import Foundation
import Glibc
import Support
import Testing

@testable import Store

/// Starts from disks that take no writes: with all that was committed, and with changes as soon as they can be made.
@Suite(.enabled(if: SmallDisk.isPossible))
struct SQLiteStoreCopyTests {
    /// How the process before ended.
    enum End: CaseIterable { case stopped, killed }

    /// What is in the state of `folder` after some changes and that end of a process.
    private func fill(_ folder: StateFolder, _ end: End) async throws -> StoredState {
        let origin = try StateFolder()
        let place = end == .stopped ? folder : origin
        let store = try await place.open()
        var samples = Samples()
        for number in 1...40 {
            try await store.commit(samples.transaction(at: UInt64(number)))
            try await store.append([samples.event(UInt64(number), time: 1)], keepAfter: 0)
        }
        let state = try await store.load()
        if end == .killed {
            try origin.copyAsAfterKill(to: folder)
            // A kill leaves this one too: its lock, and the index of its log.
            for ending in [".lock", "-shm"] {
                try FileManager.default.copyItem(atPath: origin.database + ending, toPath: folder.database + ending)
            }
        }
        await store.close()
        return state
    }

    /// Serves what was stored and refuses changes; then, when `mend` has done its work, takes them.
    private func expectUse(
        of folder: StateFolder, _ state: StoredState, _ kind: StoreError.Kind, mend: () -> Bool
    ) async throws {
        let store = try await folder.open()
        #expect(store.notWritable?.kind == kind, "\(String(describing: store.notWritable))")
        #expect(await !store.isTakingChanges)
        #expect(try await store.load() == state)
        let audit = try await store.audit(after: 0, limit: 1_000)
        #expect(try AuditChain.verify(audit).number == UInt64(audit.count) && !audit.isEmpty)
        #expect(try await store.events(after: 0, subject: nil, limit: 1_000).count == 40)
        var samples = Samples()
        let (draft, keys, event) = (samples.draft(), samples.keys(), samples.event(41, time: 2))
        let transaction = StoreTransaction([.setKeys(keys)], audit: draft)
        for _ in 0..<2 {
            let error = await #expect(throws: StoreError.self) { try await store.commit(transaction) }
            #expect(error?.kind == kind, "\(String(describing: error))")
            await #expect(throws: StoreError.self) { try await store.append([event], keepAfter: 0) }
        }
        let second = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        #expect(second?.description.contains("is in use by") == true)
        try #require(mend())
        // Many at once: the file is opened once.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await store.commit(transaction) } }
            try await group.waitForAll()
        }
        #expect(store.notWritable == nil)
        await store.close()
        let after = try await folder.open()
        #expect(try await after.load().keys == keys)
        #expect(try await after.audit(after: 0, limit: 1_000).count == audit.count + 8)
        await after.close()
    }

    /// A backup that was put in its place has no lock beside it.
    @Test("a disk that is mounted read-only", arguments: End.allCases, [true, false])
    func readOnly(end: End, hasLock: Bool) async throws {
        let folder = try StateFolder()
        let state = try await fill(folder, end)
        if !hasLock { unlink("\(folder.database).lock") }
        let disk = try #require(SmallDisk(readOnly: folder.path))
        defer { disk.unmount() }
        try await expectUse(of: folder, state, .readOnly) { disk.allowWriting() }
    }

    @Test("a disk without room", arguments: End.allCases)
    func full(end: End) async throws {
        let folder = try StateFolder()
        let disk = try #require(SmallDisk(folder.path, "size=2m"))
        defer { disk.unmount() }
        let state = try await fill(folder, end)
        // The index in shared memory is a cache: what other programs write may take its room.
        if end == .killed { truncate("\(folder.database)-shm", 0) }
        try #require(disk.fill())
        try await expectUse(of: folder, state, .full) {
            disk.empty()
            return true
        }
    }

    @Test("a disk that takes no more files")
    func fullOfFiles() async throws {
        let folder = try StateFolder()
        // The root, the folder, the state.
        let disk = try #require(SmallDisk(folder.path, "size=4m,nr_inodes=9"))
        defer { disk.unmount() }
        let state = try await fill(folder, .stopped)
        for ending in [".lock", "-wal", "-shm"] { unlink(folder.database + ending) }
        try #require(disk.allow("size=4m,nr_inodes=3"))
        try await expectUse(of: folder, state, .full) { disk.allow("size=4m,nr_inodes=9") }
    }

    @Test("what could not be read whole stops the start as before")
    func refuses() async throws {
        let folder = try StateFolder()
        _ = try await fill(folder, .killed)
        unlink("\(folder.database)-shm")
        let disk = try #require(SmallDisk(readOnly: folder.path))
        defer { disk.unmount() }
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        #expect(error?.kind == .readOnly, "the last changes are in a log that cannot be read here")
    }

    @Test("a path is one whatever is in its name")
    func oddName() async throws {
        let folder = try StateFolder()
        let path = "\(folder.path)/odd %41?#name/a b.db"
        let store = try await SQLiteStore.open(path: path)
        var samples = Samples()
        let keys = samples.keys()
        try await store.commit(StoreTransaction([.setKeys(keys)]))
        await store.close()
        let disk = try #require(SmallDisk(readOnly: folder.path))
        defer { disk.unmount() }
        #expect(try await SQLiteStore.open(path: path).load().keys == keys)
    }
}

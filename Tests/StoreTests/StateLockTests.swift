import Foundation
import Glibc
import Support
import Testing

@testable import Store

struct StateLockTests {
    private func path(_ folder: StateFolder) -> String { "\(folder.path)/state.db" }

    private func refusal(_ folder: StateFolder) -> String? {
        do throws(StoreError) {
            _ = try StateLock(of: path(folder))
            return nil
        } catch { return error.description }
    }

    @Test("held by one until it lets go, or is gone")
    func held() throws {
        let folder = try StateFolder()
        var lock: StateLock? = try StateLock(of: path(folder))
        #expect(refusal(folder)?.contains("is in use by process \(getpid()): stop that one") == true)
        lock?.release()
        lock?.release()
        lock = try StateLock(of: path(folder))
        #expect(refusal(folder) != nil && lock != nil)
        lock = nil
        #expect(refusal(folder) == nil)
    }

    @Test(
        "a file that somebody left does not hinder", arguments: ["", "4711\n", "rubbish, and more of it than a number"])
    func leftOver(text: String) throws {
        let folder = try StateFolder()
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path(folder)).lock"))
        let lock = try StateLock(of: path(folder))
        #expect(refusal(folder)?.contains("process \(getpid()):") == true)
        lock.release()
    }

    /// Room for the root, a file of state and no third.
    static let fullOfFiles = "size=1m,nr_inodes=2"

    @Test("where no file can be made beside it the state itself is locked", .enabled(if: SmallDisk.isPossible))
    func lockedItself() throws {
        let folder = try StateFolder()
        let disk = try #require(SmallDisk(folder.path, StateLockTests.fullOfFiles))
        defer { disk.unmount() }
        let state = Data("state of an edge".utf8)
        try state.write(to: URL(fileURLWithPath: path(folder)))
        try #require(access("\(path(folder)).lock", F_OK) != 0)
        var lock: StateLock? = try StateLock(of: path(folder))
        #expect(access("\(path(folder)).lock", F_OK) != 0)
        #expect(refusal(folder)?.contains("is in use by another process: stop that one") == true)
        // Room again: who can make the file must not overlook whoever could not.
        try #require(disk.allow("size=1m,nr_inodes=9"))
        #expect(refusal(folder)?.contains("is in use by another process: stop that one") == true)
        lock?.release()
        lock = try StateLock(of: path(folder))
        #expect(refusal(folder)?.contains("is in use by process \(getpid()):") == true && lock != nil)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path(folder))) == state)
    }

    /// SQLite's locks and this one, on the same file.
    @Test("a locked state is read and written as any")
    func besideSQLite() async throws {
        let folder = try StateFolder()
        try await folder.open().close()
        let descriptor = open(folder.database, O_RDONLY | O_CLOEXEC)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let pool = try SQLiteStore.writable(folder.database)
        try await pool.write { try $0.execute(sql: "INSERT INTO meta VALUES ('last_event', 5)") }
        let state = try await SQLiteStore.readOnly(folder.database).read { try StoredState($0) }
        #expect(state.lastEventNumber == 5)
        try pool.close()
    }

    @Test("a link in its place is not followed")
    func link() throws {
        let folder = try StateFolder()
        try Data("precious".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/precious"))
        #expect(symlink("\(folder.path)/precious", "\(path(folder)).lock") == 0)
        #expect(refusal(folder)?.contains("cannot be opened") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/precious")) == Data("precious".utf8))
    }
}

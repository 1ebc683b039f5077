import Foundation
import Glibc
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

    @Test("a link in its place is not followed")
    func link() throws {
        let folder = try StateFolder()
        try Data("precious".utf8).write(to: URL(fileURLWithPath: "\(folder.path)/precious"))
        #expect(symlink("\(folder.path)/precious", "\(path(folder)).lock") == 0)
        #expect(refusal(folder)?.contains("cannot be opened") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: "\(folder.path)/precious")) == Data("precious".utf8))
    }
}

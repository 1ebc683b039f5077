import GRDB
import Glibc
import Testing

@testable import Store

struct StoreErrorTests {
    static let codes: [(ResultCode, StoreError.Kind, String)] = [
        (.SQLITE_FULL, .full, "free space on its disk"),
        (.SQLITE_READONLY, .readOnly, "give the process the right to write it and its folder"),
        (.SQLITE_READONLY_DBMOVED, .readOnly, "cannot be written"),
        (.SQLITE_CORRUPT, .unavailable, "put a backup in its place; without a backup"),
        (.SQLITE_CORRUPT_INDEX, .unavailable, "is damaged"),
        (.SQLITE_NOTADB, .unavailable, "is damaged"),
        (.SQLITE_BUSY, .unavailable, "is held by another program"),
        (.SQLITE_IOERR_FSYNC, .unavailable, "look at its disk"),
        (.SQLITE_CANTOPEN, .unavailable, "look at its disk"),
        (.SQLITE_MISUSE, .unavailable, "the edge is stopping"),
        (.SQLITE_CONSTRAINT_NOTNULL, .unavailable, "cannot be used"),
    ]

    @Test("what SQLite says has a kind, its number and a remedy", arguments: codes)
    func fromSQLite(code: ResultCode, kind: StoreError.Kind, text: String) {
        let error = StoreError(DatabaseError(resultCode: code, message: "so it is"), path: "/tmp/state.db")
        #expect(error.kind == kind && error.description.contains(text))
        #expect(error.description.hasPrefix("/tmp/state.db: "))
        #expect(code == .SQLITE_MISUSE || error.description.contains("so it is (SQLite \(code.rawValue))"))
    }

    static let numbers: [(Int32, StoreError.Kind, String)] = [
        (ENOSPC, .full, "free space on its disk"), (EDQUOT, .full, "free space on its disk"),
        (EROFS, .readOnly, "mount its file system for writing"),
        (EACCES, .unavailable, "give the process the right to read and write its folder"),
    ]

    @Test("what the system says has a kind and a remedy", arguments: numbers)
    func fromSystem(code: Int32, kind: StoreError.Kind, text: String) {
        let error = StoreError(path: "state.db", cannot: "written", code: code)
        #expect(error.kind == kind && error.description.contains(text))
        #expect(error.description.hasPrefix("state.db: cannot be written: "))
    }

    @Test("an error of ours stays what it is")
    func ours() {
        let error = StoreError(path: "a", "b", kind: .full)
        #expect(StoreError(error, path: "c") == error)
    }
}

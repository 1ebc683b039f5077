import Foundation
import Glibc
import Testing

@testable import Store

/// A folder for the files of one test; gone with it.
final class StateFolder {
    let path: String
    /// Of a database in a folder that is not made yet.
    var database: String { "\(path)/deep/state.db" }
    var keysFile: String { "\(path)/deep/portolan.keys" }

    init() throws {
        var template = Array("/tmp/portolan-store-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func open(_ schema: SQLiteSchema = SQLiteSchema()) async throws(StoreError) -> SQLiteStore {
        try await SQLiteStore.open(path: database, schema: schema)
    }

    /// What a process leaves that is killed now: the file and its log, without the index in shared memory.
    func copyAsAfterKill(to other: StateFolder) throws {
        try FileManager.default.createDirectory(atPath: "\(other.path)/deep", withIntermediateDirectories: true)
        for ending in ["", "-wal"] {
            try? FileManager.default.removeItem(atPath: other.database + ending)
            try FileManager.default.copyItem(atPath: database + ending, toPath: other.database + ending)
        }
    }

    static func mode(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    static func byteCount(_ path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }
}

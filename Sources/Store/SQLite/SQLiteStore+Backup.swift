import GRDB

extension SQLiteStore {
    public func backup(to copy: String) async throws(StoreError) {
        guard !isClosed else { throw StoreError(path: path, "is closed: the edge is stopping") }
        try await SQLiteStore.backup(of: path, to: copy)
    }

    /// Copies the state in that file, whole as of one moment, whether an edge is at work on it or not; changes go on
    /// meanwhile. The copy is for its owner alone: it holds secrets.
    ///
    /// - Throws: there is no state in `path`; or `copy` is there already, or cannot be written: then nothing of it is
    ///   left.
    public static func backup(of path: String, to copy: String) async throws(StoreError) {
        try await offload { () -> Result<Void, StoreError> in
            Result { try copyNow(path, copy) }.mapError { error in
                // Damage is the state's; whatever else is wrong, the copy's.
                let code = (error as? DatabaseError)?.resultCode
                return StoreError(error, path: code == .SQLITE_CORRUPT || code == .SQLITE_NOTADB ? path : copy)
            }
        }.get()
    }

    private static func copyNow(_ path: String, _ copy: String) throws {
        guard FileIdentity(path: path) != nil else { throw StoreError(path: path, "is not there: nothing to copy") }
        let queue = try readOnly(path)
        defer { try? queue.close() }
        try queue.read { try SQLiteSchema().check($0, path: path) }
        let file = StateFile(path: copy)
        guard try file.make() else {
            throw StoreError(path: copy, "is there already: remove it, or give the backup another name")
        }
        do {
            // SQLite fills an empty file as it is, so that nobody else may read it.
            try queue.inDatabase { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
            try file.settle()
        } catch {
            try? file.remove()
            throw error
        }
    }
}

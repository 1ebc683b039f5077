import GRDB

/// State whose disk takes no writes: what the file holds, in memory, so that an edge can start and traffic goes on.
extension SQLiteStore {
    /// All that was committed. It stands in the file as before; where there is room enough for that, the log is brought
    /// into the file on the way.
    ///
    /// - Throws: the file is not whole or not of this version; or its log can be read only by who may write.
    static func copy(of path: String, _ schema: SQLiteSchema, _ refusal: StoreError) throws -> DatabaseQueue {
        let source = try quietReader(of: path, refusal)
        defer { try? source.close() }
        let copy = try DatabaseQueue()
        try source.backup(to: copy)
        try copy.read { database in
            try inspect(database, path, schema)
            // Steps that are missing cannot be made up for, and a file of none is one that could not be made.
            guard try schema.migrator.hasCompletedMigrations(database) else { throw refusal }
        }
        return copy
    }

    /// A connection that needs nothing of the disk.
    private static func quietReader(of path: String, _ refusal: StoreError) throws -> DatabaseQueue {
        var configuration = Configuration()
        if StateFile(path: "\(path)-wal").isEmpty {
            // The file alone is whole. As one that nobody changes it needs neither a log nor its index beside it, which
            // only a URI can say.
            guard try readsURIs else {
                throw StoreError(path: path, "this system's SQLite opens no URIs (SQLITE_USE_URI): use one that does")
            }
            configuration.readonly = true
            return try DatabaseQueue(path: "file:\(escaped(path))?immutable=1", configuration: configuration)
        }
        if refusal.kind == .readOnly { return try readOnly(path) }
        // Alone with the file SQLite keeps the log's index in memory.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA locking_mode = EXCLUSIVE") }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// GRDB leaves it to how SQLite was built.
    private static var readsURIs: Bool {
        get throws {
            try DatabaseQueue().read { try String.fetchAll($0, sql: "PRAGMA compile_options") }.contains("USE_URI")
        }
    }

    /// A path in a URI, as SQLite reads them (sqlite.org/uri.html).
    private static func escaped(_ path: String) -> String {
        path.replacing("%", with: "%25").replacing("?", with: "%3f").replacing("#", with: "%23")
    }

    /// The file itself, once its disk takes writes again. Blocks.
    static func settled(_ path: String, _ identity: FileIdentity?) throws -> DatabasePool {
        if let error = StoreError.disk(path) { throw error }
        guard FileIdentity(path: path) == identity else { throw StoreError.moved(path) }
        return try writable(path)
    }
}

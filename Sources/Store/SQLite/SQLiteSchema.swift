import GRDB

/// The tables, and the way to them from every earlier version. A step that was shipped is never changed again.
///
/// Numbers of 64 bits are kept as their bits; those that are compared here stay below 2⁶³. Times are nanoseconds since
/// 1970.
struct SQLiteSchema: Sendable {
    /// "PTLN": tells our files from those of other programs.
    static let applicationID = 0x50_54_4C_4E

    /// What makes each version out of the one before.
    var steps = [SQLiteSchema.first]

    /// Version n is the migration named n.
    var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for (index, step) in steps.enumerated() {
            migrator.registerMigration("\(index + 1)") { try $0.execute(sql: step) }
        }
        return migrator
    }

    /// - Throws: the file is another program's, or of a version that this one does not know.
    func check(_ database: Database, path: String) throws {
        let id = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        // A kill during the very first start may leave the list of steps alone, and none of them done.
        let foreign = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM sqlite_schema WHERE tbl_name NOT LIKE 'grdb_%'")
        guard id == SQLiteSchema.applicationID || (id == 0 && foreign == 0) else {
            throw StoreError(path: path, "is the database of another program; give state.sqlite a path of its own")
        }
        let version = try migrator.appliedIdentifiers(database).compactMap { Int($0) }.max() ?? 0
        guard version <= steps.count else {
            throw StoreError(
                path: path,
                "was written by a newer Portolan (schema \(version); this one knows \(steps.count)): start that "
                    + "version, or put the backup from before the upgrade in its place")
        }
    }

    private static let first = """
        PRAGMA application_id = \(applicationID);
        CREATE TABLE settings (
            kind TEXT NOT NULL CHECK (kind IN ('weight', 'dial')), region TEXT NOT NULL, cell TEXT NOT NULL,
            percent INTEGER NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL, set_at INTEGER NOT NULL,
            expires_at INTEGER, PRIMARY KEY (kind, region, cell)
        ) STRICT;
        CREATE TABLE drains (
            id INTEGER PRIMARY KEY, region TEXT NOT NULL, cell TEXT NOT NULL, mode TEXT NOT NULL, state TEXT NOT NULL,
            reason TEXT NOT NULL, who TEXT NOT NULL, started_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
            over_milliseconds INTEGER NOT NULL, first_percent INTEGER NOT NULL, admission_percent INTEGER NOT NULL,
            step_at INTEGER NOT NULL, error_share_before REAL NOT NULL
        ) STRICT;
        CREATE TABLE pins (
            tenant TEXT PRIMARY KEY, home TEXT NOT NULL, reason TEXT NOT NULL, who TEXT NOT NULL,
            set_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE pin_residency (
            tenant TEXT NOT NULL REFERENCES pins ON DELETE CASCADE, place INTEGER NOT NULL, jurisdiction TEXT NOT NULL,
            PRIMARY KEY (tenant, place)
        ) STRICT;
        CREATE TABLE tokens (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, hash BLOB NOT NULL,
            created_at INTEGER NOT NULL, created_by TEXT NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER
        ) STRICT;
        CREATE TABLE owners (dataset TEXT PRIMARY KEY, region TEXT NOT NULL, epoch INTEGER NOT NULL) STRICT;
        CREATE TABLE keys (name TEXT PRIMARY KEY CHECK (name = 'sessions'), text TEXT NOT NULL) STRICT;
        CREATE TABLE webhook_cursors (url TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
        CREATE TABLE meta (
            name TEXT PRIMARY KEY CHECK (name IN ('last_drain', 'last_event', 'reserved_generation')),
            value INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE answers (
            key TEXT PRIMARY KEY, fingerprint BLOB NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, location TEXT,
            at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX answers_by_age ON answers (at);
        CREATE TABLE events (
            number INTEGER PRIMARY KEY, time INTEGER NOT NULL, generation INTEGER NOT NULL, kind TEXT NOT NULL,
            subject TEXT NOT NULL, cause TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_by_subject ON events (subject, number);
        CREATE INDEX events_by_age ON events (time);
        CREATE TABLE audit (
            number INTEGER PRIMARY KEY, time INTEGER NOT NULL, who TEXT NOT NULL, role TEXT NOT NULL,
            address TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, reason TEXT NOT NULL,
            outcome TEXT NOT NULL, detail TEXT NOT NULL, generation INTEGER NOT NULL,
            previous BLOB NOT NULL CHECK (length(previous) = 32), hash BLOB NOT NULL CHECK (length(hash) = 32)
        ) STRICT;
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
            BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_is_never_cut BEFORE DELETE ON audit
            BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
        CREATE TRIGGER audit_has_no_gaps BEFORE INSERT ON audit
            WHEN new.number IS NOT (SELECT coalesce(max(number), 0) + 1 FROM audit)
                OR new.previous IS NOT
                    coalesce((SELECT hash FROM audit ORDER BY number DESC LIMIT 1), zeroblob(32))
            BEGIN SELECT raise(ABORT, 'the audit log is append-only'); END;
        """
}

import Foundation
import GRDB
import Model
import Testing

@testable import Store

struct SQLiteSchemaTests {
    /// Makes a file as an earlier version left it.
    private func make(_ sql: String, _ folder: StateFolder) async throws {
        try StateFile(path: folder.database).replace(with: [])
        let queue = try DatabaseQueue(path: folder.database)
        try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func schema(_ store: SQLiteStore) async throws -> [String] {
        try await store.database.read {
            try String.fetchAll(
                $0,
                sql: "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'grdb%' ORDER BY type, name"
            )
        }
    }

    @Test("a file of schema 1 opens with everything in it")
    func schema1() async throws {
        let folder = try StateFolder()
        try await make(Schema1.sql + Schema1.rows, folder)
        let store = try await folder.open()
        #expect(try await store.load() == Schema1.state)
        let entries = try await store.audit(after: 0, limit: 9)
        #expect(entries.map(\.draft.who) == ["anna", "ben"])
        #expect(try AuditChain.verify(entries).number == 2)
        #expect(try await store.events(after: 0, subject: "use-a", limit: 9).map(\.number) == [40])
        #expect(try await store.answer(to: "once", now: 10)?.body == Array("{}".utf8))
        #expect(try await store.commit(StoreTransaction(audit: entries[0].draft))?.number == 3)
    }

    @Test("schema 1 was shipped and is never changed again")
    func schema1IsFixed() async throws {
        let (old, new) = (try StateFolder(), try StateFolder())
        try await make(Schema1.sql, old)
        let fixed = try await schema(try await old.open(SQLiteSchema(steps: [SQLiteSchema().steps[0]])))
        #expect(fixed.count == 18)
        #expect(try await schema(try await new.open(SQLiteSchema(steps: [SQLiteSchema().steps[0]]))) == fixed)
    }

    static let next = "ALTER TABLE pins ADD COLUMN note TEXT NOT NULL DEFAULT 'none'"

    @Test("an older file is brought up, a newer one is refused untouched with both versions")
    func upAndDown() async throws {
        let folder = try StateFolder()
        try await make(Schema1.sql + Schema1.rows, folder)
        let steps = SQLiteSchema().steps + [SQLiteSchemaTests.next]
        let newer = try await folder.open(SQLiteSchema(steps: steps))
        #expect(try await newer.load() == Schema1.state)
        let notes = try await newer.database.read { try String.fetchAll($0, sql: "SELECT note FROM pins") }
        #expect(notes == ["none"])
        await newer.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        let error = await #expect(throws: StoreError.self) { _ = try await folder.open() }
        let versions = "(schema \(steps.count); this one knows \(steps.count - 1))"
        #expect(error?.description.contains("was written by a newer Portolan \(versions)") == true)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == before)
        #expect(try await folder.open(SQLiteSchema(steps: steps)).load() == Schema1.state)
    }

    /// What nobody here writes, and what is counted on from it: a restart, a drain, an event, an audit entry, a scrape.
    static let damages: [(sql: String, column: String)] = [
        ("UPDATE meta SET value = -1 WHERE name = 'reserved_generation'", "value"),
        ("UPDATE meta SET value = 9223372036854775807 WHERE name = 'reserved_generation'", "value"),
        ("UPDATE meta SET value = -1 WHERE name = 'last_event'", "value"),
        ("UPDATE meta SET value = 4611686018427387904 WHERE name = 'last_event'", "value"),
        ("UPDATE meta SET value = 4294967295 WHERE name = 'last_drain'", "value"),
        ("UPDATE meta SET value = -1 WHERE name = 'last_drain'", "value"),
        ("UPDATE drains SET id = 4294967295", "id"), ("UPDATE drains SET id = -1", "id"),
        ("UPDATE webhook_cursors SET number = -1", "number"),
        ("UPDATE events SET number = 9223372036854775807 WHERE number = 41", "number"),
        (
            """
            DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_cut; DELETE FROM audit WHERE number = 2;
            UPDATE audit SET number = -1
            """, "number"
        ),
    ]

    @Test("numbers that cannot be counted on from are damage, not a trap", arguments: damages)
    func uncountable(damage: (sql: String, column: String)) async throws {
        let folder = try StateFolder()
        try await make(Schema1.sql + Schema1.rows + damage.sql, folder)
        let store = try await folder.open()
        let draft = AuditDraft(
            time: 1, who: "", role: "", from: "", action: "", subject: "", reason: "", outcome: "", detail: "",
            generation: 0)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try await store.load() },
            { _ = try await store.events(after: 0, subject: nil, limit: 9) },
            { _ = try await store.size() },
            { _ = try await store.commit(StoreTransaction(audit: draft)) },
        ]
        var refusals: [String] = []
        for attempt in attempts {
            do { try await attempt() } catch { refusals.append("\(error)") }
        }
        #expect(!refusals.isEmpty && refusals.allSatisfy { $0.contains("is damaged (column \(damage.column))") })
    }

    @Test("a step that fails leaves the file as it was")
    func failingStep() async throws {
        let folder = try StateFolder()
        try await make(Schema1.sql + Schema1.rows, folder)
        let steps = SQLiteSchema().steps + [SQLiteSchemaTests.next + "; INSERT INTO nowhere VALUES (1)"]
        await #expect(throws: StoreError.self) { _ = try await folder.open(SQLiteSchema(steps: steps)) }
        #expect(try await folder.open().load() == Schema1.state)
    }
}

/// A file as the first version made it, written down then: not to be derived from today's code.
private enum Schema1 {
    static let sql = """
        CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
        INSERT INTO grdb_migrations VALUES ('1');
        PRAGMA application_id = 1347701838;
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

    /// SHA-256 of the two entries, worked out elsewhere.
    static let rows = """

        INSERT INTO settings VALUES ('dial', 'us', '', 40, 'why', 'anna', 5, NULL);
        INSERT INTO settings VALUES ('weight', 'us', 'a', 37, 'why', 'anna', 5, 6);
        INSERT INTO drains VALUES (4, 'us', 'a', 'ramp', 'draining', 'disk', 'ben', 10, 20, 30000, 100, 60, 0, 0.25);
        INSERT INTO pins VALUES ('acme', 'eu', 'law', 'anna', 7);
        INSERT INTO pin_residency VALUES ('acme', 0, 'eu'), ('acme', 1, 'ch');
        INSERT INTO tokens VALUES ('0a1b2c3d', 'ci', 'viewer', x'0102', 1, 'anna', 9, NULL);
        INSERT INTO owners VALUES ('orders', 'us', 3);
        INSERT INTO webhook_cursors VALUES ('https://hook.example', 39);
        INSERT INTO meta VALUES ('last_drain', 4), ('last_event', 41), ('reserved_generation', 1024);
        INSERT INTO answers VALUES ('once', x'AA', 200, x'7B7D', NULL, 10);
        INSERT INTO events VALUES (40, 1, 2, 'DRAIN_BEGAN', 'use-a', 'disk'), (41, 2, 2, 'CELL_DOWN', 'use-b', '');
        INSERT INTO audit VALUES (1, 5, 'anna', 'admin', 'unix', 'weight.set', 'us/a', 'why', 'done', '{}', 8,
            zeroblob(32), x'4D4982183BBFD3DCFC68A259518F906AB9DA3F0AF89C6CC55867E3FF0F6ECD56');
        INSERT INTO audit VALUES (2, 10, 'ben', 'operator', '10.0.0.9', 'drain.start', 'us/a', 'disk', 'done', '{}', 9,
            x'4D4982183BBFD3DCFC68A259518F906AB9DA3F0AF89C6CC55867E3FF0F6ECD56',
            x'DF2D586FBCF28A0B8566CE9DFD39CB2B34318694B33EDA2DF9A738E38AD0D51A');
        """

    static var state: StoredState {
        var state = StoredState()
        state.settings = [
            StoredSetting(
                kind: .dial, region: "us", percent: 40, reason: "why", who: "anna", setAt: 5, expiresAt: nil),
            StoredSetting(
                kind: .weight, region: "us", cell: "a", percent: 37, reason: "why", who: "anna", setAt: 5,
                expiresAt: 6),
        ]
        state.drains = [
            StoredDrain(
                id: 4, region: "us", cell: "a", mode: "ramp", state: "draining", reason: "disk", who: "ben",
                startedAt: 10, expiresAt: 20, overMilliseconds: 30_000, firstPercent: 100, admissionPercent: 60,
                stepAt: 0, errorShareBefore: 0.25)
        ]
        state.pins = [
            StoredPin(tenant: "acme", home: "eu", residency: ["eu", "ch"], reason: "law", who: "anna", setAt: 7)
        ]
        state.tokens = [
            StoredToken(
                id: "0a1b2c3d", name: "ci", role: "viewer", hash: [1, 2], createdAt: 1, createdBy: "anna", expiresAt: 9)
        ]
        state.owners = [StoredOwner(dataset: "orders", region: "us", epoch: 3)]
        state.webhookCursors = ["https://hook.example": 39]
        (state.lastDrainID, state.lastEventNumber, state.reservedGeneration) = (4, 41, 1_024)
        return state
    }
}

import Foundation
import GRDB

/// What was written, as values again. A row that nobody here wrote is damage, not a trap.
extension StoredState {
    init(_ database: Database) throws {
        func rows<Record>(_ table: String, _ make: (Row) throws -> Record) throws -> [Record] {
            try Row.fetchAll(database, sql: "SELECT * FROM \(table)").map(make)
        }
        self.init()
        settings = try rows("settings") { try StoredSetting($0) }
        drains = try rows("drains") { try StoredDrain($0) }
        tokens = try rows("tokens") { try StoredToken($0) }
        owners = try rows("owners") { row in
            StoredOwner(
                dataset: try row.value("dataset"), region: try row.value("region"), epoch: try row.number("epoch"))
        }
        let residency = try rows("pin_residency ORDER BY tenant, place") { row -> (tenant: String, name: String) in
            (try row.value("tenant"), try row.value("jurisdiction"))
        }
        let jurisdictions = Dictionary(grouping: residency, by: \.tenant).mapValues { $0.map(\.name) }
        pins = try rows("pins") { row in
            let tenant: String = try row.value("tenant")
            return StoredPin(
                tenant: tenant, home: try row.value("home"), residency: jurisdictions[tenant] ?? [],
                reason: try row.value("reason"), who: try row.value("who"), setAt: try row.number("set_at"))
        }
        for (url, number) in try rows("webhook_cursors", { (try $0.value("url") as String, try $0.count("number")) }) {
            webhookCursors[url] = number
        }
        for (name, value) in try rows("meta", { (try $0.value("name") as String, try $0.count("value")) }) {
            switch name {
            case "last_drain": lastDrainID = try StoredDrain.id(value, column: "value")
            case "last_event": lastEventNumber = value
            default: reservedGeneration = value
            }
        }
        keys = try SecretKeys(database)
    }
}

extension SecretKeys {
    /// Nil: none were made yet.
    init?(_ database: Database) throws {
        guard let text = try String.fetchOne(database, sql: "SELECT text FROM keys WHERE name = 'sessions'") else {
            return nil
        }
        guard let keys = SecretKeys(text: text) else { throw DamagedRow(column: "text") }
        self = keys
    }
}

extension StoredSetting {
    init(_ row: Row) throws {
        guard let kind = Kind(rawValue: try row.value("kind")) else { throw DamagedRow(column: "kind") }
        self.init(
            kind: kind, region: try row.value("region"), cell: try row.value("cell"), percent: try row.value("percent"),
            reason: try row.value("reason"), who: try row.value("who"), setAt: try row.number("set_at"),
            expiresAt: try row.numberIfAny("expires_at"))
    }
}

extension StoredDrain {
    init(_ row: Row) throws {
        self.init(
            id: try StoredDrain.id(try row.count("id"), column: "id"), region: try row.value("region"),
            cell: try row.value("cell"), mode: try row.value("mode"), state: try row.value("state"),
            reason: try row.value("reason"),
            who: try row.value("who"), startedAt: try row.number("started_at"),
            expiresAt: try row.number("expires_at"), overMilliseconds: try row.number("over_milliseconds"),
            firstPercent: try row.value("first_percent"), admissionPercent: try row.value("admission_percent"),
            stepAt: try row.number("step_at"), errorShareBefore: try row.value("error_share_before"))
    }

    /// One after which there is another.
    fileprivate static func id(_ number: UInt64, column: String) throws -> UInt32 {
        guard number < UInt32.max else { throw DamagedRow(column: column) }
        return UInt32(number)
    }
}

extension StoredToken {
    init(_ row: Row) throws {
        self.init(
            id: try row.value("id"), name: try row.value("name"), role: try row.value("role"),
            hash: try row.bytes("hash"), createdAt: try row.number("created_at"),
            createdBy: try row.value("created_by"),
            expiresAt: try row.number("expires_at"), revokedAt: try row.numberIfAny("revoked_at"))
    }
}

extension StoredAnswer {
    init(_ row: Row) throws {
        self.init(
            key: try row.value("key"), fingerprint: try row.bytes("fingerprint"), status: try row.value("status"),
            body: try row.bytes("body"), location: try row.valueIfAny("location"), at: try row.number("at"))
    }
}

extension StoredEvent {
    init(_ row: Row) throws {
        self.init(
            number: try row.count("number"), time: try row.number("time"), generation: try row.number("generation"),
            kind: try row.value("kind"), subject: try row.value("subject"), cause: try row.value("cause"))
    }
}

extension AuditEntry {
    init(_ row: Row) throws {
        let draft = AuditDraft(
            time: try row.number("time"), who: try row.value("who"), role: try row.value("role"),
            from: try row.value("address"), action: try row.value("action"), subject: try row.value("subject"),
            reason: try row.value("reason"), outcome: try row.value("outcome"), detail: try row.value("detail"),
            generation: try row.number("generation"))
        self.init(
            number: try row.count("number"), draft: draft, previous: try row.bytes("previous"),
            hash: try row.bytes("hash"))
    }
}

/// A row holds what nobody here writes.
struct DamagedRow: Error {
    let column: String
}

extension Row {
    func value<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        guard let value: Value = try valueIfAny(column) else { throw DamagedRow(column: column) }
        return value
    }

    func valueIfAny<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        // Damage may be in the name of the column too.
        guard hasColumn(column) else { throw DamagedRow(column: column) }
        let stored: DatabaseValue = self[column]
        if stored.isNull { return nil }
        guard let value = Value.fromDatabaseValue(stored) else { throw DamagedRow(column: column) }
        return value
    }

    /// 64 bits without a sign.
    func number(_ column: String) throws -> UInt64 { UInt64(bitPattern: try value(column)) }

    /// One that is counted on from, so it lies far below where 64 bits end.
    func count(_ column: String) throws -> UInt64 {
        let number: Int64 = try value(column)
        guard (0..<1 << 62).contains(number) else { throw DamagedRow(column: column) }
        return UInt64(number)
    }

    func numberIfAny(_ column: String) throws -> UInt64? {
        try (valueIfAny(column) as Int64?).map { UInt64(bitPattern: $0) }
    }

    func bytes(_ column: String) throws -> [UInt8] { Array(try value(column) as Data) }
}

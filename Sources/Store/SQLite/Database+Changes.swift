import Foundation
import GRDB

/// What the control plane writes, as SQL. All of it runs inside a transaction.
extension Database {
    func apply(_ change: StoreTransaction.Change) throws {
        switch change {
        case .setSetting(let setting): try put(setting)
        case .removeSetting(let kind, let region, let cell):
            try run("DELETE FROM settings WHERE kind = ? AND region = ? AND cell = ?", [kind.rawValue, region, cell])
        case .setDrain(let drain):
            try put(drain)
            try raise("last_drain", to: UInt64(drain.id))
        case .removeDrain(let id): try run("DELETE FROM drains WHERE id = ?", [id])
        case .setPin(let pin): try put(pin)
        case .removePin(let tenant): try run("DELETE FROM pins WHERE tenant = ?", [tenant])
        case .setToken(let token): try put(token)
        case .removeToken(let id): try run("DELETE FROM tokens WHERE id = ?", [id])
        case .setOwner(let owner): try put(owner)
        case .reserveGenerations(let generation): try raise("reserved_generation", to: generation)
        case .setKeys(let keys): try put(keys)
        case .setWebhookCursor(let url, let number):
            try put(into: "webhook_cursors", ["url": url, "number": number.bits])
        }
    }

    func keep(_ answer: StoredAnswer) throws {
        let oldest = answer.at > StoredAnswer.lifeNanoseconds ? answer.at - StoredAnswer.lifeNanoseconds : 0
        if oldest > 0 { try run("DELETE FROM answers WHERE at <= ?", [Int64(clamping: oldest)]) }
        try put(
            into: "answers",
            [
                "key": answer.key, "fingerprint": Data(answer.fingerprint), "status": answer.status,
                "body": Data(answer.body), "location": answer.location, "at": answer.at.bits,
            ])
    }

    /// Writes what is there already.
    func touch() throws { try raise("reserved_generation", to: 0) }

    // MARK: Audit and events

    /// Where the log stands.
    func auditChain() throws -> AuditChain {
        guard let row = try Row.fetchOne(self, sql: "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1")
        else {
            return AuditChain()
        }
        return AuditChain(number: try row.count("number"), hash: try row.bytes("hash"))
    }

    func append(_ entry: AuditEntry) throws {
        let draft = entry.draft
        try put(
            into: "audit",
            [
                "number": entry.number.bits, "time": draft.time.bits, "who": draft.who, "role": draft.role,
                "address": draft.from, "action": draft.action, "subject": draft.subject, "reason": draft.reason,
                "outcome": draft.outcome, "detail": draft.detail, "generation": draft.generation.bits,
                "previous": Data(entry.previous), "hash": Data(entry.hash),
            ])
    }

    func append(_ events: [StoredEvent], keepAfter: UInt64) throws {
        for event in events where event.time >= keepAfter {
            try put(
                into: "events",
                [
                    "number": event.number.bits, "time": event.time.bits, "generation": event.generation.bits,
                    "kind": event.kind, "subject": event.subject, "cause": event.cause,
                ])
        }
        if let last = events.map(\.number).max() { try raise("last_event", to: last) }
        try run("DELETE FROM events WHERE time < ?", [Int64(clamping: keepAfter)])
        let span = try Int64.fetchOne(self, sql: "SELECT max(number) - min(number) FROM events") ?? 0
        guard span >= StoredEvent.capacity else { return }
        try run(
            "DELETE FROM events WHERE number <= (SELECT number FROM events ORDER BY number DESC LIMIT 1 OFFSET ?)",
            [StoredEvent.capacity])
    }

    // MARK: Records

    private func put(_ setting: StoredSetting) throws {
        try put(
            into: "settings",
            [
                "kind": setting.kind.rawValue, "region": setting.region, "cell": setting.cell,
                "percent": setting.percent, "reason": setting.reason, "who": setting.who, "set_at": setting.setAt.bits,
                "expires_at": setting.expiresAt?.bits,
            ])
    }

    private func put(_ drain: StoredDrain) throws {
        // SQLite has no NaN; where nobody measured there is nothing to compare with.
        let errorShare = drain.errorShareBefore.isNaN ? 0 : drain.errorShareBefore
        try put(
            into: "drains",
            [
                "id": drain.id, "region": drain.region, "cell": drain.cell, "mode": drain.mode, "state": drain.state,
                "reason": drain.reason, "who": drain.who, "started_at": drain.startedAt.bits,
                "expires_at": drain.expiresAt.bits, "over_milliseconds": drain.overMilliseconds.bits,
                "first_percent": drain.firstPercent, "admission_percent": drain.admissionPercent,
                "step_at": drain.stepAt.bits, "error_share_before": errorShare,
            ])
    }

    private func put(_ pin: StoredPin) throws {
        // With its jurisdictions, which go with it.
        try run("DELETE FROM pins WHERE tenant = ?", [pin.tenant])
        try put(
            into: "pins",
            [
                "tenant": pin.tenant, "home": pin.home, "reason": pin.reason, "who": pin.who, "set_at": pin.setAt.bits,
            ])
        for (place, jurisdiction) in pin.residency.enumerated() {
            try put(
                into: "pin_residency", ["tenant": pin.tenant, "place": place, "jurisdiction": jurisdiction])
        }
    }

    private func put(_ token: StoredToken) throws {
        try put(
            into: "tokens",
            [
                "id": token.id, "name": token.name, "role": token.role, "hash": Data(token.hash),
                "created_at": token.createdAt.bits, "created_by": token.createdBy, "expires_at": token.expiresAt.bits,
                "revoked_at": token.revokedAt?.bits,
            ])
    }

    private func put(_ owner: StoredOwner) throws {
        let known = try Int64.fetchOne(
            self, sql: "SELECT epoch FROM owners WHERE dataset = ?", arguments: [owner.dataset.withoutNUL])
        if let known, UInt64(bitPattern: known) >= owner.epoch { return }
        try put(into: "owners", ["dataset": owner.dataset, "region": owner.region, "epoch": owner.epoch.bits])
    }

    func put(_ keys: SecretKeys) throws { try put(into: "keys", ["name": "sessions", "text": keys.text]) }

    /// It only grows.
    private func raise(_ name: String, to value: UInt64) throws {
        try run(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)",
            [name, Int64(clamping: value)])
    }

    // MARK: Statements

    private typealias Value = any DatabaseValueConvertible

    /// In the place of the row with the same key.
    private func put(into table: String, _ values: KeyValuePairs<String, Value?>) throws {
        let columns = values.map(\.key).joined(separator: ", ")
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        try run("INSERT OR REPLACE INTO \(table) (\(columns)) VALUES (\(marks))", values.map(\.value))
    }

    private func run(_ sql: String, _ values: [Value?]) throws {
        let clean = values.map { value in (value as? String)?.withoutNUL ?? value }
        try cachedStatement(sql: sql).execute(arguments: StatementArguments(clean))
    }
}

extension UInt64 {
    /// As SQLite keeps it.
    fileprivate var bits: Int64 { Int64(bitPattern: self) }
}

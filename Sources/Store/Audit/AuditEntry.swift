import Crypto

/// What somebody asked of the admin API and what became of it, before it has a number.
public struct AuditDraft: Equatable, Sendable {
    public var time: UInt64
    /// Name of the token, the certificate, the socket or the signal.
    public var who: String
    public var role: String
    /// Address of the client, `unix`, or `signal`.
    public var from: String
    /// `weight.set`, `drain.start`, …
    public var action: String
    /// The cell, region, tenant or token that it is about.
    public var subject: String
    public var reason: String
    /// `done`, or the code of the refusal.
    public var outcome: String
    /// What was asked for, without secrets: JSON.
    public var detail: String
    /// In force when it was written.
    public var generation: UInt64
    public init(
        time: UInt64, who: String, role: String, from: String, action: String, subject: String, reason: String,
        outcome: String, detail: String, generation: UInt64
    ) {
        (self.time, self.who, self.role, self.from) = (time, who, role, from)
        (self.action, self.subject, self.reason) = (action, subject, reason)
        (self.outcome, self.detail, self.generation) = (outcome, detail, generation)
    }
}

/// One link of the audit log: `hash` covers everything in it and the hash of the one before, so that nothing can be
/// changed, removed or put in between without all later hashes telling.
public struct AuditEntry: Equatable, Sendable {
    /// From 1 without gaps.
    public var number: UInt64
    public var draft: AuditDraft
    /// Of the entry before; 32 zero bytes before the first.
    public var previous: [UInt8]
    /// SHA-256.
    public var hash: [UInt8]

    /// Before the first entry.
    public static let root = [UInt8](repeating: 0, count: 32)

    public init(number: UInt64, draft: AuditDraft, previous: [UInt8], hash: [UInt8]) {
        (self.number, self.draft, self.previous, self.hash) = (number, draft, previous, hash)
    }

    /// The next link of a chain.
    public init(_ draft: AuditDraft, number: UInt64, after previous: [UInt8]) {
        self.init(number: number, draft: draft, previous: previous, hash: [])
        hash = digest
    }

    /// What `hash` must be: SHA-256 over the previous hash and each field as its length (8 bytes, big endian) and its
    /// bytes, so that no two entries have the same text. Numbers as decimal digits.
    public var digest: [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        let fields = [
            "\(number)", "\(draft.time)", draft.who, draft.role, draft.from, draft.action, draft.subject, draft.reason,
            draft.outcome, draft.detail, "\(draft.generation)",
        ]
        for field in fields {
            withUnsafeBytes(of: UInt64(field.utf8.count).bigEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: Array(field.utf8))
        }
        return Array(hasher.finalize())
    }
}

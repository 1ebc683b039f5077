/// Changes that are written together, with the audit entry that tells of them.
public struct StoreTransaction: Equatable, Sendable {
    public enum Change: Equatable, Sendable {
        /// Replaces the one of the same kind, region and cell.
        case setSetting(StoredSetting)
        case removeSetting(StoredSetting.Kind, region: String, cell: String)
        /// Replaces the one of the same id.
        case setDrain(StoredDrain)
        case removeDrain(UInt32)
        case setPin(StoredPin)
        case removePin(tenant: String)
        case setToken(StoredToken)
        case removeToken(id: String)
        /// Ignored unless its epoch is newer than the one that is kept.
        case setOwner(StoredOwner)
        case reserveGenerations(upTo: UInt64)
        /// Replaces the secrets of sessions, all of them.
        case setKeys(SecretKeys)
        case setWebhookCursor(url: String, number: UInt64)
    }

    public var changes: [Change]
    /// Nil: nothing that an operator did.
    public var audit: AuditDraft?
    /// Nil: the change brought no idempotency key.
    public var answer: StoredAnswer?

    public init(_ changes: [Change] = [], audit: AuditDraft? = nil, answer: StoredAnswer? = nil) {
        (self.changes, self.audit, self.answer) = (changes, audit, answer)
    }
}

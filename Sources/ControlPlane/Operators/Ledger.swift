import Policy
import Store

/// What the store holds of the control plane's state, and what it still has to be given.
struct Ledger: Sendable {
    /// Generations are reserved so many at once: at ten snapshots a second, for a quarter of an hour.
    static let generationBlock: UInt64 = 10_000

    /// As the store has it.
    var intent: DurableIntent
    /// No process after this one uses a generation up to here.
    var reservedGeneration: UInt64
    /// Learnt, and not written yet.
    var owners: [StoredOwner] = []
    /// Written, then not carried out, and the store could not be told.
    var undone: [Undone] = []
    /// `Steering.intentTurns` when the intent was last compared.
    var turns: UInt64 = 0
    /// A failure is told when it begins.
    var hasFailed = false

    /// One change that the store has and that is not in force.
    struct Undone: Sendable {
        /// Whose pin it was; nil: nobody's. Only the name: what is in force of the pin when this is written may be what
        /// somebody asked for since.
        let tenant: String?
        let audit: AuditDraft
        let answer: StoredAnswer?
    }

    /// What the store lacks of this; of what is undone the first.
    func outstanding(_ steering: Steering, _ moment: Moment) -> [StoreTransaction.Change] {
        var changes = steering.intent.durable.changes(since: intent, moment)
        changes += owners.map { .setOwner($0) } + steering.stored(pinOf: undone.first?.tenant)
        if isShortOfGenerations(steering) { changes.append(.reserveGenerations(upTo: Ledger.reservation(steering))) }
        return changes
    }

    /// Half a block ahead, so that there is time to try again.
    func isShortOfGenerations(_ steering: Steering) -> Bool {
        steering.snapshot.generation + Ledger.generationBlock / 2 > reservedGeneration
    }

    /// What is to be reserved now.
    static func reservation(_ steering: Steering) -> UInt64 { steering.snapshot.generation + generationBlock }
}

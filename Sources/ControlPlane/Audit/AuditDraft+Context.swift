public import Store

extension AuditDraft {
    /// What became of what `context` asked for.
    /// - Parameters:
    ///   - outcome: `done`, or the code of the refusal.
    ///   - time: nanoseconds since 1970.
    public init(
        _ context: ChangeContext, subject: String, reason: String, outcome: String, generation: UInt64, time: UInt64
    ) {
        self.init(
            time: time, who: context.caller.name, role: context.caller.role.rawValue, from: context.caller.from,
            action: context.action, subject: subject, reason: reason, outcome: outcome, detail: context.detail,
            generation: generation)
    }
}

extension Status.Audit {
    init(_ entry: AuditEntry) {
        let draft = entry.draft
        self.init(
            number: entry.number, time: TimestampWriter.text(draft.time), timeNanoseconds: "\(draft.time)",
            who: draft.who, role: draft.role, from: draft.from, action: draft.action, subject: draft.subject,
            reason: draft.reason, outcome: draft.outcome, detail: draft.detail, generation: draft.generation,
            previous: HexText.lowercase(entry.previous), hash: HexText.lowercase(entry.hash))
    }
}

public import Logging
public import Store

/// What the audit log says, and what enters it without a change: refusals, whoever refused. Changes bring their entries
/// themselves, in one transaction with what they do.
public actor AuditLog {
    /// Bytes kept of what somebody who was refused sent: it is not theirs to fill.
    static let maxSubjectBytes = 256
    static let maxDetailBytes = 1_024

    private let store: any StateStore
    private let logger: Logger
    private let clock: ControlClock
    /// Those without a credential do not use up what records misuse of one, nor do those who may and ask wrongly: a
    /// script that repeats what is out of date.
    private var strangers = RefusalBudget()
    private var trespasses = RefusalBudget()
    private var mistakes = RefusalBudget()
    /// Refusals that were only counted, and those that the store did not take.
    public private(set) var unrecordedCount: UInt64 = 0

    public init(store: any StateStore, logger: Logger, clock: ControlClock = .system) {
        (self.store, self.logger, self.clock) = (store, logger, clock)
    }

    /// Keeps a draft. A store that cannot does not hold the refusal up: the process log has it then.
    public func record(_ draft: AuditDraft) async {
        do throws(StoreError) {
            // A task of its own: whoever was refused may hang up before this is written.
            let result = await Task { [store] () -> Result<Void, StoreError> in
                do throws(StoreError) {
                    try await store.commit(StoreTransaction(audit: draft))
                    return .success(())
                } catch { return .failure(error) }
            }.value
            try result.get()
        } catch {
            unrecordedCount += 1
            logger.error(
                "audit entry not kept: \(error)",
                metadata: [
                    "who": .string(draft.who), "from": .string(draft.from), "action": .string(draft.action),
                    "subject": .string(draft.subject), "outcome": .string(draft.outcome),
                ])
        }
    }

    /// Keeps that `context` was refused and changed nothing. In a flood only some are kept; the next that is says how
    /// many were not.
    /// - Parameters:
    ///   - reason: why the caller wanted it.
    ///   - outcome: the code of the refusal; `unauthorized` and `rate_limited` are strangers', `forbidden` is misuse of
    ///     a credential.
    public func refused(
        _ context: ChangeContext, subject: String, reason: String = "", outcome: String, generation: UInt64
    ) async {
        guard let unrecorded = spend(outcome) else {
            unrecordedCount += 1
            return
        }
        var context = context
        context.detail = AuditLog.cut(context.detail, to: AuditLog.maxDetailBytes)
        var reasons = reason.isEmpty ? [] : [AuditLog.cut(reason, to: AuditLog.maxDetailBytes)]
        if unrecorded > 0 { reasons.append("\(unrecorded) refusals before this one were only counted") }
        await record(
            AuditDraft(
                context, subject: AuditLog.cut(subject, to: AuditLog.maxSubjectBytes),
                reason: reasons.joined(separator: "; "), outcome: outcome, generation: generation,
                time: clock.wallNanoseconds()))
    }

    private func spend(_ outcome: String) -> UInt64? {
        switch outcome {
        case "unauthorized", "rate_limited": strangers.spend(now: clock.now())
        case "forbidden": trespasses.spend(now: clock.now())
        default: mistakes.spend(now: clock.now())
        }
    }

    /// Whole characters only.
    static func cut(_ text: String, to byteCount: Int) -> String {
        if text.utf8.count <= byteCount { return text }
        var kept = ""
        for scalar in text.unicodeScalars {
            if kept.utf8.count + UTF8.width(scalar) > byteCount { break }
            kept.unicodeScalars.append(scalar)
        }
        return kept
    }

    /// The latest before that number (nil: the newest), newest first.
    public func entries(before number: UInt64?, limit: Int) async throws(StoreError) -> [Status.Audit] {
        try await store.audit(before: number, limit: limit).map { Status.Audit($0) }
    }

    /// Those with greater numbers, oldest first: what `portolan audit verify` walks through.
    public func entries(after number: UInt64, limit: Int) async throws(StoreError) -> [Status.Audit] {
        try await store.audit(after: number, limit: limit).map { Status.Audit($0) }
    }
}

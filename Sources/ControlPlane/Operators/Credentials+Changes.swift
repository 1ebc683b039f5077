import Foundation
import Store

/// Making and revoking tokens: durable and in the audit log before they are answered.
extension Credentials {
    /// Makes a token. What is remembered under the request's idempotency key has no secret: a repeated request is
    /// answered with the token and an empty `secret`.
    /// - Parameters:
    ///   - name: 1–64 visible ASCII characters, of no other token in force.
    ///   - expiresInMilliseconds: one minute to 365 days.
    public func create(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken {
        try await audited(context, subject: name) { [self] generation throws(ChangeError) in
            try Credentials.check(name: name, expiresInMilliseconds)
            let now = clock.wallNanoseconds()
            try checkRoom(for: name, now: now)
            let secret = Credentials.secret(of: random(32))
            let token = StoredToken(
                id: newID(), name: name, role: role.rawValue, hash: SecretDigest(of: secret).bytes, createdAt: now,
                createdBy: context.caller.name, expiresAt: now + expiresInMilliseconds * 1_000_000)
            let shown = Status.Token(token, now: now)
            let draft = AuditDraft(
                context, subject: token.id, reason: "", outcome: "done", generation: generation, time: now)
            let answer = context.remember(Status.NewToken(token: shown, secret: ""))
            try await commit([.setToken(token)], draft, answer, now: now)
            state.withLock { $0.set(token, now: now) }
            return Status.NewToken(token: shown, secret: secret)
        }
    }

    /// From its answer on the token opens nothing. One that is revoked or expired already may be revoked again: the
    /// first time stays.
    public func revoke(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token {
        try await audited(context, subject: id) { [self] generation throws(ChangeError) in
            guard var token = state.withLock({ $0.tokens.first { $0.id == id } }) else {
                throw .unknown("there is no token \"\(AuditLog.cut(id, to: 64))\": GET /v1/tokens lists their ids")
            }
            let now = clock.wallNanoseconds()
            let isFirst = token.revokedAt == nil
            if isFirst { token.revokedAt = now }
            let shown = Status.Token(token, now: now)
            let draft = AuditDraft(
                context, subject: id, reason: "", outcome: "done", generation: generation, time: now)
            try await commit(isFirst ? [.setToken(token)] : [], draft, context.remember(shown), now: now)
            state.withLock { [token] in $0.set(token, now: now) }
            return shown
        }
    }

    /// Carries a change out, and puts its refusal into the audit log.
    private func audited<Answer: Sendable>(
        _ context: ChangeContext, subject: String,
        _ change: @escaping @Sendable (UInt64) async throws(ChangeError) -> Answer
    ) async throws(ChangeError) -> Answer {
        let generation = await generation()
        do throws(ChangeError) {
            if let seen = context.ifMatch, seen != generation { throw .stale(inForce: generation) }
            return try await turn { () async throws(ChangeError) in try await change(generation) }
        } catch {
            await audit.refused(context, subject: subject, outcome: error.code, generation: generation)
            throw error
        }
    }

    /// One change after another: what one was judged by holds until it is made. A client that hangs up does not leave
    /// its own half known.
    private func turn<Answer: Sendable>(
        _ body: @escaping @Sendable () async throws(ChangeError) -> Answer
    ) async throws(ChangeError) -> Answer {
        let turn = state.withLock { state in
            let turn = Task { [before = state.turn] () -> Result<Answer, ChangeError> in
                await before?.value
                do throws(ChangeError) { return .success(try await body()) } catch { return .failure(error) }
            }
            state.turn = Task { _ = await turn.value }
            return turn
        }
        return try await turn.value.get()
    }

    /// Forgets what ended long ago with it: the audit log goes on saying whose tokens those were.
    private func commit(
        _ changes: [StoreTransaction.Change], _ audit: AuditDraft, _ answer: StoredAnswer?, now: UInt64
    ) async throws(ChangeError) {
        let forgotten = state.withLock { $0.tokens.filter { $0.isForgotten(at: now) }.map(\.id) }
        let removals = forgotten.map { StoreTransaction.Change.removeToken(id: $0) }
        do throws(StoreError) {
            try await store.commit(StoreTransaction(removals + changes, audit: audit, answer: answer))
        } catch { throw .notStored(error) }
        state.withLock { $0.forget(Set(forgotten)) }
    }

    private static func check(name: String, _ life: UInt64) throws(ChangeError) {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .invalid("name must be 1 to 64 visible ASCII characters without spaces, such as ci-deploy")
        }
        guard lifeMilliseconds.contains(life) else {
            throw .invalid("expires_in must be from 1m to 365d, such as 90d")
        }
    }

    private func checkRoom(for name: String, now: UInt64) throws(ChangeError) {
        let problem = state.withLock { state -> String? in
            state.refresh(now: now)
            if let other = state.live.first(where: { $0.name == name }) {
                return "name \"\(name)\" is token \(other.id)'s, which is in force: revoke it, or choose another name"
            }
            if state.live.count >= Credentials.capacity {
                return "there are \(Credentials.capacity) tokens in force: revoke those that nobody uses"
            }
            return nil
        }
        if let problem { throw .invalid(problem) }
    }

    /// Eight hexadecimal digits that no token has.
    private func newID() -> String {
        while true {
            let id = HexText.lowercase(random(4))
            if state.withLock({ state in !state.tokens.contains { $0.id == id } }) { return id }
        }
    }

    /// `ptl_` and base64url without padding (RFC 4648 §5).
    private static func secret(of bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString()
        return prefix
            + text.compactMap { character -> String? in
                switch character {
                case "+": "-"
                case "/": "_"
                case "=": nil
                default: String(character)
                }
            }.joined()
    }
}

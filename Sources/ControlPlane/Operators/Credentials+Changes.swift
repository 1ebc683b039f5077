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
        try await audited(context, subject: name) { generation throws(ChangeError) in
            try Credentials.check(name: name, expiresInMilliseconds)
            let now = clock.wallNanoseconds()
            try reserve(name, now: now)
            defer { state.withLock { _ = $0.reserved.remove(name) } }
            let secret = Credentials.secret(of: random(32))
            let token = StoredToken(
                id: newID(), name: name, role: role.rawValue, hash: SecretDigest(of: secret).bytes, createdAt: now,
                createdBy: context.caller.name, expiresAt: now + expiresInMilliseconds * 1_000_000)
            let shown = Status.Token(token, now: now)
            let draft = AuditDraft(
                context, subject: token.id, reason: "", outcome: "done", generation: generation, time: now)
            let answer = context.remember(Status.NewToken(token: shown, secret: ""))
            try await commit(StoreTransaction([.setToken(token)], audit: draft, answer: answer))
            state.withLock { $0.set(token, now: now) }
            return Status.NewToken(token: shown, secret: secret)
        }
    }

    /// From its answer on the token opens nothing. One that is revoked or expired already may be revoked again: the
    /// first time stays.
    public func revoke(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token {
        try await audited(context, subject: id) { generation throws(ChangeError) in
            guard var token = state.withLock({ $0.tokens.first { $0.id == id } }) else {
                throw .unknown("there is no token \"\(AuditLog.cut(id, to: 64))\": GET /v1/tokens lists their ids")
            }
            let now = clock.wallNanoseconds()
            let changes: [StoreTransaction.Change]
            if token.revokedAt == nil {
                token.revokedAt = now
                changes = [.setToken(token)]
            } else {
                changes = []
            }
            let shown = Status.Token(token, now: now)
            let draft = AuditDraft(
                context, subject: id, reason: "", outcome: "done", generation: generation, time: now)
            try await commit(StoreTransaction(changes, audit: draft, answer: context.remember(shown)))
            state.withLock { [token] in $0.set(token, now: now) }
            return shown
        }
    }

    /// Carries a change out, and puts its refusal into the audit log.
    private func audited<Answer>(
        _ context: ChangeContext, subject: String, _ change: (UInt64) async throws(ChangeError) -> Answer
    ) async throws(ChangeError) -> Answer {
        let generation = await generation()
        do throws(ChangeError) {
            if let seen = context.ifMatch, seen != generation { throw .stale(inForce: generation) }
            return try await change(generation)
        } catch {
            await audit.refused(context, subject: subject, outcome: error.code, generation: generation)
            throw error
        }
    }

    private func commit(_ transaction: StoreTransaction) async throws(ChangeError) {
        // A task of its own: a client that hangs up must not leave a change half known.
        let result = await Task { [store] () -> Result<Void, StoreError> in
            do throws(StoreError) {
                try await store.commit(transaction)
                return .success(())
            } catch { return .failure(error) }
        }.value
        if case .failure(let error) = result { throw .notStored(error) }
    }

    private static func check(name: String, _ life: UInt64) throws(ChangeError) {
        guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw .invalid("name must be 1 to 64 visible ASCII characters without spaces, such as ci-deploy")
        }
        guard lifeMilliseconds.contains(life) else {
            throw .invalid("expires_in must be from 1m to 365d, such as 90d")
        }
    }

    /// Two requests that come together do not get the same name.
    private func reserve(_ name: String, now: UInt64) throws(ChangeError) {
        let problem = state.withLock { state -> String? in
            state.refresh(now: now)
            if let other = state.live.first(where: { $0.name == name }) {
                return "name \"\(name)\" is token \(other.id)'s, which is in force: revoke it, or choose another name"
            }
            if state.live.count + state.reserved.count >= Credentials.capacity {
                return "there are \(Credentials.capacity) tokens in force: revoke those that nobody uses"
            }
            if !state.reserved.insert(name).inserted { return "name \"\(name)\" is being given to another token" }
            return nil
        }
        if let problem { throw .invalid(problem) }
    }

    /// Eight hexadecimal digits that no token has.
    private func newID() -> String {
        let known = state.withLock { Set($0.tokens.map(\.id)) }
        while true {
            let id = HexText.lowercase(random(4))
            if !known.contains(id) { return id }
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

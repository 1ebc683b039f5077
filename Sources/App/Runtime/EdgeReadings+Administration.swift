import Admin
import ControlPlane
import Model
import Policy
import Store

/// The rest of the admin API: tenants, credentials, configuration and history.
extension EdgeReadings: AdminService {
    // MARK: Tenants and datasets

    func datasets() async -> [Status.Dataset] { await controller.datasets() }

    func tenants(after: String?, limit: Int) async -> [Status.Tenant] {
        await controller.tenants(after: after, limit: limit)
    }

    func tenant(_ name: String) async -> Status.Tenant? { await controller.tenant(name) }

    func pin(
        tenant: String, home: String, residency: [String], reason: String, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Tenant {
        try await controller.pin(tenant: tenant, home: home, residency: residency, reason: reason, context)
    }

    func unpin(tenant: String, reason: String, _ context: ChangeContext) async throws(ChangeError) {
        try await controller.unpin(tenant: tenant, reason: reason, context)
    }

    // MARK: Credentials

    func authenticate(secret: String, from: String) async -> Caller? {
        ledger.credentials.authenticate(secret: secret, from: from)
    }

    func tokens() async -> [Status.Token] { ledger.credentials.tokens }

    func createToken(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken {
        try await ledger.credentials.create(
            name: name, role: role, expiresInMilliseconds: expiresInMilliseconds, context)
    }

    func revokeToken(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token {
        try await ledger.credentials.revoke(id: id, context)
    }

    func rotateSessionKeys(_ context: ChangeContext) async throws(ChangeError) -> Status.SessionKey {
        let generation = try await seen(context, subject: "session keys")
        do throws(StoreError) {
            let keys = try await sessions.rotateNow(edge) { keys in
                (
                    AuditDraft(
                        context, subject: "session keys", reason: "", outcome: "done", generation: generation,
                        time: ControlClock.system.wallNanoseconds()), context.remember(Status.SessionKey(keys))
                )
            }
            return Status.SessionKey(keys)
        } catch { throw await refused(.notStored(error), context, subject: "session keys") }
    }

    // MARK: Configuration

    func configuration() async -> Status.Configured {
        configured(Reloaded(changes: [], warnings: []), inForce: await controller.identity.generation)
    }

    func tryConfiguration(text: String?) async throws(ChangeError) -> Status.Configured {
        guard let reloading else { throw .invalid("the edge is still starting: ask again in a moment") }
        let generation = await controller.identity.generation
        do throws(ReloadRefusal) {
            let (outcome, snapshot) = try await reloading.attempt(text)
            var answer = configured(outcome, inForce: generation)
            (answer.dryRun, answer.whatIf) = (true, await reader.whatIf(snapshot))
            return answer
        } catch { throw .invalid(error.description) }
    }

    func reload(_ context: ChangeContext) async throws(ChangeError) -> Status.Configured {
        _ = try await seen(context, subject: "configuration")
        guard let reloading else { throw .invalid("the edge is still starting: ask again in a moment") }
        let outcome: Reloaded
        do throws(ReloadRefusal) { outcome = try await reloading.reload(context.ifMatch).get() } catch {
            let refusal = error.inForce.map { ChangeError.stale(inForce: $0) } ?? .invalid(error.description)
            throw await refused(refusal, context, subject: "configuration")
        }
        let answer = configured(outcome, inForce: await controller.identity.generation)
        let draft = AuditDraft(
            context, subject: "configuration", reason: outcome.changes.joined(separator: "; "), outcome: "done",
            generation: answer.generation, time: ControlClock.system.wallNanoseconds())
        do throws(StoreError) {
            try await store.commit(StoreTransaction(audit: draft, answer: context.remember(answer)))
        } catch { await ledger.audit.record(draft) }
        return answer
    }

    /// - Parameter inForce: the generation that the rest was seen under, where nothing was put in force.
    private func configured(_ outcome: Reloaded, inForce: UInt64) -> Status.Configured {
        Status.Configured(
            generation: outcome.generation ?? inForce, file: configurationFile, changes: outcome.changes,
            warnings: outcome.warnings, certificates: certificates())
    }

    /// Of the listeners, as of now.
    func certificates() -> [Status.Certificate] {
        let now = Int64(ControlClock.system.wallNanoseconds() / 1_000_000_000)
        return edge.certificates.map { certificate in
            Status.Certificate(
                listener: certificate.listener, subject: certificate.subject, names: certificate.names,
                notAfter: TimestampWriter.text(UInt64(max(0, certificate.notAfter)) * 1_000_000_000),
                secondsLeft: Int(certificate.notAfter - now))
        }
    }

    // MARK: What happened

    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event] {
        try await ledger.log.events(after: number, subject: subject, limit: limit)
    }

    func events(before number: UInt64?, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event] {
        try await ledger.log.events(before: number, subject: subject, limit: limit)
    }

    func eventStream(after number: UInt64) async throws(StoreError) -> AsyncStream<Status.Event> {
        try ledger.log.stream(after: number)
    }

    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [Status.Audit] {
        try await ledger.audit.entries(before: number, limit: limit)
    }

    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [Status.Audit] {
        try await ledger.audit.entries(after: number, limit: limit)
    }

    func recordRefusal(_ context: ChangeContext, subject: String, outcome: String) async {
        await ledger.audit.refused(
            context, subject: subject, outcome: outcome, generation: await controller.identity.generation)
    }

    func rememberedAnswer(to key: String) async throws(StoreError) -> StoredAnswer? {
        try await store.answer(to: key, now: ControlClock.system.wallNanoseconds())
    }

    // MARK: Changes that are made here

    /// The generation in force, which must be the one that the caller has seen.
    private func seen(_ context: ChangeContext, subject: String) async throws(ChangeError) -> UInt64 {
        let generation = await controller.identity.generation
        guard let expected = context.ifMatch, expected != generation else { return generation }
        throw await refused(.stale(inForce: generation), context, subject: subject)
    }

    /// The same error, once the audit log has it.
    private func refused(_ error: ChangeError, _ context: ChangeContext, subject: String) async -> ChangeError {
        await recordRefusal(context, subject: subject, outcome: error.code)
        return error
    }
}

extension Status.SessionKey {
    fileprivate init(_ keys: SecretKeys) {
        self.init(
            keyGeneration: keys.current.generation, since: TimestampWriter.text(keys.current.since * 1_000_000_000))
    }
}

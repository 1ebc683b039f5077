import Admin
import ControlPlane
import Policy
import Store

/// The rest of the admin API: tenants, credentials, configuration and history.
extension EdgeReadings: AdminService {
    private static let missing = StoreError(path: "-", "this edge keeps no state for it")

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

    func authenticate(secret: String, from: String) async -> Caller? { nil }
    func tokens() async -> [Status.Token] { [] }

    func createToken(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken { throw .notStored(EdgeReadings.missing) }

    func revokeToken(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token {
        throw .notStored(EdgeReadings.missing)
    }

    func rotateSessionKeys(_ context: ChangeContext) async throws(ChangeError) -> Status.SessionKey {
        throw .notStored(EdgeReadings.missing)
    }

    func configuration() async -> Status.Configured {
        Status.Configured(generation: await controller.identity.generation, file: "-")
    }

    func tryConfiguration(text: String?) async throws(ChangeError) -> Status.Configured {
        throw .notStored(EdgeReadings.missing)
    }

    func reload(_ context: ChangeContext) async throws(ChangeError) -> Status.Configured {
        throw .notStored(EdgeReadings.missing)
    }

    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event] {
        let events = await status().events.filter { $0.number > number && (subject == nil || $0.subject == subject) }
        return Array(events.prefix(limit))
    }

    func eventStream(after number: UInt64) async throws(StoreError) -> AsyncStream<Status.Event> {
        throw EdgeReadings.missing
    }

    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [Status.Audit] { [] }
    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [Status.Audit] { [] }
    func recordRefusal(_ context: ChangeContext, subject: String, outcome: String) async {}
    func rememberedAnswer(to key: String) async throws(StoreError) -> StoredAnswer? { nil }
}

public import ControlPlane
public import Policy
public import Store

/// What the admin API shows and does; App joins it to the running edge. Each call answers within seconds whatever
/// happens.
public protocol AdminService: Sendable {
    // What is.
    func readiness() async -> AdminReadiness
    /// The one in force, then each worker's acknowledged one.
    func generations() async -> [UInt64]
    func status() async -> Status.Edge
    func regions() async -> RegionList
    func cells() async -> CellList
    func metrics() async -> MetricsReading
    func datasets() async -> [Status.Dataset]
    func explain(_ request: ExplainRequest) async -> Status.Explanation

    // Traffic.
    func change(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Change
    func preview(_ command: OperatorCommand) async throws(ChangeError) -> Status.Change
    func startDrain(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Drain
    /// Those in force and the latest that ended, with their requests in flight.
    func drains() async -> DrainList

    // Tenants: pins of the file, and those of operators over them. By name, after `after`.
    func tenants(after: String?, limit: Int) async -> [Status.Tenant]
    func tenant(_ name: String) async -> Status.Tenant?
    func pin(
        tenant: String, home: String, residency: [String], reason: String, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Tenant
    /// Back to the file's, if it has one.
    func unpin(tenant: String, reason: String, _ context: ChangeContext) async throws(ChangeError)

    // Credentials.
    /// Nil: no such secret, or it is expired or revoked.
    func authenticate(secret: String, from: String) async -> Caller?
    func tokens() async -> [Status.Token]
    func createToken(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken
    func revokeToken(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token
    func rotateSessionKeys(_ context: ChangeContext) async throws(ChangeError) -> Status.SessionKey

    // Configuration.
    func configuration() async -> Status.Configured
    /// - Parameter text: nil: the file as it is now.
    func tryConfiguration(text: String?) async throws(ChangeError) -> Status.Configured
    /// Reads the file, and certificates with it, again; whole or not at all.
    func reload(_ context: ChangeContext) async throws(ChangeError) -> Status.Configured

    // What happened.
    /// Greater numbers, oldest first.
    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event]
    /// The latest before that number (nil: the newest), newest first.
    func events(before number: UInt64?, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event]
    /// Those after `number`, then every new one as it happens; ends when the edge stops, or its reader is too slow.
    func eventStream(after number: UInt64) async throws(StoreError) -> AsyncStream<Status.Event>
    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [Status.Audit]
    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [Status.Audit]
    /// Keeps what was refused before it came to a change: no credential, too small a role, a body that is none.
    func recordRefusal(_ context: ChangeContext, subject: String, outcome: String) async
    /// What the same idempotency key was answered before.
    func rememberedAnswer(to key: String) async throws(StoreError) -> StoredAnswer?
}

/// Whether requests should come here.
public enum AdminReadiness: Equatable, Sendable {
    case ready
    /// In words for an operator.
    case notReady(reason: String)
}

import Admin
import Model
import Store
import Synchronization

@testable import ControlPlane
@testable import Policy

/// An edge that answers everything with `Samples`, and takes down what it was asked to change.
final class FakeService: AdminService, Sendable {
    struct Refusal: Equatable {
        let who: String
        let action: String
        let subject: String
        let outcome: String
        let detail: String
    }

    struct State {
        var commands: [OperatorCommand] = []
        var contexts: [ChangeContext] = []
        var asked: [ExplainRequest] = []
        var refusals: [Refusal] = []
        var answers: [String: StoredAnswer] = [:]
        var revoked: Set<String> = []
        var polls = 0
        var tried: [String?] = []
        var generations: [UInt64] = [FakeService.generation]
        /// At the status.
        var looks = 0
    }

    /// Called within each change, before it is carried out.
    typealias Hold = @Sendable () async -> Void

    static let generation: UInt64 = 7
    let state = Mutex(State())
    let ready: AdminReadiness
    /// The drain is settled once it was asked for so often.
    let pollsUntilSettled: Int
    let hold: Hold
    /// Those of events; else they go on until nobody reads them.
    let endsStreams: Bool

    init(
        _ ready: AdminReadiness = .ready, pollsUntilSettled: Int = 0, endsStreams: Bool = true,
        hold: @escaping Hold = {}
    ) {
        (self.ready, self.pollsUntilSettled, self.hold) = (ready, pollsUntilSettled, hold)
        self.endsStreams = endsStreams
    }

    var commands: [OperatorCommand] { state.withLock { $0.commands } }
    var refusals: [Refusal] { state.withLock { $0.refusals } }
    var changes: Int { state.withLock { $0.contexts.count } }

    func readiness() -> AdminReadiness { ready }
    func generations() -> [UInt64] { state.withLock { $0.generations } }

    func status() -> Status.Edge {
        state.withLock { $0.looks += 1 }
        return Samples.status
    }

    func regions() -> RegionList { Samples.regions }
    func cells() -> CellList { Samples.cells }
    func metrics() -> MetricsReading { SmallReading.metrics }
    func datasets() -> [Status.Dataset] { Samples.datasets }

    func explain(_ request: ExplainRequest) -> Status.Explanation {
        state.withLock { $0.asked.append(request) }
        return Samples.explanation
    }

    // MARK: Changes

    /// Refuses what is on `nowhere` or of another generation; remembers the answer, as the store does with the change.
    private func change<Value: Encodable & Sendable>(
        _ context: ChangeContext, _ subject: String, _ value: Value
    ) async throws(ChangeError) -> Value {
        if subject == "nowhere" { throw .refused(OperatorRefusal(.unknownTarget, "no cell or region “nowhere”")) }
        if let asked = context.ifMatch, asked != FakeService.generation {
            throw .stale(inForce: FakeService.generation)
        }
        await hold()
        state.withLock { state in
            state.contexts.append(context)
            if let answer = context.remember(value) { state.answers[answer.key] = answer }
        }
        return value
    }

    func change(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Change {
        state.withLock { $0.commands.append(command) }
        return try await change(context, command.subject, Samples.change)
    }

    func preview(_ command: OperatorCommand) throws(ChangeError) -> Status.Change {
        state.withLock { $0.commands.append(command) }
        return Samples.change
    }

    func startDrain(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Drain {
        state.withLock { $0.commands.append(command) }
        return try await change(context, command.subject, Samples.drain("ramping"))
    }

    func drains() -> DrainList {
        let polls = state.withLock { state in
            state.polls += 1
            return state.polls
        }
        let state = polls > pollsUntilSettled ? "drained" : "ramping"
        return DrainList(generation: FakeService.generation, drains: [Samples.drain(state)])
    }

    func pin(
        tenant: String, home: String, residency: [String], reason: String, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Tenant {
        let pinned = Status.Tenant(tenant: tenant, home: home, residency: residency, source: "operator", reason: reason)
        return try await change(context, tenant, pinned)
    }

    func unpin(tenant: String, reason: String, _ context: ChangeContext) async throws(ChangeError) {
        _ = try await change(context, tenant, "")
    }

    func createToken(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken {
        try await change(context, name, Status.NewToken(token: Samples.token, secret: "ptl_secret"))
    }

    func revokeToken(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token {
        try await change(context, id, Samples.token)
    }

    func rotateSessionKeys(_ context: ChangeContext) async throws(ChangeError) -> Status.SessionKey {
        try await change(context, "", Status.SessionKey(keyGeneration: 3, since: Samples.time))
    }

    func reload(_ context: ChangeContext) async throws(ChangeError) -> Status.Configured {
        try await change(context, "", Samples.configured)
    }

    func tryConfiguration(text: String?) throws(ChangeError) -> Status.Configured {
        state.withLock { $0.tried.append(text) }
        return Samples.configured
    }

    // MARK: The rest

    /// Something is published as soon as tenants were read.
    func tenants(after: String?, limit: Int) -> [Status.Tenant] {
        defer { publish() }
        return Array(Samples.tenants.filter { $0.tenant > after ?? "" }.prefix(limit))
    }

    func tenant(_ name: String) -> Status.Tenant? {
        defer { publish() }
        return Samples.tenants.first { $0.tenant == name }
    }

    private func publish() { state.withLock { $0.generations[0] += 1 } }

    /// The secret is the role.
    func authenticate(secret: String, from: String) -> Caller? {
        guard !state.withLock({ $0.revoked.contains(secret) }), let role = Role(rawValue: secret) else { return nil }
        return Caller(name: "a \(secret)", role: role, from: from)
    }

    func tokens() -> [Status.Token] { [Samples.token] }
    func configuration() -> Status.Configured { Samples.configured }

    func events(after number: UInt64, subject: String?, limit: Int) -> [Status.Event] {
        let events = Samples.events.filter { $0.number > number && (subject == nil || $0.subject == subject) }
        return Array(events.prefix(limit))
    }

    func events(before number: UInt64?, subject: String?, limit: Int) -> [Status.Event] {
        let events = Samples.events.filter { $0.number < number ?? .max && (subject == nil || $0.subject == subject) }
        return Array(events.reversed().prefix(limit))
    }

    func eventStream(after number: UInt64) -> AsyncStream<Status.Event> {
        AsyncStream { stream in
            for event in Samples.events where event.number > number { stream.yield(event) }
            if endsStreams { stream.finish() }
        }
    }

    func audit(before number: UInt64?, limit: Int) -> [Status.Audit] {
        Array(Samples.audit.filter { $0.number < number ?? .max }.reversed().prefix(limit))
    }

    func audit(after number: UInt64, limit: Int) -> [Status.Audit] {
        Array(Samples.audit.filter { $0.number > number }.prefix(limit))
    }

    func recordRefusal(_ context: ChangeContext, subject: String, outcome: String) {
        let refusal = Refusal(
            who: context.caller.name, action: context.action, subject: subject, outcome: outcome,
            detail: context.detail)
        state.withLock { $0.refusals.append(refusal) }
    }

    func rememberedAnswer(to key: String) -> StoredAnswer? { state.withLock { $0.answers[key] } }
}

extension OperatorCommand {
    fileprivate var subject: String {
        switch change {
        case .setWeight(let target, _), .resetWeight(let target), .setDial(let target, _), .resetDial(let target),
            .drain(let target, _, _), .undrain(let target):
            target
        case .undrainID(let id): "\(id)"
        }
    }
}

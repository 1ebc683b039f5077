import Policy
import Store
import Support

@testable import Admin
@testable import ControlPlane

/// What the fake edge does: enough to see a change come back.
extension FakeEdge {
    private func take(_ command: OperatorCommand) throws(ChangeError) {
        let refusal = with { state in
            state.commands.append(command)
            return state.refusal
        }
        if let refusal { throw refusal }
    }

    func change(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Change {
        try take(command)
        await with { $0.hold }()
        let generation = with { state in
            state.details.append(context.detail)
            state.generation += 1
            record(context, command, outcome: "done", &state)
            FakeEdge.apply(command, &state)
            return state.generation
        }
        emit("WEIGHT_CHANGED", "use-a", "\(command.who): \(command.reason)")
        return remember(Status.Change(generation: generation, dryRun: false, moves: []), context)
    }

    private func remember<Value: Encodable & Sendable>(_ value: Value, _ context: ChangeContext) -> Value {
        if let answer = context.remember(value) { with { $0.answers[answer.key] = answer } }
        return value
    }

    private static func apply(_ command: OperatorCommand, _ state: inout State) {
        let setting = { (percent: Int) in
            Status.Setting(
                percent: percent, reason: command.reason, who: command.who, setAt: "2026-11-21T03:12:00.000Z",
                expiresAt: command.expiresInMilliseconds == nil ? nil : "2026-11-21T05:12:00.000Z")
        }
        switch command.change {
        case .setWeight(let cell, let percent): state.weights[cell] = setting(percent)
        case .resetWeight(let cell): state.weights[cell] = nil
        case .setDial(let region, let percent): state.dials[region] = setting(percent)
        case .resetDial(let region): state.dials[region] = nil
        case .undrainID(let id):
            for index in state.drains.indices where state.drains[index].id == id {
                state.drains[index].state = "ended"
                state.drains[index].admissionPercent = 100
            }
        case .drain, .undrain: break
        }
    }

    func preview(_ command: OperatorCommand) async throws(ChangeError) -> Status.Change {
        try take(command)
        return with { state in
            var change = Status.Change(
                generation: state.generation, dryRun: true,
                moves: [
                    Status.Move(region: "us-east", cell: "use-a", beforePercent: 50, afterPercent: 0),
                    Status.Move(region: "us-east", cell: "use-b", beforePercent: 30, afterPercent: 60),
                    Status.Move(region: "us-east", cell: "use-c", beforePercent: 20, afterPercent: 40),
                ])
            change.whatIf = Status.WhatIf(
                sampled: 1_000, requests: 111_240, different: 503, refused: 0,
                moves: [Status.Flow(from: "us-east/use-a", to: "us-east/use-b", requests: 302)])
            change.sessions = [Status.SessionMove(from: "use-a", to: ["use-b", "use-c"], sessions: 4_650)]
            change.safety = [
                "use-b and use-c would carry 1 850/s, above 80 % of their capacity" + (state.hostile ?? "")
            ]
            return change
        }
    }

    func startDrain(_ command: OperatorCommand, _ context: ChangeContext) async throws(ChangeError) -> Status.Drain {
        try take(command)
        let drain = with { state in
            guard case .drain(let target, let mode, let over) = command.change else { preconditionFailure("no drain") }
            state.details.append(context.detail)
            state.generation += 1
            record(context, command, outcome: "done", &state)
            let parts = target.split(separator: "/", maxSplits: 1)
            var drain = Status.Drain(
                id: UInt32(state.drains.count + 7), target: String(parts.last ?? ""), kind: String(parts.first ?? ""),
                mode: mode.rawValue, state: mode == .now ? "drained" : "ramping", reason: command.reason,
                who: command.who, startedAt: "2026-11-21T03:12:05.000Z", expiresAt: "2026-11-21T15:12:05.000Z",
                overMilliseconds: over ?? 0, admissionPercent: mode == .now ? 0 : 64,
                sessionsMovedPercent: mode == .now ? 100 : 0, resetsStreams: false, generation: state.generation,
                isApplied: true)
            drain.requestsInFlight = 12
            state.drains.append(drain)
            return drain
        }
        emit("DRAIN_STARTED", drain.target, "\(command.who): \(command.reason)")
        return remember(drain, context)
    }

    func drains() async -> DrainList { with { DrainList(generation: $0.generation, drains: $0.drains) } }

    // MARK: Credentials

    func authenticate(secret: String, from: String) async -> Caller? { with { $0.callers[secret] } }

    /// Makes a token that is known from now on.
    @discardableResult
    func admit(_ secret: String, _ role: Role, name: String? = nil) -> Caller {
        let caller = Caller(name: name ?? "\(role.rawValue) on call", role: role, from: "127.0.0.1")
        with { $0.callers[secret] = caller }
        return caller
    }

    func recordRefusal(_ context: ChangeContext, subject: String, outcome: String) async {
        with { state in
            FakeEdge.record(context, subject: subject, reason: "", outcome: outcome, &state)
        }
    }

    private func record(
        _ context: ChangeContext, _ command: OperatorCommand, outcome: String, _ state: inout State
    ) {
        FakeEdge.record(context, subject: "use-a", reason: command.reason, outcome: outcome, &state)
    }

    private static func record(
        _ context: ChangeContext, subject: String, reason: String, outcome: String, _ state: inout State
    ) {
        let number = UInt64(state.audits.count + 1)
        let hash = String(repeating: "0123456789abcdef", count: 4)
        state.audits.append(
            Status.Audit(
                number: number, time: "2026-11-21T03:12:05.000Z", timeNanoseconds: "1", who: context.caller.name,
                role: context.caller.role.rawValue, from: context.caller.from, action: context.action,
                subject: subject, reason: reason, outcome: outcome, detail: context.detail,
                generation: state.generation, previous: hash, hash: hash))
    }

    // MARK: What happened

    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event] {
        with { state in
            Array(
                state.events.filter { $0.number > number && (subject == nil || $0.subject == subject) }.prefix(limit))
        }
    }

    func events(before number: UInt64?, subject: String?, limit: Int) async throws(StoreError) -> [Status.Event] {
        with { state in
            let events = state.events.filter {
                $0.number < number ?? .max && (subject == nil || $0.subject == subject)
            }
            return Array(events.reversed().prefix(limit))
        }
    }

    func eventStream(after number: UInt64) async throws(StoreError) -> AsyncStream<Status.Event> {
        let (stream, listener) = AsyncStream<Status.Event>.makeStream()
        with { $0.listeners.append(listener) }
        return stream
    }

    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [Status.Audit] {
        with { state in Array(state.audits.filter { $0.number < number ?? .max }.suffix(limit)) }
    }

    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [Status.Audit] {
        with { state in Array(state.audits.filter { $0.number > number }.prefix(limit)) }
    }

    func rememberedAnswer(to key: String) async throws(StoreError) -> StoredAnswer? { with { $0.answers[key] } }

    // MARK: What no page asks for

    private func unasked() -> ChangeError { .invalid("no page of the dashboard asks for this") }

    func tenants(after: String?, limit: Int) async -> [Status.Tenant] { [] }
    func tenant(_ name: String) async -> Status.Tenant? { nil }
    func pin(
        tenant: String, home: String, residency: [String], reason: String, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.Tenant { throw unasked() }
    func unpin(tenant: String, reason: String, _ context: ChangeContext) async throws(ChangeError) { throw unasked() }
    func tokens() async -> [Status.Token] { [] }
    func createToken(
        name: String, role: Role, expiresInMilliseconds: UInt64, _ context: ChangeContext
    ) async throws(ChangeError) -> Status.NewToken { throw unasked() }
    func revokeToken(id: String, _ context: ChangeContext) async throws(ChangeError) -> Status.Token { throw unasked() }
    func rotateSessionKeys(_ context: ChangeContext) async throws(ChangeError) -> Status.SessionKey { throw unasked() }
    func configuration() async -> Status.Configured { Status.Configured(generation: 0, file: "edge.yaml") }
    func tryConfiguration(text: String?) async throws(ChangeError) -> Status.Configured { throw unasked() }
    func reload(_ context: ChangeContext) async throws(ChangeError) -> Status.Configured { throw unasked() }
}

import ControlPlane
import HTTPTypes
import Hummingbird
import Policy
import ServiceLifecycle

/// Drains as objects.
extension AdminOperation {
    /// The longest `?wait=`: well within the time that a connection has (`ConnectionBounds.patience`).
    static let longestWaitMilliseconds: UInt64 = 30_000
    static let pollMilliseconds: UInt64 = 100

    static let drains = [
        AdminOperation(
            id: "listDrains", method: .get, path: "/v1/drains",
            summary: "Drains in force, and the latest that ended, by id.", role: .viewer, query: Call.paging(),
            answers: [.json(DrainList.self, "The drains.", hasGeneration: true)],
            run: { call in
                let list = await call.service.drains()
                let (items, next) = try call.part(of: list.drains) { "\($0.id)" }
                return try .json(
                    DrainList(generation: list.generation, drains: items, next: next), generation: list.generation)
            }),
        AdminOperation(
            id: "startDrain", method: .post, path: "/v1/drains", summary: "Takes a cell or a region out of traffic.",
            role: .operator, action: "drain.start", body: .json(drainFields),
            answers: [
                .json(Status.Drain.self, "It drains.", status: .accepted, hasGeneration: true),
                .json(Status.Change.self, "A dry run: what it would move.", hasGeneration: true),
            ],
            run: { try await startDrain($0) }),
        AdminOperation(
            id: "readDrain", method: .get, path: "/v1/drains/{id}",
            summary: "One drain; with `wait`, once it is settled or that time is over.", role: .viewer,
            query: [Field("wait", .duration(upTo: longestWaitMilliseconds), "At most 30s.")],
            answers: [.json(Status.Drain.self, "The drain.", hasGeneration: true)],
            run: { try await readDrain($0) }),
        AdminOperation(
            id: "endDrain", method: .delete, path: "/v1/drains/{id}",
            summary: "Takes the target back into traffic, step by step.", role: .operator, action: "drain.end",
            query: [reasonParameter],
            answers: [.json(Status.Drain.self, "It is on its way back.", status: .accepted, hasGeneration: true)],
            run: { call in
                let drain = try await find(call).drain
                let command = OperatorCommand(.undrainID(drain.id), reason: call.reason, who: call.caller.name)
                let location = "/v1/drains/\(drain.id)"
                // Where it stands when the key comes again is what is worth telling then.
                let change = call.change { _ in Reply(status: .accepted, location: location) }
                _ = try await call.service.change(command, change)
                return try await showEnded(call)
            },
            again: { try await showEnded($0) }),
    ]

    private static let drainFields = [
        Field("target", .text(1...160), isRequired: true, "A cell or a region; `cell/NAME` where both have the name."),
        Field("mode", .choice(["ramp", "now"]), "`ramp` where it is absent."),
        Field("over", .duration(), "How long new sessions take to leave; only with `ramp`."),
        Field("expires_in", .duration(), "When the drain ends by itself; as configured where it is absent."),
        reasonField,
        Field("dry_run", .flag, "Only tell what would move."),
        Field("force", .flag, "Pass over the safety checks."),
    ]

    private static func startDrain(_ call: Call) async throws -> Reply {
        let (body, service) = (call.body, call.service)
        let mode = Drain.Mode(rawValue: body.text("mode") ?? "") ?? .ramp
        let over = body.milliseconds("over")
        if mode == .now, over != nil {
            throw AdminRefusal.wrong("over: a drain at once takes no time; leave it out")
        }
        let command = OperatorCommand(
            .drain(target: body.text("target") ?? "", mode: mode, overMilliseconds: over), reason: call.reason,
            who: call.caller.name, expiresInMilliseconds: body.milliseconds("expires_in"),
            isForced: body.flag("force"))
        if call.isDryRun {
            let change = try await service.preview(command)
            if let asked = call.ifMatch, asked != change.generation {
                throw ChangeError.stale(inForce: change.generation)
            }
            return try .json(change, generation: change.generation)
        }
        let drain = try await service.startDrain(
            command,
            call.change { value in
                let location = (value as? Status.Drain).map { "/v1/drains/\($0.id)" }
                return try .json(value, status: .accepted, location: location)
            })
        return try .json(
            drain, status: .accepted, location: "/v1/drains/\(drain.id)", generation: drain.generation)
    }

    private static func readDrain(_ call: Call) async throws -> Reply {
        let deadline = call.parts.clock.now().advanced(milliseconds: call.query.milliseconds("wait") ?? 0)
        var (drain, generation) = try await find(call)
        while !drain.isSettled, call.parts.clock.now() < deadline {
            if Task.isCancelled || Task.isShuttingDownGracefully { break }
            let next = call.parts.clock.now().advanced(milliseconds: pollMilliseconds)
            await call.parts.clock.sleep(min(deadline, next))
            (drain, generation) = try await find(call)
        }
        return try .json(drain, generation: generation)
    }

    private static func showEnded(_ call: Call) async throws -> Reply {
        let (drain, generation) = try await find(call)
        return try .json(drain, status: .accepted, location: "/v1/drains/\(drain.id)", generation: generation)
    }

    private static func find(_ call: Call) async throws -> (drain: Status.Drain, generation: UInt64) {
        let text = call.name("id")
        let list = await call.service.drains()
        guard let id = UInt32(text), let drain = list.drains.first(where: { $0.id == id }) else {
            throw AdminRefusal.missing("no drain “\(ValueKind.short(text))”; GET /v1/drains lists them")
        }
        return (drain, list.generation)
    }
}

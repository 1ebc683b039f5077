import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Policy

/// What operators ask for (interfaces.md, Admin API).
extension AdminRoutes {
    typealias Answer = @Sendable (Request, BasicRequestContext) async throws -> Response

    /// Who asks, as long as there are no tokens: whoever may open the socket's file.
    static let operatorName = "admin socket"
    /// The longest `?wait=`: well within the time that a connection has (`ConnectionBounds.patience`).
    static let maxWaitMilliseconds: UInt64 = 30_000
    static let pollMilliseconds: UInt64 = 100

    func addOperations(to router: Router<BasicRequestContext>) {
        let (setWeight, resetWeight) = share(at: "cell") {
            .setWeight(cell: $0, percent: $1)
        } reset: {
            .resetWeight(cell: $0)
        }
        on("/v1/cells/:cell/weight", router, [(.put, setWeight), (.delete, resetWeight)])
        let (setDial, resetDial) = share(at: "region") {
            .setDial(region: $0, percent: $1)
        } reset: {
            .resetDial(region: $0)
        }
        on("/v1/regions/:region/dial", router, [(.put, setDial), (.delete, resetDial)])
        on("/v1/drains", router, [(.get, listDrains), (.post, writing(startDrain))])
        on("/v1/drains/:id", router, [(.get, showDrain), (.delete, writing(undrain))])
        on("/v1/explain", router, [(.post, explain)])
    }

    /// Any other method at the path is told which there are.
    private func on(
        _ path: RouterPath, _ router: Router<BasicRequestContext>, _ answers: [(HTTPRequest.Method, Answer)]
    ) {
        for (method, answer) in answers { router.on(path, method: method, use: answer) }
        let known = answers.map(\.0)
        let allowed = known.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options] where !known.contains(method) {
            router.on(path, method: method) { _, _ -> Response in
                throw HTTPError(
                    .methodNotAllowed, headers: [.allow: allowed.joined(separator: ", ")],
                    message: "use \(allowed.joined(separator: " or "))")
            }
        }
    }

    /// One that changes something.
    private func writing(_ answer: @escaping Answer) -> Answer {
        guard !acceptsChanges else { return answer }
        return { _, _ in
            throw HTTPError(
                .forbidden,
                message:
                    "changes are accepted on the Unix socket only, as long as there are no tokens: use admin.socket")
        }
    }

    // MARK: Weights and dials

    private func share(
        at parameter: String, set: @escaping @Sendable (String, Int) -> OperatorCommand.Change,
        reset: @escaping @Sendable (String) -> OperatorCommand.Change
    ) -> (set: Answer, reset: Answer) {
        let operations = source.operations
        let put: Answer = { request, context in
            let name = try AdminRoutes.name(parameter, context)
            let body = try await StrictBody(request, known: ["percent", "reason", "expires_in"])
            let command = OperatorCommand(
                set(name, try body.whole("percent")), reason: try body.requiredText("reason"),
                who: AdminRoutes.operatorName, expiresInMilliseconds: try body.duration("expires_in"))
            return try AdminRoutes.json(try await operations.change(command))
        }
        let delete: Answer = { request, context in
            let name = try AdminRoutes.name(parameter, context)
            let reason = request.uri.queryParameters.get("reason") ?? ""
            let command = OperatorCommand(reset(name), reason: reason, who: AdminRoutes.operatorName)
            return try AdminRoutes.json(try await operations.change(command))
        }
        return (writing(put), writing(delete))
    }

    /// A part of the path as its sender meant it: the router leaves escapes as they are.
    private static func name(_ parameter: String, _ context: BasicRequestContext) throws -> String {
        let text = try context.parameters.require(parameter)
        return text.removingPercentEncoding ?? text
    }

    // MARK: Drains

    @Sendable private func startDrain(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let body = try await StrictBody(
            request, known: ["target", "mode", "over", "expires_in", "reason", "dry_run", "force"])
        let word = try body.text("mode") ?? Drain.Mode.ramp.rawValue
        guard let mode = Drain.Mode(rawValue: word) else {
            throw StrictBody.wrong("mode: “\(word)” is none; write ramp or now")
        }
        let over = try body.duration("over")
        if mode == .now, over != nil { throw StrictBody.wrong("over: a drain at once takes no time; leave it out") }
        let command = OperatorCommand(
            .drain(target: try body.requiredText("target"), mode: mode, overMilliseconds: over),
            reason: try body.requiredText("reason"), who: AdminRoutes.operatorName,
            expiresInMilliseconds: try body.duration("expires_in"), isForced: try body.flag("force"))
        if try body.flag("dry_run") { return try AdminRoutes.json(try await source.operations.preview(command)) }
        let drain = try await source.operations.drain(command)
        return try AdminRoutes.json(drain, status: .accepted, location: "/v1/drains/\(drain.id)")
    }

    @Sendable private func listDrains(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        try AdminRoutes.json(await source.operations.drains())
    }

    /// With `?wait=` it answers once the drain is settled, or when that time is over.
    @Sendable private func showDrain(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        var left: UInt64 = 0
        if let text = request.uri.queryParameters.get("wait") {
            guard let wait = DurationText.milliseconds(text), wait <= AdminRoutes.maxWaitMilliseconds else {
                throw StrictBody.wrong(
                    "wait: “\(text)” is no duration up to \(AdminRoutes.maxWaitMilliseconds / 1_000)s")
            }
            left = wait
        }
        var drain = try await find(context)
        while !drain.isSettled, left > 0 {
            let pause = min(left, AdminRoutes.pollMilliseconds)
            try await Task.sleep(for: .milliseconds(pause))
            left -= pause
            drain = try await find(context)
        }
        return try AdminRoutes.json(drain)
    }

    @Sendable private func undrain(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let drain = try await find(context)
        let reason = request.uri.queryParameters.get("reason") ?? ""
        let command = OperatorCommand(.undrainID(drain.id), reason: reason, who: AdminRoutes.operatorName)
        _ = try await source.operations.change(command)
        return try AdminRoutes.json(try await find(context), status: .accepted)
    }

    private func find(_ context: BasicRequestContext) async throws -> Status.Drain {
        let text = try context.parameters.require("id")
        let drains = await source.operations.drains().drains
        guard let id = UInt32(text), let drain = drains.first(where: { $0.id == id }) else {
            throw HTTPError(.notFound, message: "no drain “\(text)”; GET /v1/drains lists them")
        }
        return drain
    }

    // MARK: Explain

    @Sendable private func explain(_ request: Request, _ context: BasicRequestContext) async throws -> Response {
        let body = try await StrictBody(request, known: ["method", "path", "headers"])
        let path = try body.requiredText("path")
        guard path.hasPrefix("/") else { throw StrictBody.wrong("path: “\(path)” does not begin with /") }
        let headers = try body.headers("headers").map { ($0.name.lowercased(), $0.value) }
        let asked = ExplainRequest(
            method: try body.requiredText("method"), path: path,
            headers: Dictionary(grouping: headers, by: \.0).mapValues { $0.map(\.1) })
        return try AdminRoutes.json(await source.operations.explain(asked))
    }
}

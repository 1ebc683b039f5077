import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Which path answers what (interfaces.md, Admin API): the operations, on one listener.
struct AdminRoutes {
    /// The longest JSON body.
    static let maxBytes = 64 << 10
    /// The longest configuration tried.
    static let maxConfigurationBytes = 4 << 20

    let parts: AdminParts
    /// Whoever reaches these routes is admin: they are the Unix socket's, whose file is its owner's alone.
    let isSocket: Bool
    /// Reached over TLS.
    var isSecure = false

    /// All methods that HTTP has (RFC 9110 §9.1, RFC 5789, and QUERY, a draft), so that each path tells which it takes.
    private static let methods: [HTTPRequest.Method] =
        [.get, .post, .put, .patch, .delete, .options, .trace, .connect]
        + ["QUERY"].compactMap { HTTPRequest.Method($0) }

    func router() -> Router<AdminContext> {
        let router = Router(context: AdminContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ProblemMiddleware(logger: parts.logger))
        router.add(middleware: TrafficMiddleware(limits: parts.limits, isSocket: isSocket))
        router.add(middleware: AuthorizationMiddleware(doorkeeper: parts.doorkeeper, isSocket: isSocket))
        for operation in AdminOperation.all {
            router.on(RouterPath(operation.path), method: operation.method) { request, context in
                try await answer(operation, request, context)
            }
        }
        for path in Set(AdminOperation.all.map(\.path)) {
            let known = AdminOperation.all.filter { $0.path == path }.map(\.method)
            AdminRoutes.refuseAll(but: known, at: path, on: router)
        }
        Dashboard(parts: parts, isSecure: isSecure).add(to: router)
        return router
    }

    /// With 405. HEAD goes with GET.
    static func refuseAll(but known: [HTTPRequest.Method], at path: String, on router: Router<AdminContext>) {
        let allowed = known.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }
        for method in AdminRoutes.methods where !known.contains(method) {
            router.on(RouterPath(path), method: method) { _, _ -> Response in
                throw AdminRefusal(
                    .methodNotAllowed, "method_not_allowed", "use \(allowed.joined(separator: " or "))",
                    headers: [.allow: allowed.joined(separator: ", ")])
            }
        }
    }

    // MARK: One call

    private func answer(
        _ operation: AdminOperation, _ request: Request, _ context: AdminContext
    ) async throws -> Response {
        let caller = try await parts.doorkeeper.admit(operation, context) {
            parts.change(operation, $0, detail: "{}")
        }
        var call = Call(parts: parts, operation: operation, request: request, context: context, caller: caller)
        guard operation.action != nil else {
            try readQuery(into: &call)
            _ = try await read(into: &call)
            return try await look(call).response(requestID: context.requestID)
        }
        do {
            return try await change(&call).response(requestID: context.requestID)
        } catch let refusal as AdminRefusal {
            // What the service refuses it tells the audit log of itself.
            if !call.isDryRun {
                await parts.service.recordRefusal(call.change(), subject: request.uri.path, outcome: refusal.reason)
            }
            throw refusal
        }
    }

    private func change(_ call: inout Call) async throws -> Reply {
        try readQuery(into: &call)
        call.ifMatch = try Call.generation(ifMatch: call.request.headers[.ifMatch])
        let body = try await read(into: &call)
        defer { parts.shared.forget() }
        call.key = try IdempotencyKey(call.request, call.caller, body: body)
        return try await once(call)
    }

    private func readQuery(into call: inout Call) throws(AdminRefusal) {
        guard call.operation.checksQuery else { return }
        call.query = try CallValues(query: call.request.uri.query ?? "", call.operation.query)
    }

    private func look(_ call: Call) async throws -> Reply {
        let operation = call.operation
        guard operation.isShared, call.request.uri.query == nil else { return try await operation.run(call) }
        return try await parts.shared.reply(
            operation.id, await parts.service.generations(), now: parts.clock.now()
        ) { try await operation.run(call) }
    }

    /// Returns the body's bytes.
    private func read(into call: inout Call) async throws -> [UInt8] {
        let request = call.request
        switch call.operation.body {
        case .none: return []
        case .json(let fields):
            try AdminRoutes.check(request, ["application/json"])
            let bytes = try await AdminRoutes.collect(request, upTo: AdminRoutes.maxBytes)
            call.body = try CallValues(json: Data(bytes), fields)
            return bytes
        case .yaml:
            try AdminRoutes.check(request, ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"])
            let bytes = try await AdminRoutes.collect(request, upTo: AdminRoutes.maxConfigurationBytes)
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw AdminRefusal.wrong("the configuration is not UTF-8")
            }
            call.text = text.isEmpty ? nil : text
            return bytes
        }
    }

    /// A body without a type is what the operation takes.
    private static func check(_ request: Request, _ types: [String]) throws(AdminRefusal) {
        guard let field = request.headers[.contentType] else { return }
        let type = field.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() } ?? ""
        guard !types.contains(type) else { return }
        throw AdminRefusal(
            .unsupportedMediaType, "unsupported_media_type",
            "“\(ValueKind.short(type))” is not taken here; send `content-type: \(types[0])`")
    }

    private static func collect(_ request: Request, upTo most: Int) async throws -> [UInt8] {
        let told = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        do {
            guard told <= most else { throw NIOTooManyBytesError(maxBytes: most) }
            return [UInt8](try await request.body.collect(upTo: most).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw AdminRefusal(.contentTooLarge, "body_too_large", "the body is longer than \(most) bytes")
        }
    }

    // MARK: Asking again

    /// Runs a change, or answers as it was answered before under the same key.
    private func once(_ call: Call) async throws -> Reply {
        guard let key = call.key else { return try await call.operation.run(call) }
        guard parts.pending.begin(key) else {
            throw AdminRefusal(
                .conflict, "idempotency_in_progress",
                "a request with this idempotency-key is being worked on: wait for its answer")
        }
        defer { parts.pending.end(key) }
        guard let before = try await parts.service.rememberedAnswer(to: key.text) else {
            return try await call.operation.run(call)
        }
        guard before.fingerprint == key.fingerprint else {
            throw AdminRefusal(
                .unprocessableContent, "idempotency_mismatch",
                "this idempotency-key came with another request before: use a new one")
        }
        var reply = try await call.operation.again?(call) ?? Reply(before)
        reply.isRepeated = true
        return reply
    }
}

import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Logging

/// Which path answers what (interfaces.md, Admin API).
struct AdminRoutes {
    let source: AdminSource
    /// For mistakes of our own.
    let logger: Logger
    /// Whoever reaches these routes may change things: they are the Unix socket's, whose file is its owner's alone.
    let acceptsChanges: Bool

    func router() -> Router<BasicRequestContext> {
        let router = Router(context: BasicRequestContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: ProblemMiddleware(logger: logger))
        get("/healthz", on: router) { _, _ in AdminRoutes.text("ok\n") }
        get("/readyz", on: router) { [source] _, _ in
            switch await source.readiness() {
            case .ready: return AdminRoutes.text("ready\n")
            case .notReady(let reason): throw HTTPError(.serviceUnavailable, message: reason)
            }
        }
        get("/metrics", on: router) { [source] _, _ in
            let page = MetricsPage(await source.metrics())
            return AdminRoutes.text(page.text, type: MetricsPage.contentType)
        }
        get("/v1/status", on: router) { [source] _, _ in try AdminRoutes.json(await source.status()) }
        get("/v1/regions", on: router) { [source] _, _ in try AdminRoutes.json(await source.regions()) }
        get("/v1/cells", on: router) { [source] _, _ in try AdminRoutes.json(await source.cells()) }
        get("/v1/cells/:cell", on: router) { [source] _, context in
            try AdminRoutes.json(try await AdminRoutes.cell(context.parameters.require("cell"), in: source))
        }
        addOperations(to: router)
        return router
    }

    /// One that reads; any other method at the path is told so.
    private func get(
        _ path: RouterPath, on router: Router<BasicRequestContext>,
        _ answer: @escaping @Sendable (Request, BasicRequestContext) async throws -> Response
    ) {
        router.get(path, use: answer)
        for method in [HTTPRequest.Method.post, .put, .patch, .delete, .options] {
            router.on(path, method: method) { _, _ -> Response in
                throw HTTPError(.methodNotAllowed, headers: [.allow: "GET, HEAD"], message: "use GET or HEAD")
            }
        }
    }

    private static func cell(_ name: String, in source: AdminSource) async throws -> Status.Cell {
        let cells = await source.cells().cells
        guard let cell = cells.first(where: { $0.name == name }) else {
            let known = cells.map(\.name).joined(separator: ", ")
            throw HTTPError(.notFound, message: "no cell of that name; there are \(known)")
        }
        return cell
    }

    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, location: String? = nil
    ) throws -> Response {
        var data = try AdminJSON.encode(value)
        data.append(0x0A)
        var response = answer(ByteBuffer(bytes: data), type: "application/json")
        response.status = status
        response.headers[.location] = location
        return response
    }

    private static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        answer(ByteBuffer(string: text), type: type)
    }

    private static func answer(_ body: ByteBuffer, type: String) -> Response {
        Response(
            status: .ok, headers: [.contentType: type, .cacheControl: "no-store"], body: ResponseBody(byteBuffer: body))
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Policy

/// Turns whatever a route throws, and a path that is none, into `application/problem+json` (RFC 9457).
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let refusal as OperatorRefusal {
            let status = HTTPResponse.Status(code: refusal.status)
            return response(status, [:], refusal.detail, code: refusal.code.rawValue)
        } catch let error as HTTPError {
            return response(error.status, error.headers, error.body)
        } catch let error as any HTTPResponseError {
            return response(error.status, [:], nil)
        } catch {
            logger.error(
                "the admin API failed", metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            return response(.internalServerError, [:], "this is a mistake of the edge: see its log")
        }
    }

    private func response(
        _ status: HTTPResponse.Status, _ headers: HTTPFields, _ detail: String?, code: String? = nil
    ) -> Response {
        let otherwise =
            status == .notFound
            ? "no such path; there are /healthz, /readyz, /metrics, /v1/status, /v1/regions, /v1/cells, /v1/drains and"
                + " /v1/explain"
            : status.reasonPhrase
        let problem = AdminProblem(
            title: status.reasonPhrase, status: status.code, detail: detail ?? otherwise, code: code)
        var fields = headers
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        if status == .serviceUnavailable { fields[.retryAfter] = "1" }
        let body = ((try? AdminJSON.encode(problem)) ?? Data()) + [0x0A]
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

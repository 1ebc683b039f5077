import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Store

/// Turns whatever a route throws, and a path that is none, into `application/problem+json` (RFC 9457).
struct ProblemMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let logger: Logger

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            let refusal = refusal(error, request)
            if refusal.status == .internalServerError {
                logger.error(
                    "the admin API failed",
                    metadata: [
                        "path": "\(request.uri.path)", "error": "\(error)", "request_id": "\(context.requestID)",
                    ])
            }
            let response = ProblemMiddleware.response(refusal, requestID: context.requestID)
            // A path that is none has no route that would leave the body out.
            return request.method == .head ? response.createHeadResponse() : response
        }
    }

    private func refusal(_ error: any Error, _ request: Request) -> AdminRefusal {
        switch error {
        case let refusal as AdminRefusal: return refusal
        case let error as ChangeError:
            return AdminRefusal(HTTPResponse.Status(code: error.status), error.code, error.detail)
        case let error as StoreError:
            return AdminRefusal(
                .serviceUnavailable, ChangeError.notStored(error).code, "the store does not answer: \(error)")
        case is NIOTooManyBytesError: return AdminRefusal(.contentTooLarge, "body_too_large", "the body is too long")
        case let error as HTTPError where error.status == .notFound:
            return .missing(error.body ?? "no such path; GET /v1/openapi.json tells which there are")
        case let error as any HTTPResponseError:
            let reason = AdminRefusal.reason(of: error.status)
            return AdminRefusal(error.status, reason, (error as? HTTPError)?.body ?? error.status.reasonPhrase)
        case is CancellationError: return .overloaded("the edge is stopping")
        default:
            return AdminRefusal(.internalServerError, "internal", "this is a mistake of the edge: see its log")
        }
    }

    static func response(_ refusal: AdminRefusal, requestID: String) -> Response {
        let problem = AdminProblem(
            title: AdminProblem.title(refusal.status.code), status: refusal.status.code, detail: refusal.detail,
            reason: refusal.reason,
            requestID: requestID)
        var fields = refusal.headers
        fields[.contentType] = "application/problem+json"
        fields[.cacheControl] = "no-store"
        fields[.xContentTypeOptions] = "nosniff"
        fields[.xRequestID] = requestID
        if refusal.status == .serviceUnavailable || refusal.status.code == 507, fields[.retryAfter] == nil {
            fields[.retryAfter] = "1"
        }
        let body = ((try? AdminJSON.encode(problem)) ?? Data()) + [0x0A]
        return Response(
            status: refusal.status, headers: fields, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension AdminProblem {
    private static let titles = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        409: "Conflict", 412: "Precondition Failed", 413: "Content Too Large", 415: "Unsupported Media Type",
        422: "Unprocessable Content", 429: "Too Many Requests", 500: "Internal Server Error",
        503: "Service Unavailable", 507: "Insufficient Storage",
    ]

    /// The status's phrase (RFC 9457 §4.2.1).
    static func title(_ status: Int) -> String { titles[status] ?? "Error \(status)" }
}

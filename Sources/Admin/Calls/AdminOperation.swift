import ControlPlane
import HTTPTypes

/// One method at one path: who may call it, what it takes, what it answers, and the doing of it. The router and the
/// OpenAPI document are both made of these, so that they cannot differ.
struct AdminOperation: Sendable {
    typealias Run = @Sendable (Call) async throws -> Reply

    enum Body: Sendable {
        case none
        case json([Field])
        /// A configuration; may be missing.
        case yaml
    }

    enum Content: Sendable {
        case json(any (Decodable & Sendable).Type)
        case text(String)
        /// The OpenAPI document.
        case anyJSON
        case events
    }

    struct Answer: Sendable {
        let status: HTTPResponse.Status
        let summary: String
        /// Empty: no body.
        let contents: [Content]
        /// It tells the generation as `etag`.
        var hasGeneration = false

        static func json(
            _ type: any (Decodable & Sendable).Type, _ summary: String, status: HTTPResponse.Status = .ok,
            hasGeneration: Bool = false
        ) -> Answer {
            Answer(status: status, summary: summary, contents: [.json(type)], hasGeneration: hasGeneration)
        }
    }

    /// `operationId`.
    let id: String
    let method: HTTPRequest.Method
    let path: String
    let summary: String
    /// The smallest that may; nil: anybody, without a credential.
    var role: Role?
    /// What the audit log calls it; nil: it changes nothing.
    var action: String?
    var query: [Field] = []
    var body = Body.none
    let answers: [Answer]
    /// Statuses of problems beyond those that follow from the rest.
    var problems: [Int] = []
    let run: Run
    /// Without a query, callers that come close together share one answer.
    var isShared = false
    /// Answers the same idempotency key again where the first answer cannot be kept as it was.
    var again: Run?

    /// Names in the path.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Probes come with whatever query their sender likes.
    var checksQuery: Bool { path.hasPrefix("/v1/") }

    /// Every status that a problem may have here.
    var problemStatuses: [Int] {
        var statuses: Set<Int> = [429, 500, 503]
        if checksQuery { statuses.insert(400) }
        if role != nil { statuses.formUnion([401, 403]) }
        if !parameters.isEmpty { statuses.insert(404) }
        if action != nil { statuses.formUnion([404, 409, 412, 422, 507]) }
        if case .none = body {} else { statuses.formUnion([413, 415]) }
        return statuses.union(problems).sorted()
    }
}

import ControlPlane
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

/// Every operation, whatever is added to the table later.
struct AdminOperationTests {
    /// What a caller of each kind sends, and the role it has by that; nil: none.
    static let callers: [(name: String, token: String?, isSocket: Bool, role: Role?)] = [
        ("no credential", nil, false, nil), ("a forged token", "ptl_forged", false, nil),
        ("a viewer", "viewer", false, .viewer), ("an operator", "operator", false, .operator),
        ("an admin", "admin", false, .admin), ("the socket", nil, true, .admin),
    ]

    @Test(
        "who may is answered, who may not is refused, and refused changes are recorded", arguments: AdminOperation.all)
    func access(operation: AdminOperation) async throws {
        for caller in AdminOperationTests.callers {
            let front = AdminFront(isSocket: caller.isSocket)
            let answer = try await front.ask(
                operation.method, operation.example, operation.exampleBody, as: caller.token)
            let said = "\(operation.id) for \(caller.name): \(answer.status) \(answer.text)"
            let mayCall = operation.role.map { needed in caller.role.map { $0 >= needed } ?? false } ?? true
            if mayCall {
                #expect(operation.answers.contains { $0.status == answer.status }, "\(said)")
                #expect(front.service.refusals.isEmpty, "\(said)")
                continue
            }
            let outcome = caller.role == nil ? "unauthorized" : "forbidden"
            #expect(answer.refusal == "\(caller.role == nil ? 401 : 403) \(outcome)", "\(said)")
            #expect((answer.headers[.wwwAuthenticate] != nil) == (caller.role == nil), "\(said)")
            #expect(front.service.changes == 0 && front.service.commands.isEmpty, "\(said)")
            let recorded = front.service.refusals.map { [$0.action, $0.subject, $0.outcome] }
            #expect(recorded == (operation.action.map { [[$0, operation.path, outcome]] } ?? []), "\(said)")
        }
    }

    @Test("a revoked token is as good as none, on every change")
    func revoked() async throws {
        let changes = AdminOperation.all.filter { $0.action != nil }
        #expect(changes.count == 12)
        let front = AdminFront()
        front.service.state.withLock { $0.revoked = ["admin"] }
        for operation in changes {
            let answer = try await front.ask(operation.method, operation.example, operation.exampleBody)
            #expect(answer.status == .unauthorized || answer.status == .tooManyRequests, "\(operation.id)")
        }
        #expect(front.service.refusals.map(\.action) == changes.compactMap(\.action))
        #expect(front.service.refusals.map(\.outcome).last == "rate_limited")
    }

    static let kept = AdminOperation.all.filter { $0.action != nil }

    @Test("a change asked for twice with one key happens once, and is answered the same", arguments: kept)
    func repeated(operation: AdminOperation) async throws {
        let front = AdminFront()
        let key = ["idempotency-key": "k-1"]
        func ask(_ body: String?, _ query: String = "") async throws -> TestResponse {
            try await front.ask(operation.method, operation.example + query, body, as: "admin", key)
        }
        let first = try await ask(operation.exampleBody)
        let again = try await ask(operation.exampleBody)
        #expect(front.service.changes == 1)
        if operation.id == "createToken" {
            #expect(again.refusal == "409 secret_shown_once" && !again.text.contains("ptl_secret"))
            #expect(front.service.state.withLock { $0.answers["k-1"]?.body } == [])
        } else {
            #expect(again.status == first.status && again.text == first.text, "\(again.text)")
            #expect(again.headers[.location] == first.headers[.location])
            #expect(again.headers[.idempotencyReplayed] == "true" && first.headers[.idempotencyReplayed] == nil)
        }
        let other = try await front.ask(
            operation.method, operation.example, operation.exampleBody, as: operation.role?.rawValue, key)
        if operation.role != .admin { #expect(other.refusal == "422 idempotency_mismatch", "another caller") }
        #expect(front.service.changes == 1)
    }

    @Test("a change is made only on the generation that it was thought out on", arguments: kept)
    func conditional(operation: AdminOperation) async throws {
        for (tag, isMet) in [("7", true), ("\"7\"", true), ("W/\"7\"", true), ("*", true), ("6", false)] {
            let front = AdminFront()
            let answer = try await front.ask(
                operation.method, operation.example, operation.exampleBody, as: "admin", ["if-match": tag])
            let said = "\(operation.id) if \(tag): \(answer.text)"
            if isMet { #expect(answer.status.kind == .successful, "\(said)") }
            if !isMet { #expect(answer.refusal == "412 stale_generation", "\(said)") }
            #expect(front.service.changes == (isMet ? 1 : 0), "\(said)")
        }
        let wrong = try await AdminFront().ask(
            operation.method, operation.example, operation.exampleBody, as: "admin", ["if-match": "\"x\""])
        #expect(wrong.refusal == "400 bad_request")
    }

    @Test("every path tells the methods it takes", arguments: Set(AdminOperation.all.map(\.path)).sorted())
    func methods(path: String) async throws {
        let known = AdminOperation.all.filter { $0.path == path }
        for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options, .trace] {
            guard !known.contains(where: { $0.method == method }), let example = known.first?.example else { continue }
            let answer = try await AdminFront().ask(method, example)
            #expect(answer.refusal == "405 method_not_allowed", "\(method) \(path)")
            let allowed = known.flatMap { $0.method == .get ? ["GET", "HEAD"] : [$0.method.rawValue] }
            #expect(answer.headers[.allow] == allowed.joined(separator: ", "))
        }
    }

    @Test("an unknown parameter is refused wherever parameters mean something", arguments: AdminOperation.all)
    func strictQuery(operation: AdminOperation) async throws {
        let front = AdminFront()
        let answer = try await front.ask(operation.method, operation.example + "?frob=1", operation.exampleBody)
        if operation.checksQuery {
            #expect(answer.refusal == "400 bad_request" && answer.problem?.detail.hasPrefix("frob: no such") == true)
            for field in operation.query { #expect(answer.text.contains(field.name), "\(field.name) is named") }
            #expect(front.service.changes == 0)
        } else {
            #expect(answer.status == .ok)
        }
    }
}

extension AdminOperation {
    /// A path that the fake service knows.
    var example: String {
        let values = ["{cell}": "use-a", "{region}": "us-east", "{tenant}": "acme"]
        let id = path.contains("drains") ? "3" : "0a1b2c3d"
        return values.reduce(path) { $0.replacing($1.key, with: $1.value) }.replacing("{id}", with: id)
    }

    /// What is required and no more.
    var exampleBody: String? {
        guard case .json(let fields) = body else { return nil }
        let values = fields.filter(\.isRequired).map { "\"\($0.name)\": \($0.kind.example)" }
        return "{\(values.joined(separator: ", "))}"
    }
}

extension ValueKind {
    fileprivate var example: String {
        switch self {
        case .text: "\"x\""
        case .path: "\"/\""
        case .whole(let range): "\(range.lowerBound)"
        case .flag: "false"
        case .duration: "\"1h\""
        case .choice(let words): "\"\(words[0])\""
        case .texts: "[]"
        case .headers: "{}"
        }
    }
}

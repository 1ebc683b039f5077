import ControlPlane
import Foundation
import HTTPTypes
import HummingbirdTesting
import Policy
import Testing

@testable import Admin

struct AdminRoutesTests {
    static let rows: [(method: HTTPRequest.Method, path: String, status: Int, type: String)] = [
        (.get, "/healthz", 200, "text/plain; charset=utf-8"), (.get, "/readyz?a=b", 200, "text/plain; charset=utf-8"),
        (.head, "/readyz", 200, "text/plain; charset=utf-8"),
        (.get, "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"),
        (.get, "/v1/status", 200, "application/json"), (.head, "/v1/regions", 200, "application/json"),
        (.get, "/v1/cells/use-b", 200, "application/json"), (.get, "/v1/regions/us-east", 200, "application/json"),
        (.get, "/v1/openapi.json", 200, "application/json"),
        (.get, "/v1/cells/nowhere", 404, "application/problem+json"),
        (.get, "/v1/drains/x", 404, "application/problem+json"),
        (.get, "/v1/tenants/no", 404, "application/problem+json"),
        (.get, "/v1/nothing", 404, "application/problem+json"), (.post, "/v1/nothing", 404, "application/problem+json"),
        (.head, "/v1/nothing", 404, "application/problem+json"),
        (.head, "/v1/explain", 405, "application/problem+json"),
        (.head, "/v1/session-keys/rotate", 405, "application/problem+json"),
        (.post, "/v1/status", 405, "application/problem+json"), (.delete, "/metrics", 405, "application/problem+json"),
    ]

    @Test("each path answers with its status and type, names the request, and nothing is cached", arguments: rows)
    func answers(method: HTTPRequest.Method, path: String, status: Int, type: String) async throws {
        let answer = try await AdminFront().ask(method, path)
        #expect(answer.status.code == status)
        #expect(answer.headers[.contentType] == type)
        #expect(answer.headers[.cacheControl] == "no-store" && answer.headers[.xContentTypeOptions] == "nosniff")
        let id = try #require(answer.headers[.xRequestID])
        if method == .head { return #expect(answer.body.readableBytes == 0) }
        guard status >= 400 else { return }
        let problem = try #require(answer.problem)
        #expect(problem.status == status && !problem.title.isEmpty)
        #expect(problem.requestID == id && answer.text.contains("\"request_id\":\"\(id)\""))
        #expect(problem.reason == AdminRefusal.reason(of: answer.status))
    }

    @Test("not ready is 503 with the reason, for anybody")
    func notReady() async throws {
        let front = AdminFront(FakeService(.notReady(reason: "3 endpoints have not answered yet")))
        let answer = try await front.ask(.get, "/readyz", as: nil)
        #expect(answer.refusal == "503 not_ready" && answer.headers[.retryAfter] == "1")
        #expect(answer.text.contains("3 endpoints have not answered yet"))
        #expect(try await front.ask(.get, "/healthz", as: nil).status == .ok)
    }

    @Test("what comes out is what the service said, with names in snake case and the generation as etag")
    func values() async throws {
        let front = AdminFront()
        let status = try await front.ask(.get, "/v1/status")
        #expect(try AdminJSON.decode(Status.Edge.self, from: status.data) == Samples.status)
        #expect(status.headers[.eTag] == "\"7\"")
        #expect(status.text.contains("\"acknowledged_generations\":[7,6]"))
        #expect(status.text.contains("\"responses_2xx\":11"))
        let cells = try await front.ask(.get, "/v1/cells").data
        #expect(try AdminJSON.decode(CellList.self, from: cells) == Samples.cells)
        let unknown = try await front.ask(.get, "/v1/cells/nowhere")
        #expect(unknown.text.contains("there are use-a, use-b, euw-a"))
    }

    static let lists = [
        ("/v1/regions", 2), ("/v1/cells", 3), ("/v1/drains", 1), ("/v1/tenants", 3), ("/v1/datasets", 2),
        ("/v1/tokens", 1),
    ]

    @Test("a list comes in parts, each once and in order, whatever the parts' size", arguments: lists)
    func pages(path: String, count: Int) async throws {
        let front = AdminFront()
        let word = String(path.dropFirst("/v1/".count))
        func items(_ query: String) async throws -> (items: [BodyValue], next: String?) {
            let answer = try await front.ask(.get, path + query)
            let value = try JSONDecoder().decode(BodyValue.self, from: answer.data)
            guard case .object(let object) = value, case .list(let items)? = object[word] else {
                Issue.record("\(answer.text)")
                return ([], nil)
            }
            return (items, object["next"].flatMap { if case .text(let text) = $0 { text } else { nil } })
        }
        let whole = try await items("")
        #expect(whole.items.count == count && whole.next == nil)
        for limit in 1...4 {
            var seen: [BodyValue] = []
            var (part, next) = try await items("?limit=\(limit)")
            while true {
                #expect(part.count <= limit)
                seen += part
                guard let mark = next else { break }
                (part, next) = try await items("?limit=\(limit)&after=\(mark)")
            }
            #expect(seen == whole.items, "\(limit) at a time")
        }
        for wrong in ["limit=0", "limit=1001", "limit=x", "limit=-1", "after=%FF", "after=!", "limit=1&limit=2"] {
            #expect(try await front.ask(.get, "\(path)?\(wrong)").refusal == "400 bad_request", "\(wrong)")
        }
    }

    @Test("events and audit go on from a number")
    func history() async throws {
        let front = AdminFront()
        func numbers<List: Decodable>(_ path: String, _ read: (List) -> ([UInt64], UInt64?)) async throws -> String {
            let list = try AdminJSON.decode(List.self, from: try await front.ask(.get, path).data)
            let (numbers, next) = read(list)
            return numbers.map(String.init).joined(separator: " ") + (next.map { " next \($0)" } ?? "")
        }
        let events: (EventPage) -> ([UInt64], UInt64?) = { ($0.events.map(\.number), $0.next) }
        #expect(try await numbers("/v1/events", events) == "1 2 3 4 5")
        #expect(try await numbers("/v1/events?limit=2", events) == "4 5 next 5", "the newest")
        #expect(try await numbers("/v1/events?limit=2&since=1", events) == "2 3 next 3")
        #expect(try await numbers("/v1/events?subject=use-b", events) == "2")
        #expect(try await numbers("/v1/events?subject=use-a&limit=1", events) == "5 next 5", "the newest about it")
        let audit: (AuditList) -> ([UInt64], UInt64?) = { ($0.entries.map(\.number), $0.next) }
        #expect(try await numbers("/v1/audit?limit=2", audit) == "5 4 next 4")
        #expect(try await numbers("/v1/audit?limit=3&before=4", audit) == "3 2 1")
        #expect(try await numbers("/v1/audit?limit=2&after=1", audit) == "2 3 next 3")
        #expect(try await front.ask(.get, "/v1/audit?after=1&before=2").refusal == "400 bad_request")
    }

    @Test("bodies have a type and a longest")
    func bodies() async throws {
        let front = AdminFront()
        let path = "/v1/cells/use-a/weight"
        let body = #"{"percent": 1, "reason": "r"}"#
        let form = try await front.ask(
            .put, path, body, as: "admin", ["content-type": "application/x-www-form-urlencoded"])
        #expect(form.refusal == "415 unsupported_media_type" && form.text.contains("application/json"))
        let typed = ["content-type": "Application/JSON; charset=utf-8"]
        #expect(try await front.ask(.put, path, body, as: "admin", typed).status == .ok)
        let long = #"{"percent": 1, "reason": ""# + String(repeating: "x", count: AdminRoutes.maxBytes) + #""}"#
        #expect(try await front.ask(.put, path, long).refusal == "413 body_too_large")
        #expect(front.service.changes == 1)
    }

    private static let weight = #"{"percent": 1, "reason": "r"}"#

    struct Mistake: Sendable {
        var path = "/v1/cells/use-a/weight"
        var body = weight
        var headers: [String: String] = [:]
        let outcome: String
        var method = HTTPRequest.Method.put
    }

    static let mistakes = [
        Mistake(body: "{", outcome: "bad_request"), Mistake(body: #"{"percent": 1}"#, outcome: "bad_request"),
        Mistake(path: "/v1/cells/use-a/weight?frob=1", outcome: "bad_request"),
        Mistake(headers: ["if-match": "x"], outcome: "bad_request"),
        Mistake(headers: ["idempotency-key": "a b"], outcome: "bad_request"),
        Mistake(headers: ["content-type": "text/css"], outcome: "unsupported_media_type"),
        Mistake(body: String(repeating: " ", count: AdminRoutes.maxBytes + 1), outcome: "body_too_large"),
        Mistake(headers: ["idempotency-key": "other"], outcome: "idempotency_mismatch"),
        Mistake(path: "/v1/config", body: "version: 1", outcome: "file_is_the_truth", method: .post),
        Mistake(path: "/v1/drains/99", body: "", outcome: "not_found", method: .delete),
    ]

    @Test("a change of a known caller that is refused for its form is in the audit log", arguments: mistakes)
    func recordsMistakes(mistake: Mistake) async throws {
        let front = AdminFront()
        let other = ["idempotency-key": "other"]
        _ = try await front.ask(.delete, "/v1/regions/us-east/dial", as: "admin", other)
        let answer = try await front.ask(
            mistake.method, mistake.path, mistake.body, as: "admin", mistake.headers)
        #expect(answer.problem?.reason == mistake.outcome)
        let recorded = front.service.refusals.map { [$0.who, $0.subject, $0.outcome] }
        let subject = mistake.path.split(separator: "?").first.map(String.init) ?? ""
        #expect(recorded == [["a admin", subject, mistake.outcome]])
        #expect(front.service.changes == 1)
    }

    @Test("a dry run that is refused is no refused change, nor is a reading")
    func recordsNoDryRun() async throws {
        let front = AdminFront()
        let drain = #"{"target": "use-a", "mode": "now", "over": "1s", "reason": "r", "dry_run": true}"#
        #expect(try await front.ask(.post, "/v1/drains", drain).refusal == "400 bad_request")
        let css = ["content-type": "text/css"]
        let config = try await front.ask(.post, "/v1/config?dry_run=true", "a", as: "admin", css)
        #expect(config.refusal == "415 unsupported_media_type")
        #expect(try await front.ask(.get, "/v1/cells/nowhere").refusal == "404 not_found")
        #expect(front.service.refusals.isEmpty)
    }

    @Test("of two requests with one key at the same time one waits for no other")
    func race() async throws {
        let (held, holder) = AsyncStream<Void>.makeStream()
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let service = FakeService(hold: {
            holder.yield()
            for await _ in gate { break }
        })
        let front = AdminFront(service)
        @Sendable func ask() async throws -> TestResponse {
            try await front.ask(
                .put, "/v1/cells/use-a/weight", #"{"percent": 1, "reason": "r"}"#, as: "admin",
                ["idempotency-key": "one"])
        }
        async let first = ask()
        for await _ in held { break }
        #expect(try await ask().refusal == "409 idempotency_in_progress")
        #expect(service.refusals.map(\.outcome) == ["idempotency_in_progress"])
        opener.yield()
        #expect(try await first.status == .ok)
        #expect(try await ask().headers[.idempotencyReplayed] == "true")
        #expect(service.changes == 1)
        for key in ["", "a b", String(repeating: "k", count: 129), "ü"] {
            let answer = try await front.ask(
                .delete, "/v1/regions/us-east/dial", as: "admin", ["idempotency-key": key])
            #expect(answer.refusal == "400 bad_request", "\(key)")
        }
    }
}

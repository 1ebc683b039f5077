import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Policy
import Testing

@testable import Admin

struct AdminRoutesOperatorTests {
    private func answer(
        _ method: HTTPRequest.Method, _ path: String, _ body: String = "", _ desk: OperatorDesk,
        acceptsChanges: Bool = true
    ) async throws -> TestResponse {
        let source = AdminSource(
            readiness: { .ready }, status: { SmallReading.status }, regions: { SmallReading.regions },
            cells: { SmallReading.cells }, metrics: { SmallReading.metrics }, operations: desk.operations)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let routes = AdminRoutes(source: source, logger: logger, acceptsChanges: acceptsChanges)
        let application = Application(router: routes.router(), logger: logger)
        return try await application.test(.router) {
            try await $0.execute(uri: path, method: method, body: ByteBuffer(string: body))
        }
    }

    typealias Change = OperatorCommand.Change

    static let commands: [(HTTPRequest.Method, String, String, Int, Change)] = [
        (
            .put, "/v1/cells/use-a/weight", #"{"percent": 37, "reason": "r"}"#, 200,
            .setWeight(cell: "use-a", percent: 37)
        ),
        (.delete, "/v1/cells/use%2Da/weight?reason=%72", "", 200, .resetWeight(cell: "use-a")),
        (
            .put, "/v1/regions/us-east/dial", #"{"percent": 0, "reason": "r"}"#, 200,
            .setDial(region: "us-east", percent: 0)
        ),
        (.delete, "/v1/regions/us-east/dial?reason=r", "", 200, .resetDial(region: "us-east")),
        (
            .post, "/v1/drains", #"{"target": "use-a", "reason": "r"}"#, 202,
            .drain(target: "use-a", mode: .ramp, overMilliseconds: nil)
        ),
        (
            .post, "/v1/drains", #"{"target": "use-a", "mode": "ramp", "over": "90s", "reason": "r"}"#, 202,
            .drain(target: "use-a", mode: .ramp, overMilliseconds: 90_000)
        ),
        (
            .post, "/v1/drains", #"{"target": "us-east", "mode": "now", "reason": "r", "dry_run": true}"#, 200,
            .drain(target: "us-east", mode: .now, overMilliseconds: nil)
        ),
        (.delete, "/v1/drains/3?reason=r", "", 202, .undrainID(3)),
    ]

    @Test("each change becomes its command, on the Unix socket only", arguments: commands)
    func changes(
        method: HTTPRequest.Method, path: String, body: String, status: Int, change: OperatorCommand.Change
    ) async throws {
        let desk = OperatorDesk()
        let answer = try await answer(method, path, body, desk)
        #expect(answer.status.code == status)
        #expect(answer.headers[.contentType] == "application/json")
        #expect(desk.commands == [OperatorCommand(change, reason: "r", who: "admin socket")])
        let other = OperatorDesk()
        let refusal = try await self.answer(method, path, body, other, acceptsChanges: false)
        #expect(refusal.status == .forbidden && other.commands.isEmpty)
        #expect(String(buffer: refusal.body).contains("Unix socket only"))
    }

    @Test("expiry and force reach the command")
    func options() async throws {
        let desk = OperatorDesk()
        let drain = #"{"target": "use-a", "reason": "r", "expires_in": "12h", "force": true}"#
        #expect(try await answer(.post, "/v1/drains", drain, desk).headers[.location] == "/v1/drains/3")
        let weight = #"{"percent": 1, "reason": "r", "expires_in": "2h"}"#
        _ = try await answer(.put, "/v1/cells/use-a/weight", weight, desk)
        #expect(desk.commands.map(\.expiresInMilliseconds) == [43_200_000, 7_200_000])
        #expect(desk.commands.map(\.isForced) == [true, false])
    }

    static let wrong: [(body: String, detail: String)] = [
        ("", "the body is not JSON"), ("[]", "the body is a list"), ("{", "the body is not JSON"),
        (#"{"percent": 1}"#, "reason: missing or empty"), (#"{"reason": "r"}"#, "percent: missing"),
        (#"{"percent": "1", "reason": "r"}"#, "percent: a text is no whole number"),
        (#"{"percent": 1.5, "reason": "r"}"#, "percent: 1.5 is no whole number"),
        (#"{"percent": true, "reason": "r"}"#, "percent: true is no whole number"),
        (#"{"percent": 1, "reason": null}"#, "reason: null is no text"),
        (
            #"{"percent": 1, "reason": "r", "expires": "2h"}"#,
            "expires: no such key; there are percent, reason, expires_in"
        ),
        (#"{"percent": 1, "reason": "r", "expires_in": "2 hours"}"#, "expires_in: “2 hours” is no duration"),
    ]

    @Test("a body is read strictly, and the refusal names the place", arguments: wrong)
    func strict(body: String, detail: String) async throws {
        let desk = OperatorDesk()
        let answer = try await answer(.put, "/v1/cells/use-a/weight", body, desk)
        #expect(answer.status == .badRequest && desk.commands.isEmpty)
        let problem = try AdminJSON.decode(AdminProblem.self, from: Data(answer.body.readableBytesView))
        #expect(problem.detail.hasPrefix(detail), "\(problem.detail)")
    }

    @Test("bodies have a longest, modes a list, and paths their methods")
    func bounds() async throws {
        let desk = OperatorDesk()
        let long = #"{"percent": 1, "reason": ""# + String(repeating: "x", count: StrictBody.maxBytes) + #""}"#
        #expect(try await answer(.put, "/v1/cells/use-a/weight", long, desk).status == .contentTooLarge)
        let mode = #"{"target": "use-a", "reason": "r", "mode": "later"}"#
        #expect(try await answer(.post, "/v1/drains", mode, desk).status == .badRequest)
        let over = #"{"target": "use-a", "reason": "r", "mode": "now", "over": "3s"}"#
        #expect(try await answer(.post, "/v1/drains", over, desk).status == .badRequest)
        let post = try await answer(.post, "/v1/cells/use-a/weight", "{}", desk)
        #expect(post.status == .methodNotAllowed && post.headers[.allow] == "PUT, DELETE")
        #expect(try await answer(.put, "/v1/drains", "{}", desk).headers[.allow] == "GET, HEAD, POST")
        #expect(desk.commands.isEmpty)
    }

    @Test("a refusal keeps its status, its code and its words")
    func refusal() async throws {
        let drain = #"{"target": "nowhere", "reason": "r"}"#
        let answer = try await answer(.post, "/v1/drains", drain, OperatorDesk())
        #expect(answer.status == .notFound && answer.headers[.contentType] == "application/problem+json")
        let problem = try AdminJSON.decode(AdminProblem.self, from: Data(answer.body.readableBytesView))
        #expect(problem.code == "unknown_target" && problem.detail.hasPrefix("no cell or region “nowhere”"))
    }

    @Test("a drain is shown at once, or once it is settled")
    func waits() async throws {
        let desk = OperatorDesk(pollsUntilSettled: 3)
        let first = try await answer(.get, "/v1/drains/3", "", desk)
        let drain = try AdminJSON.decode(Status.Drain.self, from: Data(first.body.readableBytesView))
        #expect(drain == OperatorDesk.drain("ramping") && desk.polls == 1)
        let later = try await answer(.get, "/v1/drains/3?wait=30s", "", desk)
        #expect(String(buffer: later.body).contains(#""state":"drained""#) && desk.polls == 4)
        let patience = try await answer(.get, "/v1/drains/3?wait=20ms", "", OperatorDesk(pollsUntilSettled: 99))
        #expect(String(buffer: patience.body).contains(#""state":"ramping""#))
        #expect(try await answer(.get, "/v1/drains/3?wait=31s", "", desk).status == .badRequest)
        // The connection must not end before the wait does.
        #expect(Int64(AdminRoutes.maxWaitMilliseconds) * 1_000_000 < ConnectionBounds.patience.nanoseconds)
        #expect(try await answer(.get, "/v1/drains/4", "", desk).status == .notFound)
        #expect(try await answer(.get, "/v1/drains", "", desk, acceptsChanges: false).status == .ok)
    }

    @Test("explain passes the request on, and answers everywhere: it changes nothing")
    func explains() async throws {
        let desk = OperatorDesk()
        let body = #"{"method": "GET", "path": "/a?b", "headers": {"Host": "x", "X-Region": ["us", "eu"]}}"#
        let answer = try await answer(.post, "/v1/explain", body, desk, acceptsChanges: false)
        #expect(answer.status == .ok && String(buffer: answer.body).contains("local_region"))
        #expect(desk.asked.map(\.path) == ["/a?b"])
        #expect(desk.asked.first?.headers == ["host": ["x"], "x-region": ["us", "eu"]])
        for wrong in [#"{"method": "GET", "path": "a"}"#, #"{"method": "GET", "path": "/", "headers": {"a": 1}}"#] {
            #expect(try await self.answer(.post, "/v1/explain", wrong, desk).status == .badRequest)
        }
    }
}

import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import Admin

struct AdminRoutesTests {
    private func answer(
        _ method: HTTPRequest.Method, _ path: String, _ readiness: AdminSource.Readiness = .ready
    ) async throws -> TestResponse {
        let source = AdminSource(
            readiness: { readiness }, status: { SmallReading.status }, regions: { SmallReading.regions },
            cells: { SmallReading.cells }, metrics: { SmallReading.metrics },
            operations: OperatorDesk().operations)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let application = Application(
            router: AdminRoutes(source: source, logger: logger, acceptsChanges: true).router(), logger: logger)
        return try await application.test(.router) { try await $0.execute(uri: path, method: method) }
    }

    static let rows: [(method: HTTPRequest.Method, path: String, status: Int, type: String)] = [
        (.get, "/healthz", 200, "text/plain; charset=utf-8"), (.get, "/readyz", 200, "text/plain; charset=utf-8"),
        (.head, "/readyz", 200, "text/plain; charset=utf-8"),
        (.get, "/metrics", 200, "text/plain; version=0.0.4; charset=utf-8"),
        (.get, "/v1/status", 200, "application/json"), (.get, "/v1/regions", 200, "application/json"),
        (.get, "/v1/cells", 200, "application/json"), (.get, "/v1/cells/use-b", 200, "application/json"),
        (.get, "/v1/cells/nowhere", 404, "application/problem+json"), (.get, "/", 404, "application/problem+json"),
        (.get, "/v1/nothing", 404, "application/problem+json"), (.post, "/v1/nothing", 404, "application/problem+json"),
        (.post, "/v1/status", 405, "application/problem+json"), (.delete, "/metrics", 405, "application/problem+json"),
        (.put, "/v1/cells/use-a", 405, "application/problem+json"),
    ]

    @Test("each path answers with its status and type, and nothing is cached", arguments: rows)
    func answers(method: HTTPRequest.Method, path: String, status: Int, type: String) async throws {
        let answer = try await answer(method, path)
        #expect(answer.status.code == status)
        #expect(answer.headers[.contentType] == type)
        #expect(answer.headers[.cacheControl] == "no-store")
        if status == 405 { #expect(answer.headers[.allow] == "GET, HEAD") }
        if status >= 400 {
            let problem = try AdminJSON.decode(AdminProblem.self, from: Data(answer.body.readableBytesView))
            #expect(problem.status == status)
            #expect(problem.title == answer.status.reasonPhrase)
        }
    }

    @Test("not ready is 503 with the reason")
    func notReady() async throws {
        let answer = try await answer(.get, "/readyz", .notReady(reason: "3 endpoints have not answered yet"))
        #expect(answer.status == .serviceUnavailable)
        #expect(answer.headers[.retryAfter] == "1")
        #expect(String(buffer: answer.body).contains("3 endpoints have not answered yet"))
        #expect(try await self.answer(.get, "/healthz", .notReady(reason: "x")).status == .ok)
    }

    @Test("what comes out is what the source said, with names in snake case")
    func values() async throws {
        func body(_ path: String) async throws -> Data { Data(try await answer(.get, path).body.readableBytesView) }
        let status = try await body("/v1/status")
        #expect(try AdminJSON.decode(Status.Edge.self, from: status) == SmallReading.status)
        #expect(try AdminJSON.decode(RegionList.self, from: await body("/v1/regions")) == SmallReading.regions)
        #expect(try AdminJSON.decode(CellList.self, from: await body("/v1/cells")) == SmallReading.cells)
        let cell = try AdminJSON.decode(Status.Cell.self, from: await body("/v1/cells/use-b"))
        #expect(cell == SmallReading.cells.cells[1])
        let text = String(decoding: status, as: UTF8.self)
        #expect(text.contains("\"acknowledged_generations\":[7,6]"))
        #expect(text.contains("\"responses_2xx\":11"))
    }

    @Test("a cell that is not there is told from those that are")
    func unknownCell() async throws {
        let text = String(buffer: try await answer(.get, "/v1/cells/nowhere").body)
        #expect(text.contains("there are use-a, use-b, euw-a"))
    }
}

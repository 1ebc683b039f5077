import ControlPlane
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Model
import Synchronization
import Testing

@testable import Admin

/// Somebody before a fake edge's dashboard, with cookies and without a network.
final class Browser: Sendable {
    let edge: FakeEdge
    let dashboard: Dashboard
    private let cookie = Mutex<String?>(nil)
    private let caller: Caller?

    /// - Parameter caller: known by the connection; nil: nobody.
    init(_ edge: FakeEdge = FakeEdge(), caller: Caller? = nil, isSecure: Bool = false) {
        (self.edge, self.caller) = (edge, caller)
        let time = Pocket()
        pocket = time
        let clock = ControlClock(
            now: { LoopTime(nanoseconds: time.milliseconds.withLock { $0 } * 1_000_000) }, wallNanoseconds: { 0 },
            sleep: { deadline in
                // Nobody waits: time goes on instead.
                time.milliseconds.withLock { $0 = max($0, deadline.nanoseconds / 1_000_000) }
                await Task.yield()
            })
        dashboard = Dashboard(parts: Browser.parts(edge, clock), isSecure: isSecure)
    }

    static func parts(_ edge: FakeEdge, _ clock: ControlClock) -> AdminParts {
        AdminParts(
            service: edge, doorkeeper: Doorkeeper(Configuration.Admin(), edge, clock), limits: TrafficLimits(clock),
            clock: clock, logger: silent)
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A watch that only moves when it is told to.
    final class Pocket: Sendable { let milliseconds = Mutex<UInt64>(1_000_000) }
    private let pocket: Pocket

    func wait(milliseconds: UInt64) { pocket.milliseconds.withLock { $0 += milliseconds } }

    var signedIn: String? { cookie.withLock { $0 } }
    func carry(_ text: String?) { cookie.withLock { $0 = text } }

    private struct Known: RouterMiddleware {
        let caller: Caller?
        func handle(
            _ request: Request, context: AdminContext,
            next: (Request, AdminContext) async throws -> Response
        ) async throws -> Response {
            var context = context
            context.caller = caller
            context.from = caller?.from ?? "127.0.0.1"
            return try await next(request, context)
        }
    }

    func application() -> some ApplicationProtocol {
        let router = Router(context: AdminContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: Known(caller: caller))
        dashboard.add(to: router)
        return Application(router: router, logger: Browser.silent)
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, form: [String: String]? = nil, headers: HTTPFields = [:]
    ) async throws -> TestResponse {
        var headers = headers
        if let cookie = signedIn { headers[.cookie] = "other=1; \(cookie)" }
        if form != nil { headers[.contentType] = "application/x-www-form-urlencoded" }
        let body = (form ?? [:]).map { "\(Escaping.segment($0.key))=\(Escaping.segment($0.value))" }
        let (sent, text) = (headers, body.joined(separator: "&"))
        let response = try await application().test(.router) {
            try await $0.execute(uri: path, method: method, headers: sent, body: ByteBuffer(string: text))
        }
        if let set = response.headers[.setCookie] {
            let pair = set.prefix { $0 != ";" }
            carry(pair.hasSuffix("=") ? nil : String(pair))
        }
        return response
    }

    func page(_ path: String) async throws -> String { String(buffer: try await ask(.get, path).body) }

    /// The token of the forms on the overview.
    func formToken() async throws -> String {
        let match = try await page("/ui/explain").firstMatch(of: /name="form_token" value="([0-9a-f]+)"/)
        return match.map { String($0.1) } ?? ""
    }

    /// Fills a form in on our own page.
    func submit(_ path: String, _ form: [String: String]) async throws -> TestResponse {
        let token = try await formToken()
        return try await ask(.post, path, form: form.merging(["form_token": token]) { $1 })
    }

    func signIn(_ secret: String) async throws -> TestResponse {
        try await ask(.post, "/login", form: ["token": secret, "to": "/"])
    }

    /// Signed in with a token of that role.
    static func signed(in role: Role, edge: FakeEdge = FakeEdge()) async throws -> Browser {
        let browser = Browser(edge)
        edge.admit("ptl_\(role.rawValue)", role)
        let answer = try await browser.signIn("ptl_\(role.rawValue)")
        try #require(answer.status == .seeOther)
        return browser
    }
}

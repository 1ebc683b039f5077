import ControlPlane
import Foundation
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Admin

struct LivePageTests {
    static let paths: [(String, LivePage)] = [
        ("/", .overview), ("/ui/cells/use%2Da", .subject(.cell("use-a"))),
        ("/ui/regions/eu-west", .subject(.region("eu-west"))),
        ("/ui/drains", .drains), ("/ui/events", .events), ("/ui/events/older", .other), ("/x", .other),
    ]

    @Test("a path is the page that it shows", arguments: paths)
    func reads(path: String, page: LivePage) { #expect(LivePage(path: path) == page) }

    @Test("what an update replaces stands on the page, and holds no field that somebody types in", arguments: paths)
    func parts(path: String, page: LivePage) async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .operator, edge: edge)
        let glimpse = await browser.dashboard.keeper.look()
        let caller = edge.admit("x", .operator)
        let visitor = Visitor(caller: caller, formToken: "t", isSignedIn: true)
        let shown = try await browser.page(path == "/x" || path.hasSuffix("older") ? "/ui/explain" : path)
        for fragment in page.fragments(glimpse, visitor) {
            #expect(shown.contains("id=\"\(fragment.id)\""), "\(fragment.id)")
            let fields = fragment.html.text.matches(of: /<(input|select|textarea)[^>]*>/).map { String($0.0) }
            #expect(fields.allSatisfy { $0.contains("type=\"hidden\"") })
        }
    }

    /// Reads what a live page is sent until `isEnough`, and leaves.
    private func follow(_ browser: Browser, until isEnough: @escaping @Sendable (String) -> Bool) async throws -> String
    {
        let (pieces, teller) = AsyncStream<String>.makeStream()
        let task = Task {
            let answer = try await browser.ask(.get, "/ui/live?at=/ui/cells/use-a")
            teller.yield(String(buffer: answer.body))
            teller.finish()
        }
        var text = ""
        for await piece in pieces {
            text += piece
            if isEnough(text) { task.cancel() }
        }
        return text
    }

    @Test("a live page tells what changed, and its end with the token")
    func updates() async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .operator, edge: edge)
        edge.with { state in
            state.weights["use-a"] = Status.Setting(percent: 1, reason: "r", who: "w", setAt: "t", expiresAt: nil)
        }
        // The token ends while the page is open: the third time that it is asked about.
        let text = try await withThrowingTaskGroup(of: String?.self) { group in
            group.addTask { try await follow(browser) { _ in false } }
            group.addTask {
                while edge.with({ $0.looks }) < 4 { await Task.yield() }
                edge.emit("CELL_DOWN", "use-a", "all endpoints are down")
                let looks = edge.with { $0.looks }
                while edge.with({ $0.looks }) < looks + 4 { await Task.yield() }
                edge.with { $0.callers = [:] }
                return nil
            }
            return try await group.reduce("") { $1 ?? $0 }
        }
        #expect(text.hasPrefix("retry: 2000\n\ndata: {\"parts\":{\"cell-drain\":"))
        #expect(text.contains("data-share=\\\"use-a\\\">1 %") && text.hasSuffix("event: ended\ndata: {}\n\n"))
        #expect(text.contains("\"say\":\"CELL_DOWN use-a: all endpoints are down\""))
        #expect(browser.dashboard.live.take() != nil)
    }

    @Test("so many pages and no more")
    func bounds() async throws {
        let browser = try await Browser.signed(in: .viewer)
        let taken = (0..<Dashboard.maxLive).compactMap { _ in browser.dashboard.live.take() }
        #expect(taken.count == Dashboard.maxLive)
        #expect(try await browser.ask(.get, "/ui/live?at=/").status == .serviceUnavailable)
        withExtendedLifetime(taken) {}
        #expect(String(buffer: try await Browser().ask(.get, "/ui/live").body) == "event: ended\ndata: {}\n\n")
    }

    @Test("a live page ends for whoever is not known by the connection any more")
    func forgotten() async throws {
        // Its name is not in the configuration, or was taken out of it since.
        let certificate = Caller(name: "certificate ci", role: .admin, from: "10.0.0.1")
        let answer = try await Browser(caller: certificate).ask(.get, "/ui/live?at=/")
        #expect(String(buffer: answer.body) == "retry: 2000\n\nevent: ended\ndata: {}\n\n")

        let browser = Browser(caller: Caller(name: "t", role: .viewer, from: "10.0.0.1"))
        browser.edge.admit("ptl_t", .viewer)
        async let live = browser.ask(.get, "/ui/live?at=/", headers: [.authorization: "Bearer ptl_t"])
        while browser.edge.with({ $0.looks }) < 4 { await Task.yield() }
        browser.edge.with { $0.callers = [:] }
        #expect(String(buffer: try await live.body).hasSuffix("event: ended\ndata: {}\n\n"))
    }
}

import ControlPlane
import Foundation
import HummingbirdTesting
import Policy
import Testing

@testable import Admin

/// What is sent twice.
struct DashboardOnceTests {
    private static func keys(_ page: String) -> [String] {
        page.matches(of: /name="form_key" value="([^"]+)"/).map { String($0.1) }
    }

    private static let weight = ["percent": "7", "reason": "canary", "intent": "set", "form_key": "0a1b"]

    private static let repeated = "Nothing was changed now: this form was carried out before."

    @Test("a form that changes something has a key of its own, each time that its page is made")
    func haveKeys() async throws {
        let browser = try await Browser.signed(in: .operator)
        _ = try await browser.submit("/ui/cells/use-a/weight", DashboardOnceTests.weight)
        let drain = ["mode": "now", "reason": "r", "intent": "confirm"]
        _ = try await browser.submit("/ui/cells/use-b/drain", drain)
        var seen: Set<String> = []
        for _ in 0..<2 {
            let keys = DashboardOnceTests.keys(try await browser.page("/ui/cells/use-a"))
            #expect(keys.count == 2, "the weight and its way back")
            for key in keys { #expect(key.count == 64 && seen.insert(key).inserted) }
        }
        let preview = ["mode": "now", "reason": "r", "intent": "preview", "form_key": "0a1b"]
        let tried = String(buffer: try await browser.submit("/ui/regions/us-west/drain", preview).body)
        let confirm = DashboardOnceTests.keys(tried)
        #expect(!confirm.isEmpty && !confirm.contains("0a1b") && Set(confirm).count == confirm.count)
        let undo = DashboardOnceTests.keys(try await browser.page("/ui/drains"))
        let again = DashboardOnceTests.keys(try await browser.page("/ui/drains"))
        #expect(undo.count == 1 && undo == again)
    }

    @Test("undoing a drain is one change whatever is published meanwhile; letting it go on is another each time")
    func undoKeys() async throws {
        let browser = try await Browser.signed(in: .operator)
        _ = try await browser.submit("/ui/cells/use-a/drain", ["mode": "now", "reason": "r", "intent": "confirm"])
        var seen: [String] = []
        for (state, generation) in [("ramping", 500), ("drained", 501), ("held", 502), ("held", 502), ("held", 503)] {
            browser.edge.with { edge in
                (edge.drains[0].state, edge.drains[0].generation) = (state, UInt64(generation))
            }
            browser.wait(milliseconds: GlimpseKeeper.freshMilliseconds)
            seen += DashboardOnceTests.keys(try await browser.page("/ui/drains"))
        }
        #expect(seen.count == 5 && seen[0] == seen[1] && seen[2] == seen[3])
        #expect(Set(seen).count == 3)
    }

    static let forms: [(String, [String: String])] = [
        ("/ui/cells/use-a/weight", weight), ("/ui/regions/us-east/dial", weight),
        ("/ui/cells/use-a/weight", weight.merging(["intent": "reset"]) { $1 }),
        ("/ui/cells/use-a/drain", ["mode": "now", "reason": "r", "intent": "confirm", "form_key": "0a1b"]),
        ("/ui/drains/7/undrain", ["form_key": "412"]),
    ]

    @Test("a form that comes twice is carried out once, and its sender is told", arguments: forms)
    func twice(path: String, form: [String: String]) async throws {
        let browser = try await Browser.signed(in: .operator)
        let first = try await browser.submit(path, form)
        let place = try #require(first.headers[.location])
        let again = try await browser.submit(path, form)
        #expect(again.status == .seeOther && again.headers[.location] == place)
        #expect(browser.edge.with { $0.commands.count } == 1)
        #expect(try await browser.page(place).contains(DashboardOnceTests.repeated))
        _ = try await browser.submit(path, form.merging(["form_key": "2c3d"]) { $1 })
        #expect(browser.edge.with { $0.commands.count } == 2, "another form")
    }

    @Test("filled in anew after a step back, a form asks for another change; what was refused is tried again")
    func anew() async throws {
        let browser = try await Browser.signed(in: .operator)
        let path = "/ui/cells/use-a/weight"
        browser.edge.with { $0.refusal = .stale(inForce: 99) }
        #expect(try await browser.submit(path, DashboardOnceTests.weight).status.code == 412)
        browser.edge.with { $0.refusal = nil }
        for percent in ["7", "8", "7"] {
            let form = DashboardOnceTests.weight.merging(["percent": percent]) { $1 }
            #expect(try await browser.submit(path, form).status == .seeOther)
        }
        let changes = browser.edge.with { $0.commands.map(\.change) }
        #expect(changes == [7, 7, 8].map { .setWeight(cell: "use-a", percent: $0) })
        let page = try await browser.page("/ui/cells/use-a")
        #expect(page.contains(DashboardOnceTests.repeated))
        #expect(!page.contains("use-a is 7 %") && !page.contains("notice good"), "8 % is in force")
    }

    @Test("the second click waits for what the first one does")
    func together() async throws {
        let browser = try await Browser.signed(in: .operator)
        let token = try await browser.formToken()
        let form = DashboardOnceTests.weight.merging(["form_token": token]) { $1 }
        let (gate, opener) = AsyncStream<Void>.makeStream()
        let (held, holder) = AsyncStream<Void>.makeStream()
        browser.edge.with {
            $0.hold = {
                holder.yield()
                for await _ in gate { break }
            }
        }
        async let first = browser.ask(.post, "/ui/cells/use-a/weight", form: form)
        for await _ in held { break }
        browser.edge.with { $0.hold = {} }
        async let second = browser.ask(.post, "/ui/cells/use-a/weight", form: form)
        for _ in 0..<20 { await Task.yield() }
        opener.finish()
        #expect(try await [first.status, second.status] == [.seeOther, .seeOther])
        #expect(browser.edge.with { $0.commands.count } == 1)
    }

    @Test("a reason is as long as the API takes it, in the form and behind it")
    func reasons() async throws {
        let browser = try await Browser.signed(in: .operator)
        #expect(
            try await browser.page("/ui/cells/use-a").contains(
                "name=\"reason\" value=\"\" type=\"text\" required maxlength=\"500\""))
        let path = "/ui/cells/use-a/weight"
        for (count, status) in [(500, 303), (501, 400)] {
            let reason = String(repeating: "ü", count: count)
            for (path, form) in [
                (path, ["percent": "7", "intent": "set"]),
                ("/ui/regions/us-east/drain", ["mode": "now", "intent": "confirm"]),
                ("/ui/drains/7/undrain", [:]),
            ] {
                let answer = try await browser.submit(path, form.merging(["reason": reason]) { $1 })
                #expect(answer.status.code == status, "\(path) with \(count)")
                if status == 400 { #expect(String(buffer: answer.body).contains("The reason has 501 characters")) }
            }
        }
        #expect(browser.edge.with { $0.commands.count } == 3)
        let endless = ["percent": "7", "reason": "r", "intent": "set", "expires_in": "99999999999999999d"]
        #expect(try await browser.submit(path, endless).status == .badRequest)
    }
}

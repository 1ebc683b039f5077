import ControlPlane
import Foundation
import HTTPTypes
import HummingbirdTesting
import Policy
import Testing

@testable import Admin

struct DashboardTests {
    static let pages = [
        "/", "/ui/cells/use-a", "/ui/cells/aps-b", "/ui/regions/us-east", "/ui/drains", "/ui/events",
        "/ui/events?before=4", "/ui/audit", "/ui/explain",
    ]

    @Test("a page is whole: a title, one main, one h1, a language", arguments: pages)
    func isWhole(path: String) async throws {
        let browser = try await Browser.signed(in: .admin)
        let answer = try await browser.ask(.get, path)
        #expect(answer.status == .ok && answer.headers[.cacheControl] == "no-store")
        let text = String(buffer: answer.body)
        #expect(text.contains("<html lang=\"en\">") && text.contains("· edge-1 · Portolan</title>"))
        for once in ["<main ", "<h1", "id=\"announce\"", "id=\"connection\"", "id=\"strip\""] {
            #expect(text.components(separatedBy: once).count == 2, "\(once) in \(path)")
        }
        #expect(!text.contains(" style=") && !text.contains("<script>") && !text.contains(" onclick="))
        let ids = text.matches(of: /[ "]id="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count, "an id twice: \(ids.sorted())")
    }

    @Test(
        "a cell's share is coloured by whether the cell can serve",
        arguments: [("/ui/cells/use-a", "good"), ("/ui/cells/aps-b", "bad")])
    func share(path: String, tone: String) async throws {
        let text = String(buffer: try await Browser.signed(in: .viewer).ask(.get, path).body)
        #expect(text.contains("<rect class=\"fill \(tone)\""), "\(path)")
    }

    @Test("whatever is answered, nothing but our own files may be loaded")
    func headers() async throws {
        let browser = try await Browser.signed(in: .viewer)
        let all = DashboardTests.pages + ["/login", Asset.style.path, "/ui/assets/none", "/ui/cells/none", "/ui/live"]
        for path in all where path != "/ui/live" {
            try check(try await browser.ask(.get, path), path)
            try check(try await Browser().ask(.get, path), "a stranger at \(path)")
        }
        try check(try await Browser().ask(.get, "/ui/live"), "a stranger's /ui/live")
        for form in ["/login", "/logout", "/ui/cells/use-a/weight", "/ui/drains/7/undrain", "/ui/explain"] {
            try check(try await browser.ask(.post, form, form: [:]), form)
        }
    }

    private func check(_ answer: TestResponse, _ what: String) throws {
        let policy = try HTTPField.Name("content-security-policy").map { try #require(answer.headers[$0], "\(what)") }
        #expect(policy?.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'") == true)
        #expect(policy?.contains("unsafe") == false && policy?.contains("frame-ancestors 'none'") == true)
        for (name, value) in [
            ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
        ] {
            #expect(HTTPField.Name(name).flatMap { answer.headers[$0] } == value, "\(name) of \(what)")
        }
    }

    @Test("files have their hash in their name and are kept for good")
    func assets() async throws {
        for asset in [Asset.style, .script, .icon] {
            let answer = try await Browser().ask(.get, asset.path)
            #expect(answer.status == .ok && answer.headers[.contentType] == asset.type)
            #expect(answer.headers[.cacheControl] == "public, max-age=31536000, immutable")
            #expect(String(buffer: answer.body) == asset.text)
        }
        #expect(try await Browser().ask(.get, "/ui/assets/portolan.0000000000000000.css").status == .notFound)
    }

    static let hostile = [
        "\"><script>alert(1)</script>", "' onmouseover='alert(1)", "</title></main><img src=x onerror=alert(1)>",
        "&lt;b&gt;", "\u{202E}txt.exe", "javascript:alert(1)", "-->",
    ]

    @Test("names, reasons, causes and events of any kind stay text", arguments: hostile)
    func staysText(hostile: String) async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .admin, edge: edge)
        _ = try await browser.submit(
            "/ui/cells/use-a/drain", ["mode": "now", "reason": "r\(hostile)", "intent": "confirm"])
        _ = try await browser.submit("/ui/cells/use-b/weight", ["percent": "1", "reason": hostile, "intent": "set"])
        edge.with { $0.hostile = hostile }
        edge.emit("CELL_DOWN", "use-a", "cause")
        browser.wait(milliseconds: 1_000)
        var texts: [String] = []
        for path in DashboardTests.pages { texts.append(try await browser.page(path)) }
        let forms = [
            ("/ui/cells/use-a/drain", ["mode": "ramp", "reason": hostile, "over": hostile, "x\(hostile)": hostile]),
            ("/ui/cells/use-a/drain", ["mode": "ramp", "reason": hostile, "x\(hostile)": hostile]),
            ("/ui/cells/use-a/weight", ["percent": hostile, "reason": hostile]),
            ("/ui/explain", ["method": "GET", "url": "/\(hostile)", "headers": "a: \(hostile)"]),
            ("/ui/drains/\(Escaping.segment(hostile))/undrain", [:]),
        ]
        for (path, form) in forms { texts.append(String(buffer: try await browser.submit(path, form).body)) }
        texts.append(try await Browser().page("/login?to=/ui/\(Escaping.segment(hostile))"))
        for text in texts {
            #expect(!text.contains(hostile) || hostile == "javascript:alert(1)", "it came through whole: \(text)")
            #expect(!text.contains("<img") && !text.contains("href=\"javascript") && !text.contains("<script>"))
            #expect(text.matches(of: /<\/title>/).count == 1 && !text.contains("' onmouseover"))
        }
    }

    @Test("a weight is set, shown, tried and taken back, each as the API would")
    func weights() async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .operator, edge: edge)
        let form = ["percent": "1", "reason": "canary", "expires_in": "2h", "intent": "set"]
        let answer = try await browser.submit("/ui/cells/use-a/weight", form)
        #expect(answer.status == .seeOther && answer.headers[.location] == "/ui/cells/use-a")
        #expect(
            edge.with { $0.commands } == [
                OperatorCommand(
                    .setWeight(cell: "use-a", percent: 1), reason: "canary", who: "operator on call",
                    expiresInMilliseconds: 7_200_000)
            ])
        #expect(edge.with { $0.details } == [#"{"expires_in":"2h","percent":1,"reason":"canary"}"#])
        let page = try await browser.page("/ui/cells/use-a")
        #expect(page.contains("The weight of use-a is 1 %.") && page.contains("data-share=\"use-a\">1 %"))
        #expect(try await browser.page("/ui/cells/use-a").contains("The weight of use-a is") == false)
        let preview = try await browser.submit("/ui/cells/use-a/weight", form.merging(["intent": "preview"]) { $1 })
        #expect(preview.status == .ok && String(buffer: preview.body).contains("What would happen"))
        _ = try await browser.submit("/ui/cells/use-a/weight", ["reason": "over", "intent": "reset"])
        #expect(edge.with { $0.commands.last?.change } == .resetWeight(cell: "use-a"))
        _ = try await browser.submit("/ui/regions/us-west/dial", ["percent": "40", "reason": "r", "intent": "set"])
        #expect(edge.with { $0.commands.last?.change } == .setDial(region: "us-west", percent: 40))
        #expect(try await browser.page("/ui/regions/us-west").contains("data-kept=\"us-west\">40 %"))
    }

    @Test("a drain is tried first, started with what was tried, and undone")
    func drains() async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .operator, edge: edge)
        let form = ["mode": "now", "over": "30s", "reason": "deploy", "expires_in": "2h", "intent": "preview"]
        let tried = String(buffer: try await browser.submit("/ui/cells/use-a/drain", form).body)
        for said in ["Dry run: drain of use-a", "4\u{202F}650", "above 80 %", "name=\"force\"", "value=\"deploy\""] {
            #expect(tried.contains(said), "\(said)")
        }
        #expect(edge.with { $0.drains.isEmpty })
        let confirmed = form.merging(["intent": "confirm", "force": "true"]) { $1 }
        #expect(try await browser.submit("/ui/cells/use-a/drain", confirmed).status == .seeOther)
        let command = edge.with { $0.commands.last }
        #expect(command?.change == .drain(target: "cell/use-a", mode: .now, overMilliseconds: nil))
        #expect(command?.isForced == true && command?.expiresInMilliseconds == 7_200_000)
        for path in ["/", "/ui/cells/use-a", "/ui/drains"] {
            #expect(try await browser.page(path).contains("action=\"/ui/drains/7/undrain\""), "\(path)")
        }
        let undone = try await browser.submit("/ui/drains/7/undrain", [:])
        #expect(undone.status == .seeOther && edge.with { $0.commands.last?.change } == .undrainID(7))
        _ = try await browser.submit(
            "/ui/regions/us-west/drain", ["mode": "ramp", "over": "90s", "reason": "r", "intent": "confirm"])
        #expect(
            edge.with { $0.commands.last?.change }
                == .drain(target: "region/us-west", mode: .ramp, overMilliseconds: 90_000))
    }

    @Test("a refusal shows its words, and the form keeps what was typed")
    func refusals() async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .operator, edge: edge)
        edge.with { $0.refusal = .stale(inForce: 99) }
        let form = ["percent": "37", "reason": "a long story", "intent": "set"]
        let answer = try await browser.submit("/ui/cells/use-a/weight", form)
        let text = String(buffer: answer.body)
        #expect(answer.status.code == 412 && text.contains("generation 99 is in force"))
        #expect(text.contains("value=\"a long story\"") && text.contains("value=\"37\""))
        for (name, value) in [("percent", "1.5"), ("reason", " "), ("expires_in", "soon")] {
            let wrong = form.merging([name: value]) { $1 }
            #expect(try await browser.submit("/ui/cells/use-a/weight", wrong).status == .badRequest, "\(name)")
        }
        #expect(edge.with { $0.commands.count } == 1)
    }

    @Test("explain reads a URL and headers, and shows every stage")
    func explains() async throws {
        let edge = FakeEdge()
        let browser = try await Browser.signed(in: .viewer, edge: edge)
        let form = [
            "method": "POST", "url": "https://shop.example/orders/7?x=1", "headers": "X-Region: eu-west\n\nA:b",
        ]
        let text = String(buffer: try await browser.submit("/ui/explain", form).body)
        #expect(text.contains("us-east / use-a / 10.1.2.11:7111") && text.contains("Residency fence"))
        let asked = try #require(edge.with { $0.asked.first })
        #expect(asked.path == "/orders/7?x=1" && asked.method == "POST")
        #expect(asked.headers == ["host": ["shop.example"], "x-region": ["eu-west"], "a": ["b"]])
        for url in ["orders", "https://", ""] {
            let wrong = form.merging(["url": url]) { $1 }
            #expect(try await browser.submit("/ui/explain", wrong).status == .badRequest)
        }
    }

    static let methods: [(HTTPRequest.Method, String, Int, String)] = [
        (.get, "/ui/cells/use-a/weight", 303, "/ui/cells/use-a"),
        (.head, "/ui/cells/a%2Fb/drain", 303, "/ui/cells/a%2Fb"),
        (.get, "/ui/regions/us-east/dial", 303, "/ui/regions/us-east"),
        (.get, "/ui/drains/7/undrain", 303, "/ui/drains"),
        (.get, "/logout", 303, "/"), (.put, "/ui/cells/use-a/weight", 405, "GET, HEAD, POST"),
        (.delete, "/login", 405, "GET, HEAD, POST"), (.post, "/", 405, "GET, HEAD"),
        (.post, "/ui/live", 405, "GET, HEAD"),
    ]

    @Test("a form's path leads to its page, and each path tells what it takes", arguments: methods)
    func takes(method: HTTPRequest.Method, path: String, status: Int, told: String) async throws {
        // As a whole listener answers, on the socket, where everybody is known.
        let answer = try await AdminFront(isSocket: true).ask(method, path, as: nil)
        #expect(answer.status.code == status && answer.headers[status == 303 ? .location : .allow] == told)
        if method == .head { #expect(answer.body.readableBytes == 0) }
    }
}

import ControlPlane
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Admin

struct DashboardSignInTests {
    @Test("strangers are asked who they are, and come back to where they were")
    func strangers() async throws {
        let browser = Browser()
        browser.edge.admit("ptl_x", .viewer)
        let asked = try await browser.ask(.get, "/ui/cells/use-a")
        #expect(asked.status == .seeOther && asked.headers[.location] == "/login?to=%2Fui%2Fcells%2Fuse-a")
        let page = try await browser.page("/login?to=%2Fui%2Fcells%2Fuse-a")
        #expect(page.contains("value=\"/ui/cells/use-a\"") && page.contains("autocomplete=\"current-password\""))
        for (to, place) in [("/ui/drains", "/ui/drains"), ("//evil.example", "/"), ("/ui/\\evil", "/"), ("x", "/")] {
            let answer = try await Browser(browser.edge).ask(.post, "/login", form: ["token": "ptl_x", "to": to])
            #expect(answer.status == .seeOther && answer.headers[.location] == place)
        }
    }

    @Test("the cookie is long, for this host and for nobody's script", arguments: [true, false])
    func cookie(isSecure: Bool) async throws {
        let browser = Browser(isSecure: isSecure)
        browser.edge.admit("ptl_x", .viewer)
        let set = try #require(try await browser.signIn("ptl_x").headers[.setCookie])
        let name = isSecure ? "__Host-portolan-admin" : "portolan-admin"
        let rest = "; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
        #expect(set.hasPrefix("\(name)=") && set.hasSuffix(rest) && set.count == name.count + 65 + rest.count)
        #expect(try await browser.ask(.get, "/").status == .ok)
        browser.carry("\(name)=\(String(repeating: "0", count: 64))")
        #expect(try await browser.ask(.get, "/").status == .seeOther)
    }

    @Test("a wrong token is refused, kept in the audit log, and after too many nothing is tried")
    func wrong() async throws {
        let browser = Browser()
        for _ in 0..<LoginLimit.failures {
            #expect(try await browser.signIn("ptl_forged").status == .unauthorized && browser.signedIn == nil)
        }
        let limited = try await browser.signIn("ptl_forged")
        #expect(limited.status == .tooManyRequests && limited.headers[.retryAfter] == "60")
        let kept = browser.edge.with { $0.audits.map(\.outcome) }
        #expect(kept == Array(repeating: "unauthorized", count: LoginLimit.failures))
    }

    @Test("a sign-in ends by sign-out, by rest, by age and with its token")
    func ends() async throws {
        let out = try await Browser.signed(in: .viewer)
        let cookie = out.signedIn
        #expect(try await out.ask(.post, "/logout", form: [:]).status == .forbidden)
        #expect(try await out.submit("/logout", [:]).headers[.location] == "/login")
        out.carry(cookie)
        #expect(try await out.ask(.get, "/").status == .seeOther)

        let idle = try await Browser.signed(in: .viewer)
        idle.wait(milliseconds: SignInTable.idleMilliseconds)
        #expect(try await idle.ask(.get, "/").status == .seeOther)

        let old = try await Browser.signed(in: .viewer)
        for _ in 0..<23 {
            old.wait(milliseconds: SignInTable.idleMilliseconds / 2)
            #expect(try await old.ask(.get, "/").status == .ok)
        }
        old.wait(milliseconds: SignInTable.idleMilliseconds / 2)
        #expect(try await old.ask(.get, "/").status == .seeOther)

        let revoked = try await Browser.signed(in: .admin)
        revoked.edge.with { $0.callers = [:] }
        #expect(try await revoked.ask(.get, "/").status == .seeOther)
        #expect(revoked.dashboard.signIns.count == 0)
    }

    static let changes: [(String, [String: String])] = [
        ("/ui/cells/use-a/weight", ["percent": "1", "reason": "r", "intent": "set"]),
        ("/ui/cells/use-a/weight", ["reason": "r", "intent": "reset"]),
        ("/ui/cells/use-a/weight", ["percent": "1", "reason": "r", "intent": "preview"]),
        ("/ui/cells/use-a/drain", ["mode": "now", "reason": "r", "intent": "confirm"]),
        ("/ui/regions/us-east/dial", ["percent": "1", "reason": "r", "intent": "set"]),
        ("/ui/regions/us-east/drain", ["mode": "now", "reason": "r", "intent": "confirm"]),
        ("/ui/drains/7/undrain", [:]),
    ]

    @Test("a viewer, a stranger, a revoked one and another site change nothing, and all is kept", arguments: changes)
    func refused(path: String, form: [String: String]) async throws {
        let viewer = try await Browser.signed(in: .viewer)
        #expect(try await viewer.submit(path, form).status == .forbidden)
        let page = try await viewer.page("/ui/cells/use-a") + viewer.page("/ui/regions/us-east")
        #expect(!page.contains("name=\"percent\"") && !page.contains("name=\"mode\""))

        let stranger = Browser()
        #expect(try await stranger.ask(.post, path, form: form).status == .unauthorized)

        let revoked = try await Browser.signed(in: .admin)
        let token = try await revoked.formToken()
        revoked.edge.with { $0.callers = [:] }
        let sent = form.merging(["form_token": token]) { $1 }
        #expect(try await revoked.ask(.post, path, form: sent).status == .unauthorized)

        let lured = try await Browser.signed(in: .admin)
        let own = try await lured.formToken()
        for (fields, headers) in try foreign(own) {
            let all = form.merging(fields) { $1 }
            #expect(try await lured.ask(.post, path, form: all, headers: headers).status == .forbidden)
        }
        for browser in [viewer, stranger, revoked, lured] {
            #expect(browser.edge.with { $0.commands.isEmpty })
        }
        #expect(viewer.edge.with { $0.audits.map(\.outcome) } == ["forbidden"])
        #expect(stranger.edge.with { $0.audits.map(\.outcome) } == ["unauthorized"])
        #expect(revoked.edge.with { $0.audits.map(\.outcome) } == ["unauthorized"])
        #expect(lured.edge.with { $0.audits.count } == 5)
    }

    /// Forms as another site would send them; the token, though it cannot be known there, with those that fail anyway.
    private func foreign(_ token: String) throws -> [([String: String], HTTPFields)] {
        let site = try #require(HTTPField.Name("sec-fetch-site"))
        let known = ["form_token": token]
        return [
            ([:], [:]), (["form_token": String(token.dropLast()) + "x"], [:]), (known, [site: "cross-site"]),
            (known, [site: "same-site", .origin: "null"]), (known, [.origin: "https://evil.example"]),
        ]
    }

    @Test("on the Unix socket nobody signs in, but forms have their token, and the name must be this machine's")
    func socket() async throws {
        let browser = Browser(caller: .socket)
        #expect(try await browser.ask(.get, "/").status == .ok)
        #expect(try await browser.page("/").contains("Sign out") == false)
        let form = ["percent": "1", "reason": "r", "intent": "set"]
        #expect(try await browser.ask(.post, "/ui/cells/use-a/weight", form: form).status == .forbidden)
        #expect(try await browser.submit("/ui/cells/use-a/weight", form).status == .seeOther)
        #expect(browser.edge.with { $0.commands.last?.who } == "admin socket")
    }

    @Test("who is known by a certificate may sign in with a token, which counts while it lasts, and acts by its name")
    func certificate() async throws {
        let browser = Browser(caller: Caller(name: "certificate ci", role: .viewer, from: "10.0.0.1"))
        browser.edge.admit("ptl_x", .operator, name: "dana")
        let change = ["percent": "1", "reason": "r", "intent": "set"]
        let refused = try await browser.submit("/ui/cells/use-a/weight", change)
        #expect(refused.status == .forbidden && String(buffer: refused.body).contains("href=\"/login\""))
        #expect(try await browser.page("/").contains("<a href=\"/login\">Sign in</a>"))
        #expect(try await browser.ask(.get, "/login").status == .ok)
        #expect(try await browser.signIn("ptl_x").status == .seeOther)
        #expect(try await browser.ask(.get, "/login").headers[.location] == "/")
        #expect(try await browser.submit("/ui/cells/use-a/weight", change).status == .seeOther)
        #expect(browser.edge.with { $0.audits.map(\.who) } == ["certificate ci", "dana"])
        browser.edge.with { $0.callers = [:] }
        #expect(try await browser.page("/").contains("certificate ci"))
        #expect(try await browser.submit("/ui/cells/use-a/weight", change).status == .forbidden)
    }
}

import ControlPlane
import Crypto
import HTTPTypes
import Hummingbird

/// The pages for people, at `/`, `/login`, `/logout` and `/ui/…`: made here, whole, and kept up to date by events.
///
/// Changes go the way of the API's: `AdminService` with a context that says who asks. What differs is how somebody is
/// known: by a cookie from `/login`, which nothing else accepts, and every form carries a token that no other site
/// knows.
struct Dashboard: Sendable {
    /// Pages that are kept up to date at once: a quarter of what one listener lets in (`AdminServer.maxConnections`).
    static let maxLive = 32

    let parts: AdminParts
    /// It is reached over TLS: its cookie says so.
    let isSecure: Bool
    let keeper: GlimpseKeeper
    let signIns = SignInTable()
    let notices = NoticeBoard()
    let live = Seats(count: Dashboard.maxLive)
    /// Makes the form tokens of those who need not sign in.
    private let key = SymmetricKey(size: .bits256)

    init(parts: AdminParts, isSecure: Bool) {
        (self.parts, self.isSecure) = (parts, isSecure)
        keeper = GlimpseKeeper(service: parts.service, clock: parts.clock)
    }

    var service: any AdminService { parts.service }
    var clock: ControlClock { parts.clock }

    func add(to router: Router<AdminContext>) {
        let back = Dashboard.back
        let paths: [(path: String, show: Handler, submit: Handler?)] = [
            ("/ui/assets/:name", asset, nil), ("/login", showSignIn, signIn), ("/logout", back(1), signOut),
            ("/ui/live", follow, nil), ("/", page(overview), nil), ("/ui/cells/:name", subjectPage(Subject.cell), nil),
            ("/ui/regions/:name", subjectPage(Subject.region), nil), ("/ui/drains", page(showDrains), nil),
            ("/ui/events", page(showEvents), nil), ("/ui/audit", page(showAudit, from: .operator), nil),
            ("/ui/explain", page(showExplain), form("explain", from: .viewer, answerExplain)),
            ("/ui/cells/:name/weight", back(1), form("weight.set", changeShare(of: Subject.cell))),
            ("/ui/cells/:name/drain", back(1), form("drain.start", drain(Subject.cell))),
            ("/ui/regions/:name/dial", back(1), form("dial.set", changeShare(of: Subject.region))),
            ("/ui/regions/:name/drain", back(1), form("drain.start", drain(Subject.region))),
            ("/ui/drains/:name/undrain", back(2), form("drain.end", undrain)),
        ]
        for (path, show, submit) in paths {
            router.get(RouterPath(path), use: show)
            if let submit { router.post(RouterPath(path), use: submit) }
            AdminRoutes.refuseAll(but: submit == nil ? [.get] : [.get, .post], at: path, on: router)
        }
    }

    /// Leads whoever opens the path of a form, from a bookmark or by hand, to the page that has it.
    private static func back(_ segments: Int) -> Handler {
        { request, _ in
            let parts = request.uri.path.split(separator: "/").dropLast(segments)
            let path = "/" + parts.joined(separator: "/")
            return redirect(to: isOwnPath(path) ? path : "/")
        }
    }

    /// What the browser is told to keep its sign-in under. The prefix makes it refuse the cookie unless it is secure,
    /// for the whole host and no other; without TLS that cannot be, and only loopback is without.
    var cookieName: String { isSecure ? "__Host-portolan-admin" : "portolan-admin" }

    // MARK: Who

    /// Nil: nobody that is known. A caller who is known by the connection itself needs no sign-in, but may sign in: a
    /// certificate is often the machine's, a token is who sits before it.
    func visitor(_ request: Request, _ context: AdminContext) async -> Visitor? {
        if context.caller != .socket, let visitor = await signedIn(request, context) { return visitor }
        return context.caller.map { Visitor(caller: $0, formToken: formToken(of: $0), isSignedIn: false) }
    }

    private func signedIn(_ request: Request, _ context: AdminContext) async -> Visitor? {
        guard let id = cookie(request), let signIn = signIns.use(id, now: clock.now()) else { return nil }
        guard let caller = await service.authenticate(secret: signIn.secret, from: context.from) else {
            signIns.close(id)
            return nil
        }
        return Visitor(caller: caller, formToken: signIn.formToken, isSignedIn: true)
    }

    func cookie(_ request: Request) -> String? {
        for header in request.headers[values: .cookie] {
            for pair in header.split(separator: ";") {
                let parts = pair.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0].drop(while: \.isWhitespace) == cookieName { return String(parts[1]) }
            }
        }
        return nil
    }

    private func formToken(of caller: Caller) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(caller.role) \(caller.name)".utf8), using: key)
        return HexText.lowercase(code)
    }

    // MARK: Answers

    /// - Parameter frame: its strip and edge are filled in where somebody is known.
    func answer(_ frame: PageFrame, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response(
            status: status, headers: Dashboard.headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: frame.html.text)))
        response.headers[.contentType] = "text/html; charset=utf-8"
        response.headers[.cacheControl] = "no-store"
        return response
    }

    static func redirect(to path: String) -> Response {
        var response = Response(status: .seeOther, headers: Dashboard.headers)
        response.headers[.location] = path
        response.headers[.cacheControl] = "no-store"
        return response
    }

    func trouble(
        _ page: TroublePage, status: HTTPResponse.Status, visitor: Visitor?
    ) -> Response {
        answer(PageFrame(title: page.title, visitor: visitor, content: page.html), status: status)
    }

    /// On every answer: nothing but our own files is loaded, nobody frames us, nothing is told to others.
    static let headers: HTTPFields = {
        let policy = """
            default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
            form-action 'self'; frame-ancestors 'none'; base-uri 'none'
            """
        let rows = [
            ("content-security-policy", policy), ("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"), ("cross-origin-embedder-policy", "require-corp"),
            ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ]
        var fields = HTTPFields()
        for (name, value) in rows { if let name = HTTPField.Name(name) { fields[name] = value } }
        return fields
    }()

    @Sendable private func asset(_ request: Request, _ context: AdminContext) async throws -> Response {
        guard let name = context.parameters.get("name"), let asset = Asset.find(name) else {
            return trouble(
                TroublePage(title: "No such file", text: "Reload the page: the program is newer than it."),
                status: .notFound, visitor: nil)
        }
        var response = Response(
            status: .ok, headers: Dashboard.headers, body: ResponseBody(byteBuffer: ByteBuffer(string: asset.text)))
        response.headers[.contentType] = asset.type
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        return response
    }
}

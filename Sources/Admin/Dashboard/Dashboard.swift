import ControlPlane
import Crypto
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// The pages for people, at `/`, `/login`, `/logout` and `/ui/…`: made here, whole, and kept up to date by events.
///
/// Changes go the way of the API's: `AdminService` with a context that says who asks. What differs is how somebody is
/// known: by a cookie from `/login`, which nothing else accepts, and every form carries a token that no other site
/// knows.
struct Dashboard: Sendable {
    /// Pages that are kept up to date at once: a quarter of what one listener lets in (`AdminServer.maxConnections`).
    static let maxLive = 32

    let service: any AdminService
    /// Whose a token is, from that address; wrong ones count against it.
    let login: @Sendable (_ secret: String, _ from: String) async -> Login
    /// It is reached over TLS: its cookie says so.
    let isSecure: Bool
    let clock: ControlClock
    let logger: Logger
    let keeper: GlimpseKeeper
    let signIns = SignInTable()
    let notices = NoticeBoard()
    let live = LiveCount()
    /// Makes the form tokens of those who need not sign in.
    private let key = SymmetricKey(size: .bits256)

    init(
        service: any AdminService, isSecure: Bool, logger: Logger, clock: ControlClock = .system,
        login: @escaping @Sendable (_ secret: String, _ from: String) async -> Login
    ) {
        (self.service, self.isSecure, self.logger) = (service, isSecure, logger)
        (self.clock, self.login) = (clock, login)
        keeper = GlimpseKeeper(service: service, clock: clock)
    }

    func add(to router: Router<AdminContext>) {
        router.get("/ui/assets/:name", use: asset)
        router.get("/login", use: showSignIn)
        router.post("/login", use: signIn)
        router.post("/logout", use: signOut)
        router.get("/ui/live", use: follow)
        router.get("/", use: page(overview))
        router.get("/ui/cells/:name", use: page(showCell))
        router.get("/ui/regions/:name", use: page(showRegion))
        router.get("/ui/drains", use: page(showDrains))
        router.get("/ui/events", use: page(showEvents))
        router.get("/ui/audit", use: page(showAudit, from: .operator))
        router.get("/ui/explain", use: page(showExplain))
        router.post("/ui/explain", use: form("explain", from: .viewer, answerExplain))
        router.post("/ui/cells/:name/weight", use: form("weight.set", changeWeight))
        router.post("/ui/cells/:name/drain", use: form("drain.start", drainCell))
        router.post("/ui/regions/:name/dial", use: form("dial.set", changeDial))
        router.post("/ui/regions/:name/drain", use: form("drain.start", drainRegion))
        router.post("/ui/drains/:name/undrain", use: form("drain.end", undrain))
    }

    /// What the browser is told to keep its sign-in under. The prefix makes it refuse the cookie unless it is secure,
    /// for the whole host and no other; without TLS that cannot be, and only loopback is without.
    var cookieName: String { isSecure ? "__Host-portolan-admin" : "portolan-admin" }

    // MARK: Who

    /// Nil: nobody that is known. A caller who is known by the connection itself needs no sign-in.
    func visitor(_ request: Request, _ context: AdminContext) async -> Visitor? {
        if let caller = context.caller {
            if caller.from == Caller.socket.from, !RequestOrigin.namesThisMachine(request.head.authority) { return nil }
            return Visitor(caller: caller, formToken: formToken(of: caller), isSignedIn: false)
        }
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

    func redirect(to path: String) -> Response {
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

/// How many pages are kept up to date at the moment.
final class LiveCount: Sendable {
    private let count = Mutex(0)

    /// False: there are too many.
    func begin() -> Bool {
        count.withLock { count in
            guard count < Dashboard.maxLive else { return false }
            count += 1
            return true
        }
    }

    func end() { count.withLock { $0 -= 1 } }
}

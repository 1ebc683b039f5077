import ControlPlane
import HTTPTypes
import Hummingbird

/// `/login` and `/logout`.
extension Dashboard {
    /// Paths of ours; anything else leads to the overview.
    static func isOwnPath(_ path: String) -> Bool {
        path == "/" || path.hasPrefix("/ui/") && !path.contains { $0 == "\\" || $0.isNewline || !$0.isASCII }
    }

    @Sendable func showSignIn(_ request: Request, _ context: AdminContext) async throws -> Response {
        if let visitor = await visitor(request, context), !visitor.maySignIn { return Dashboard.redirect(to: "/") }
        return signInPage(to: request.uri.queryParameters.get("to") ?? "/")
    }

    func signInPage(to: String, trouble: String? = nil, status: HTTPResponse.Status = .ok) -> Response {
        let page = SignInPage(to: Dashboard.isOwnPath(to) ? to : "/", trouble: trouble)
        return answer(PageFrame(title: "Sign in", content: page.html), status: status)
    }

    @Sendable func signIn(_ request: Request, _ context: AdminContext) async throws -> Response {
        guard RequestOrigin.isOwn(request.head) else {
            return signInPage(to: "/", trouble: "Another site sent this form. Sign in here.", status: .forbidden)
        }
        let body: FormBody
        do { body = try await FormBody(request) } catch {
            return signInPage(to: "/", trouble: "The form could not be read.", status: .badRequest)
        }
        let to = body["to"]
        let secret = body["token"]
        let caller: Caller
        switch await parts.doorkeeper.signIn(secret: secret, from: context.from) {
        case .known(let found): caller = found
        case .wait(let seconds):
            var response = signInPage(
                to: to, trouble: "Too many attempts from \(context.from): wait \(seconds) s, then try again.",
                status: .tooManyRequests)
            response.headers[.retryAfter] = "\(seconds)"
            return response
        case .wrong, .nobody:
            await refuse(nil, context, action: "sign_in", subject: "dashboard", outcome: "unauthorized")
            return signInPage(
                to: to, trouble: "This token is unknown, expired or revoked.", status: .unauthorized)
        }
        if let old = cookie(request) { signIns.close(old) }
        let id = signIns.open(secret: secret, now: clock.now())
        parts.logger.info("signed in to the dashboard", metadata: ["who": "\(caller.name)", "from": "\(context.from)"])
        var response = Dashboard.redirect(to: Dashboard.isOwnPath(to) ? to : "/")
        response.headers[.setCookie] = cookieText(id, seconds: SignInTable.lifeMilliseconds / 1_000)
        return response
    }

    @Sendable func signOut(_ request: Request, _ context: AdminContext) async throws -> Response {
        guard let visitor = await visitor(request, context), visitor.isSignedIn else {
            return Dashboard.redirect(to: "/login")
        }
        guard RequestOrigin.isOwn(request.head), let body = try? await FormBody(request),
            RandomText.areEqual(body["form_token"], visitor.formToken)
        else { return foreignForm(visitor) }
        if let id = cookie(request) { signIns.close(id) }
        var response = Dashboard.redirect(to: "/login")
        response.headers[.setCookie] = cookieText("", seconds: 0)
        return response
    }

    private func cookieText(_ value: String, seconds: UInt64) -> String {
        let secure = isSecure ? "; Secure" : ""
        return "\(cookieName)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict\(secure)"
    }

    func foreignForm(_ visitor: Visitor?) -> Response {
        let page = TroublePage(
            title: "This form is not valid any more",
            text: "It comes from another site or from before you signed in. Nothing was changed. Open the page again.")
        return trouble(page, status: .forbidden, visitor: visitor)
    }

    /// Into the audit log.
    func refuse(
        _ caller: Caller?, _ context: AdminContext, action: String, subject: String, outcome: String
    ) async {
        let caller = caller ?? Caller(name: "nobody", role: .viewer, from: context.from)
        await service.recordRefusal(
            ChangeContext(caller: caller, action: action, detail: #"{"by":"dashboard"}"#), subject: subject,
            outcome: outcome)
    }
}

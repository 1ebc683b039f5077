import ControlPlane
import Hummingbird

/// Looks who calls; what that allows is each operation's to say. On the socket it is whoever may open its file.
struct AuthorizationMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let doorkeeper: Doorkeeper
    let isSocket: Bool

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        try check(request)
        var context = context
        context.login = isSocket ? .known(.socket) : await doorkeeper.identify(request, context)
        if case .known(let caller) = context.login { context.caller = caller }
        return try await next(request, context)
    }

    /// Whoever is known by the connection alone must not be made to call by a page of another site: a browser sends
    /// such calls with its certificate, and to a socket that was forwarded to a port. A token no other site has.
    private func check(_ request: Request) throws(AdminRefusal) {
        if isSocket, !RequestOrigin.namesThisMachine(request.head.authority) {
            throw AdminRefusal(
                .forbidden, "foreign_host",
                "the admin socket answers to localhost alone: give admin.address, with TLS and a token, to others")
        }
        let isReading = request.method == .get || request.method == .head
        guard !isReading, request.headers[.authorization] == nil, !RequestOrigin.isOwn(request.head) else { return }
        throw AdminRefusal(
            .forbidden, "foreign_origin", "a page of another site sent this: send it from here, or with a token")
    }
}

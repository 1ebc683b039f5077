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
        var context = context
        context.login = isSocket ? .known(.socket) : await doorkeeper.identify(request, context)
        if case .known(let caller) = context.login { context.caller = caller }
        return try await next(request, context)
    }
}

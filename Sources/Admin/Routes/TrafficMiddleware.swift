import ControlPlane
import Hummingbird

/// Turns calls away that are too many, before anything is done for them.
struct TrafficMiddleware: RouterMiddleware {
    typealias Context = AdminContext
    let limits: TrafficLimits
    let isSocket: Bool

    /// Whoever keeps the process alive must not be told to wait because others call too often.
    private static let probes: Set<String> = ["/healthz", "/readyz"]

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        if TrafficMiddleware.probes.contains(request.uri.path) { return try await next(request, context) }
        guard limits.takes(from: context.from, isSocket: isSocket) else {
            throw AdminRefusal.tooMany("calls come too fast from there: wait a second", seconds: 1)
        }
        guard let seat = seats(for: request).take() else {
            throw AdminRefusal.overloaded("too many calls are being worked on: try again in a second")
        }
        defer { withExtendedLifetime(seat) {} }
        return try await next(request, context)
    }

    /// Those who may take their time have seats of their own, and so has the socket: nobody else can fill them.
    private func seats(for request: Request) -> Seats {
        let isWait = request.method == .get && request.uri.path.hasPrefix("/v1/drains/")
        if isWait, request.uri.query?.contains("wait=") == true { return limits.waits }
        if request.uri.path == "/login" { return limits.signIns }
        return isSocket ? limits.socketCalls : limits.calls
    }
}

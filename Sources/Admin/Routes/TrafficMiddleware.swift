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
        let isProbe = TrafficMiddleware.probes.contains(request.uri.path)
        guard isProbe || limits.takes(from: context.from, isSocket: isSocket) else {
            throw AdminRefusal.tooMany("calls come too fast from there: wait a second", seconds: 1)
        }
        let waits = request.uri.query?.contains("wait=") ?? false
        guard let place = (waits ? limits.waits : limits.calls).take() else {
            throw AdminRefusal.overloaded("too many calls are being worked on: try again in a second")
        }
        defer { withExtendedLifetime(place) {} }
        return try await next(request, context)
    }
}

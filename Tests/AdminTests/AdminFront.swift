import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Model
import Synchronization

@testable import Admin
@testable import ControlPlane

/// The routes of one listener before a `FakeService`, without a network.
struct AdminFront {
    let service: FakeService
    let parts: AdminParts
    let clock: StepClock
    let isSocket: Bool
    private let application: Application<RouterResponder<AdminContext>>

    init(
        _ service: FakeService = FakeService(), isSocket: Bool = false,
        admin: Configuration.Admin = Configuration.Admin(), clock: StepClock = StepClock()
    ) {
        (self.service, self.isSocket, self.clock) = (service, isSocket, clock)
        parts = AdminParts(
            service: service, doorkeeper: Doorkeeper(admin, service, clock.clock),
            limits: TrafficLimits(clock.clock), clock: clock.clock, logger: AdminFront.silent)
        application = Application(
            router: AdminRoutes(parts: parts, isSocket: isSocket).router(), logger: AdminFront.silent)
    }

    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    /// - Parameter token: the fake's secrets are the roles' names; nil: none is sent.
    func ask(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, as token: String? = "admin",
        _ headers: [String: String] = [:]
    ) async throws -> TestResponse {
        var fields = HTTPFields()
        if let token, !isSocket { fields[.authorization] = "Bearer \(token)" }
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return try await application.test(.router) { [fields] client in
            try await client.execute(
                uri: path, method: method, headers: fields, body: body.map { ByteBuffer(string: $0) })
        }
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }
    var data: Data { Data(body.readableBytesView) }
    var problem: AdminProblem? { try? AdminJSON.decode(AdminProblem.self, from: data) }
    /// Status and reason.
    var refusal: String { "\(status.code) \(problem?.reason ?? "-")" }
}

/// A clock that moves when told to, and whose sleepers wake at once, having slept; long sleeps last until cancelled.
final class StepClock: Sendable {
    private let time = Mutex(LoopTime(nanoseconds: 1_000_000_000))
    private let longMilliseconds: UInt64

    /// - Parameter longMilliseconds: sleeps that last at least so long.
    init(longMilliseconds: UInt64 = Doorkeeper.recheckMilliseconds) { self.longMilliseconds = longMilliseconds }

    var clock: ControlClock {
        ControlClock(
            now: { self.time.withLock { $0 } }, wallNanoseconds: { 1_800_000_000_000_000_000 },
            sleep: { deadline in
                let now = self.time.withLock { $0 }
                if deadline.milliseconds(since: now) >= self.longMilliseconds {
                    try? await Task.sleep(nanoseconds: 3_600_000_000_000)
                } else {
                    self.time.withLock { $0 = max($0, deadline) }
                    await Task.yield()
                }
            })
    }

    func advance(milliseconds: UInt64) { time.withLock { $0 = $0.advanced(milliseconds: milliseconds) } }
}

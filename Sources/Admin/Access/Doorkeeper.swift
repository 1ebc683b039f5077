import ControlPlane
import HTTPTypes
import Hummingbird
import Model
import Synchronization

/// Says who calls, by token or certificate, and refuses whoever may not. One for all listeners.
final class Doorkeeper: Sendable {
    private struct State {
        var admin: Configuration.Admin
        var logins = LoginLimit()
    }

    /// The longest bearer token looked at; ours have 47 characters.
    static let longestSecret = 256

    private let service: any AdminService
    private let clock: ControlClock
    private let state: Mutex<State>

    init(_ admin: Configuration.Admin, _ service: any AdminService, _ clock: ControlClock) {
        (self.service, self.clock) = (service, clock)
        state = Mutex(State(admin: admin))
    }

    /// A configuration was applied: its clients and who may read metrics hold from now on.
    func adopt(_ admin: Configuration.Admin) { state.withLock { $0.admin = admin } }

    // MARK: Who

    /// A token's owner; a wrong token counts against the address, and whoever brings too many is told to wait.
    func signIn(secret: String, from: String) async -> Login {
        if secret.utf8.count <= Doorkeeper.longestSecret,
            let caller = await service.authenticate(secret: secret, from: from)
        {
            return .known(caller)
        }
        let now = clock.now()
        return switch state.withLock({ $0.logins.failed(from: from, now: now) }) {
        case .failed: .wrong
        case .wait(let seconds): .wait(seconds: seconds)
        }
    }

    /// A token counts before a certificate.
    func identify(_ request: Request, _ context: AdminContext) async -> Login {
        if let field = request.headers[.authorization] {
            guard let secret = Doorkeeper.secret(field) else { return .nobody }
            return await signIn(secret: secret, from: context.from)
        }
        return await certified(context).map { .known($0) } ?? .nobody
    }

    /// By the connection's certificate; nil: it has none, or none of its names is in the configuration.
    private func certified(_ context: AdminContext) async -> Caller? {
        let clients = state.withLock { $0.admin.clients }
        guard !clients.isEmpty, let names = await ClientCertificate.names(of: context.channel) else { return nil }
        return Doorkeeper.caller(names, clients, from: context.from)
    }

    /// Named so that the audit log tells a certificate from a token of that name: a token's has no blank.
    static func caller(
        _ names: [ClientCertificate.Name], _ clients: [Configuration.Admin.Client], from: String
    ) -> Caller? {
        for client in clients {
            guard let name = names.first(where: { $0.matches(client.name) }),
                let role = Role(rawValue: client.role.rawValue)
            else { continue }
            return Caller(name: "certificate \(name.text)", role: role, from: from)
        }
        return nil
    }

    /// Of `Bearer SECRET`.
    static func secret(_ field: String) -> String? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// How often the right to a long answer is looked at again.
    static let recheckMilliseconds: UInt64 = 1_000

    /// Who a long answer goes to, as of now: its token may have been revoked or have expired since it was asked for,
    /// its certificate's name have been taken out of the configuration. Counts against nobody.
    func stillKnows(_ request: Request, _ context: AdminContext) async -> Caller? {
        // Who opened the socket's file keeps it open.
        if context.caller == .socket { return .socket }
        if let field = request.headers[.authorization] {
            guard let secret = Doorkeeper.secret(field) else { return nil }
            return await service.authenticate(secret: secret, from: context.from)
        }
        return await certified(context)
    }

    // MARK: Whether

    /// The caller, where the operation is open to it.
    func admit(
        _ operation: AdminOperation, _ context: AdminContext, change: (Caller) -> ChangeContext
    ) async throws(AdminRefusal) -> Caller {
        let nobody = Caller(name: "nobody", role: .viewer, from: context.from)
        guard let needed = operation.role, !(operation.path == "/metrics" && opensMetrics) else {
            return context.caller ?? nobody
        }
        guard let caller = context.caller else {
            let refusal = Doorkeeper.refusal(context.login)
            await record(change(nobody), operation, refusal)
            throw refusal
        }
        guard caller.role >= needed else {
            let refusal = AdminRefusal(
                .forbidden, "forbidden",
                "\(caller.name) is \(caller.role.rawValue); \(operation.method.rawValue) \(operation.path) takes "
                    + "the role \(needed.rawValue)")
            await record(change(caller), operation, refusal)
            throw refusal
        }
        return caller
    }

    private var opensMetrics: Bool { state.withLock { $0.admin.opensMetrics } }

    private static func refusal(_ login: Login) -> AdminRefusal {
        switch login {
        case .wait(let seconds):
            return .tooMany("too many wrong tokens came from there: wait \(seconds) s", seconds: seconds)
        case .wrong:
            return AdminRefusal(
                .unauthorized, "unauthorized",
                "the token is none, or was revoked, or has expired; `portolan token create` on the edge makes one",
                headers: [.wwwAuthenticate: "Bearer error=\"invalid_token\""])
        case .nobody, .known:
            return AdminRefusal(
                .unauthorized, "unauthorized",
                "send `authorization: Bearer TOKEN`, or a client certificate that has a role here, or use the socket",
                headers: [.wwwAuthenticate: "Bearer"])
        }
    }

    /// Every refused change is told to the audit log, which has a budget for a flood of them.
    private func record(_ change: ChangeContext, _ operation: AdminOperation, _ refusal: AdminRefusal) async {
        guard operation.action != nil else { return }
        await service.recordRefusal(change, subject: operation.path, outcome: refusal.reason)
    }
}

/// What came of looking who calls.
enum Login: Equatable, Sendable {
    case nobody
    case known(Caller)
    /// A credential that is none.
    case wrong
    case wait(seconds: UInt64)
}

public import ControlPlane
import Glibc
import Hummingbird
import HummingbirdCore
public import Logging
public import Model
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The admin API's listeners, all on one thread of their own.
public final class AdminServer: Sendable {
    /// Connections on one listener; further ones wait.
    static let maxConnections = 128

    /// How long a request in progress may hold the end back.
    static let patience = Duration.seconds(2)

    /// The process's one thread for all this, never shut down: Hummingbird leaves tasks behind that still touch it.
    private static let loops = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    private struct State {
        var listeners: [(group: ServiceGroup, task: Task<Void, Never>)] = []
        var socket: AdminSocket.Identity?
        var tls: AdminTLS?
    }

    private let configuration: Configuration.Admin
    private let parts: AdminParts
    private let sources = SourceConnections()
    private let logger: Logger
    private let state = Mutex(State())

    public init(
        _ configuration: Configuration.Admin, service: any AdminService, logger: Logger, clock: ControlClock = .system
    ) {
        (self.configuration, self.logger) = (configuration, logger)
        parts = AdminParts(
            service: service, doorkeeper: Doorkeeper(configuration, service, clock), limits: TrafficLimits(clock),
            clock: clock, logger: logger)
    }

    /// Listens, and returns where: with port 0, the kernel's choice. On an error nothing is left listening.
    public func start() async throws(AdminError) -> [Address] {
        do throws(AdminError) {
            var bound: [Address] = []
            if let address = configuration.address { bound.append(try await listen(on: address)) }
            if let path = configuration.socketPath { bound.append(try await listen(onSocket: path)) }
            return bound
        } catch {
            await stop()
            throw error
        }
    }

    /// Stops listening, lets requests in progress finish, and removes the socket's file.
    public func stop() async {
        let (listeners, identity) = state.withLock { state in
            defer { state = State() }
            return (state.listeners, state.socket)
        }
        for listener in listeners { await listener.group.triggerGracefulShutdown() }
        for listener in listeners { await listener.task.value }
        if let path = configuration.socketPath { AdminSocket(path: path).remove(identity) }
    }

    /// Takes another configuration's certificate, authorities, clients and openness of metrics into use; where it
    /// listens is the same, or the configuration was refused. On an error the certificate and authorities stay.
    public func adopt(_ new: Configuration.Admin) throws(AdminError) {
        // Who may come in does not wait for files that can be bad.
        parts.doorkeeper.adopt(new)
        if let tls = state.withLock({ $0.tls }), let files = new.certificate { try tls.adopt(new, files) }
    }

    private func listen(on address: Address) async throws(AdminError) -> Address {
        guard case .ip(let host, let port) = address else {
            throw AdminError("admin.address: \(address) is no IP address; use one such as 127.0.0.1:9443")
        }
        if configuration.certificate == nil, !host.isLoopback {
            throw AdminError(
                "admin.address: \(address) is not loopback, and tokens would pass in plain text; add admin.tls, or use"
                    + " 127.0.0.1 or [::1]")
        }
        var tls: AdminTLS?
        if let files = configuration.certificate { tls = try AdminTLS(configuration, files) }
        state.withLock { [tls] in $0.tls = tls }
        let place = BindAddress.hostname(host.description, port: Int(port))
        let found = try await launch(place, name: "admin.address: \(address)", tls: tls, isSocket: false) { _ in }
        return .ip(host, port: UInt16(found ?? Int(port)))
    }

    private func listen(onSocket path: String) async throws(AdminError) -> Address {
        let socket = AdminSocket(path: path)
        if try socket.prepare() {
            logger.warning(
                "the folder of the admin socket is open to others: chmod 700 it", metadata: ["path": "\(path)"])
        }
        let birthplace = try socket.makeBirthplace()
        defer { socket.leave(birthplace) }
        _ = try await launch(
            .unixDomainSocket(path: birthplace), name: "admin.socket: \(path)", tls: nil, isSocket: true
        ) { _ in try socket.settle(from: birthplace) }
        state.withLock { $0.socket = socket.identity }
        return .unix(path: path)
    }

    /// Runs one listener until it is stopped; returns its port once it is bound and `ready` has run.
    private func launch(
        _ place: BindAddress, name: String, tls: AdminTLS?, isSocket: Bool,
        ready: @escaping @Sendable (any Channel) throws -> Void
    ) async throws(AdminError) -> Int? {
        let (results, teller) = AsyncStream<Result<Int?, any Error>>.makeStream()
        // Hummingbird tells of each listener's start, and calls its end an error: App tells of both in its own words.
        var quiet = logger
        quiet.logLevel = .critical
        let limit = MaximumAvailableConnections(AdminServer.maxConnections, logger: quiet)
        let application = Application(
            router: AdminRoutes(parts: parts, isSocket: isSocket, isSecure: tls != nil).router(), server: server(tls),
            configuration: ApplicationConfiguration(address: place, availableConnectionsDelegate: limit),
            onServerRunning: { channel in
                teller.yield(
                    Result {
                        try ready(channel)
                        return channel.localAddress?.port
                    })
            }, eventLoopGroupProvider: .shared(AdminServer.loops), logger: quiet)
        var services = ServiceGroupConfiguration(services: [application], logger: quiet)
        services.maximumGracefulShutdownDuration = AdminServer.patience
        let group = ServiceGroup(configuration: services)
        let task = Task {
            do { try await group.run() } catch { teller.yield(.failure(error)) }
        }
        state.withLock { $0.listeners.append((group, task)) }
        switch await results.first(where: { _ in true }) {
        case .success(let port): return port
        case .failure(let error as AdminError): throw error
        case .failure(let error as IOError):
            throw AdminError("\(name): cannot listen: \(String(cString: strerror(error.errnoCode)))")
        case .failure(let error): throw AdminError("\(name): cannot listen: \(error)")
        case nil: throw AdminError("\(name): cannot listen: it was stopped")
        }
    }

    /// Nil: plain HTTP.
    private func server(_ tls: AdminTLS?) -> HTTPServerBuilder {
        let configuration = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionBounds.Installer(self.sources)],
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))
        return HTTPServerBuilder { responder in
            let plain = HTTP1Channel(responder: responder, configuration: configuration)
            guard let tls else { return plain }
            return TLSFront(base: plain, tls: tls)
        }
    }
}

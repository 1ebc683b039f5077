import Foundation

/// An endpoint that does what a test tells it: each request is handed to `serve` on a thread of its own. Probes
/// (`/healthz`) are answered by itself.
final class ScriptedBackend: @unchecked Sendable {
    typealias Serve = @Sendable (BackendStream) throws -> Void

    let port: UInt16
    let serve: Serve
    /// SETTINGS it sends.
    let settings: [(id: UInt16, value: UInt32)]
    private let descriptor: Int32
    private let lock = NSLock()
    private var connections: [BackendConnection] = []
    private var heads: [Fields] = []
    private var healthStatus = 200
    private var isStopped = false

    var address: String { "127.0.0.1:\(port)" }

    /// - Parameter port: 0: the kernel's choice; another to come back where it was.
    init(port: UInt16 = 0, settings: [(id: UInt16, value: UInt32)] = [], _ serve: @escaping Serve) throws {
        self.serve = serve
        self.settings = settings
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, 4)
        var address = FrameSocket.loopback(port)
        var size = socklen_t(16)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(descriptor, address, size) == 0 && listen(descriptor, 512) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard result else { throw HarnessError("a scripted backend cannot listen: errno \(errno)") }
        self.descriptor = descriptor
        self.port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { self.accept() }
    }

    /// Requests so far, probes not counted, in the order their heads came.
    var requests: [Fields] { lock.withLock { heads } }
    /// Connections that carried a request that was no probe.
    var busyConnectionCount: Int { lock.withLock { connections.count(where: \.isBusy) } }

    /// Those of them that are open.
    var openBusyConnectionCount: Int { lock.withLock { connections.count { $0.isBusy && !$0.isClosed } } }

    /// What probes are answered from now on.
    func answerProbes(with status: Int) { lock.withLock { healthStatus = status } }
    var probeStatus: Int { lock.withLock { healthStatus } }

    func noteRequest(_ fields: Fields) { lock.withLock { heads.append(fields) } }

    /// Closes the port and every connection.
    func stop() {
        let open = lock.withLock {
            guard !isStopped else { return [BackendConnection]() }
            isStopped = true
            shutdown(descriptor, Int32(SHUT_RDWR))
            close(descriptor)
            return connections
        }
        for connection in open { connection.close() }
    }

    private func accept() {
        while true {
            let accepted = Glibc.accept(descriptor, nil, nil)
            if accepted < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
            let connection = BackendConnection(FrameSocket(adopting: accepted), of: self)
            let isWelcome = lock.withLock {
                if !isStopped { connections.append(connection) }
                return !isStopped
            }
            guard isWelcome else { return connection.close() }
            Thread.detachNewThread { connection.run() }
        }
    }
}

import Config
import ControlPlane
import Demo
import Glibc
import Logging
import Model
import Reactor
import TLS

/// What `portolan demo` runs: the embedded regions, certificates, a configuration file, and an edge that serves it.
struct DemoWorld: Sendable {
    static let defaultPort: UInt16 = 8_443
    static let defaultAdminPort: UInt16 = 9_443

    let folder: String
    let regions: DemoRegions
    let events: DemoEvents
    let runtime: EdgeRuntime
    let port: UInt16
    let adminPort: UInt16?
    let authoritiesPath: String
    /// Signs in to the dashboard; nil where there is none.
    let token: String?

    /// - Parameters:
    ///   - port: nil: the default, or the kernel's choice when that is in use; 0: the kernel's choice.
    ///   - adminPort: likewise.
    static func start(port: UInt16?, adminPort: UInt16?) async throws -> DemoWorld {
        let listener = try choose(port, instead: defaultPort, option: "--port")
        let admin = try choose(adminPort, instead: defaultAdminPort, option: "--admin-port")
        let folder = try makeFolder()
        do { return try await start(in: folder, listener: listener, admin: admin) } catch {
            remove(folder)
            throw error
        }
    }

    /// On an error nothing is left running.
    private static func start(in folder: String, listener: UInt16, admin: UInt16) async throws -> DemoWorld {
        let certificate = try DevelopmentCertificate.make(names: ["localhost", "127.0.0.1", "::1"], in: folder)
        let regions = try DemoRegions(.standard())
        let text = DemoConfiguration(
            topology: regions.topology, listener: .ip(.loopback, port: listener), admin: .ip(.loopback, port: admin),
            folder: folder, certificatePath: certificate.certificatePath, keyPath: certificate.keyPath
        ).text
        let file = "\(folder)/demo.yaml"
        try write(text, to: file)
        let events = DemoEvents()
        var options = EdgeRuntime.Options()
        options.configurationFile = file
        options.logger = try makeLogger("\(folder)/edge.log", events)
        regions.start()
        do {
            let loaded = try ConfigurationLoader(environment: [:]).load(path: file)
            let runtime = try await EdgeRuntime.start(loaded.configuration, options)
            let token = try await makeToken(runtime)
            return DemoWorld(
                folder: folder, regions: regions, events: events, runtime: runtime,
                port: boundPort(runtime.boundAddresses) ?? listener, adminPort: boundPort(runtime.adminAddresses),
                authoritiesPath: certificate.authorityPath, token: token)
        } catch {
            regions.stop()
            throw error
        }
    }

    /// An operator's, for a day. An edge that makes none is stopped.
    private static func makeToken(_ runtime: EdgeRuntime) async throws(CommandFailure) -> String {
        let context = ChangeContext(caller: .socket, action: "token.create", detail: "{}")
        do throws(ChangeError) {
            return try await runtime.readings.createToken(
                name: "demo", role: .operator, expiresInMilliseconds: 86_400_000, context
            ).secret
        } catch {
            await runtime.stop(graceMilliseconds: 0)
            throw CommandFailure(.refused, "no token for the dashboard: \(error.detail)")
        }
    }

    /// For people: what there is, and where.
    var introduction: String {
        var lines = ["Three regions on this machine, an edge in front of them, and a tour of real requests.", ""]
        for region in regions.topology.regions {
            let cells = region.cells.map { "\($0.name) (\($0.endpoints.count) endpoints)" }.joined(separator: ", ")
            lines.append("  \(region.name), \(region.distanceMilliseconds) ms away: \(cells)")
        }
        lines += ["  edge:   https://localhost:\(port), standing in \(regions.topology.regions[0].name)"]
        if let adminPort, let token {
            lines.append("  dashboard: http://localhost:\(adminPort)/, to sign in: \(token)")
        }
        lines += ["  files:  \(folder) has demo.yaml (the edge's configuration), edge.log and access.log"]
        return lines.joined(separator: "\n")
    }

    /// Ends everything and removes the folder.
    func stop() async {
        await runtime.stop(graceMilliseconds: 1_000)
        regions.stop()
        DemoWorld.remove(folder)
    }

    // MARK: Parts

    /// A port that is wanted must be free; a default gives way. Two edges could share a port without a word
    /// (SO_REUSEPORT), and the tour would wonder who answers.
    private static func choose(_ wanted: UInt16?, instead fallback: UInt16, option: String) throws -> UInt16 {
        let port = wanted ?? fallback
        if port == 0 || isFree(port) { return port }
        guard wanted == nil else {
            throw CommandFailure(.refused, "port \(port) is in use: choose another \(option), or 0 for any")
        }
        return 0
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let address = Address.ip(.loopback, port: port)
        do { _ = try Socket.listen(on: address, reusePort: false, backlog: 1) } catch { return false }
        return true
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/portolan-demo-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in buffer.baseAddress.flatMap { mkdtemp($0) } }
        guard made != nil else {
            throw CommandFailure(.refused, "no temporary folder in /tmp: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    private static func remove(_ folder: String) {
        for name in [
            "ca.crt", "dev.crt", "dev.key", "demo.yaml", "edge.log", "access.log", "portolan.sock",
            "portolan.db", "portolan.db-wal", "portolan.db-shm", "portolan.db.lock", "portolan.db.sessions",
        ] {
            unlink("\(folder)/\(name)")
        }
        rmdir(folder)
    }

    private static func open(_ path: String) throws -> Int32 {
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure(.refused, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
        return descriptor
    }

    private static func write(_ text: String, to path: String) throws {
        let descriptor = try open(path)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw CommandFailure(.refused, "\(path): cannot be written: \(String(cString: strerror(errno)))")
        }
    }

    /// The edge's log goes to a file, and to the tour, which looks for events in it.
    private static func makeLogger(_ path: String, _ events: DemoEvents) throws -> Logger {
        let descriptor = try open(path)
        return Logger(label: "portolan") { _ in
            JSONLogHandler(output: { line in
                events.add(String(decoding: line, as: UTF8.self))
                _ = Glibc.write(descriptor, line, line.count)
            })
        }
    }

    private static func boundPort(_ addresses: [Address]) -> UInt16? {
        for case .ip(_, let port) in addresses { return port }
        return nil
    }
}

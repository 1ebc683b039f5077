import Foundation

/// `portolan serve`, started from a configuration, ready when `init` returns, gone with its owner.
final class RunningEdge {
    enum Listener: String, CaseIterable { case secure, plain, strangers }

    let folder: TemporaryFolder
    let process: ChildProcess
    private(set) var ports: [Listener: UInt16] = [:]
    private let configurationFile: String

    /// The network it lives in; nil: the machine's.
    let namespace: String?

    init(
        _ configuration: EdgeConfiguration, workers: Int? = 1, waitsForReady: Bool = true, namespace: String? = nil,
        environment: [String: String] = [:]
    ) throws {
        self.namespace = namespace
        folder = try TemporaryFolder()
        let configuration = try RunningEdge.withCertificates(configuration)
        configurationFile = try folder.write("edge.yaml", configuration.yaml)
        process = try ChildProcess(
            Programs.portolan,
            ["serve", "--config", configurationFile] + (workers.map { ["--workers", "\($0)"] } ?? []), name: "edge",
            in: folder, environment: environment, namespace: namespace)
        try Patience.wait(for: "the edge to listen", within: 10) {
            if let status = process.exitStatus {
                throw HarnessError("the edge ended with \(status): \(process.errors)\n\(configuration.yaml)")
            }
            ports = RunningEdge.ports(in: process.errors)
            return ports.count == Listener.allCases.count
        }
        if waitsForReady { try waitUntilReady() }
    }

    private static func withCertificates(_ configuration: EdgeConfiguration) throws -> EdgeConfiguration {
        guard configuration.certificates.isEmpty else { return configuration }
        var configuration = configuration
        configuration.certificates = [try TestCertificates.shared.get().localhost]
        return configuration
    }

    func waitUntilReady() throws {
        try Patience.wait(for: "/readyz", within: 10) { try admin("/readyz").status == 200 }
    }

    /// The process log has one line a listener: `listening on 127.0.0.1:40123 (plain, h2c)`.
    private static func ports(in log: String) -> [Listener: UInt16] {
        var ports: [Listener: UInt16] = [:]
        for match in log.matches(of: /listening on [^ ]*:(\d+) \((\w+),/) {
            if let listener = Listener(rawValue: String(match.2)) { ports[listener] = UInt16(match.1) }
        }
        return ports
    }

    /// Kernel's number of the process's thread of that name.
    func thread(named name: String) throws -> Int? {
        let folder = "/proc/\(process.pid)/task"
        return try FileManager.default.contentsOfDirectory(atPath: folder).first { thread in
            (try? String(contentsOfFile: "\(folder)/\(thread)/comm", encoding: .utf8)) == name + "\n"
        }.flatMap { Int($0) }
    }

    /// Of the admin API over TCP, where the configuration has one.
    var adminPort: UInt16? {
        process.errors.firstMatch(of: /admin API on https?:[^ ]*:(\d+)"/).flatMap { UInt16($0.1) }
    }

    func port(_ listener: Listener) -> UInt16 { ports[listener] ?? 0 }

    func url(_ path: String, _ listener: Listener = .plain) -> String {
        "\(listener == .secure ? "https" : "http")://localhost:\(port(listener))\(path)"
    }

    /// One request over the admin socket.
    func admin(_ path: String) throws -> Curl {
        try Curl.run(["--unix-socket", folder.file("admin.sock"), "http://localhost\(path)"])
    }

    /// Writes another configuration over the present one, asks for it to be read, and waits for the word on it.
    /// - Parameter isRefused: it is to be turned down.
    func reload(_ configuration: EdgeConfiguration, isRefused: Bool = false) throws {
        let configuration = try RunningEdge.withCertificates(configuration)
        let word = isRefused ? "CONFIG_REJECTED" : "CONFIG_APPLIED"
        let said = { self.process.errors.components(separatedBy: word).count }
        let before = said()
        try folder.write("edge.yaml", configuration.yaml)
        process.signal(SIGHUP)
        try Patience.wait(for: word, within: 10) {
            if let status = process.exitStatus { throw HarnessError("it ended with \(status): \(process.errors)") }
            return said() > before
        }
    }

    /// Names of the threads that it has.
    var threads: [String] {
        let folder = "/proc/\(process.pid)/task"
        let ids = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return ids.compactMap { try? String(contentsOfFile: "\(folder)/\($0)/comm", encoding: .utf8) }
            .map { $0.trimmingCharacters(in: .newlines) }.sorted()
    }

    /// SIGTERM, and its exit status.
    func stop(within seconds: Double = 10) throws -> Int32 {
        process.signal(SIGTERM)
        return try process.wait(within: seconds)
    }
}

import Foundation

/// HAProxy as an endpoint: HTTP/2 in plain text, on a port of its own.
final class HAProxy {
    let port: UInt16
    let process: ChildProcess
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - rules: of its frontend; probes are answered already.
    ///   - server: where it sends the rest, also as HTTP/2 in plain text; nil: the rules answer all.
    init(rules: [String], server: String? = nil) throws {
        folder = try TemporaryFolder()
        port = try FreePort.next()
        var lines = ["defaults", "  mode http", "  timeout client 20s", "  timeout connect 1s", "  timeout server 20s"]
        lines += ["frontend in", "  bind 127.0.0.1:\(port) proto h2"]
        lines += ["  http-request return status 200 if { path /healthz }"] + rules.map { "  " + $0 }
        if let server { lines += ["  default_backend out", "backend out", "  server one \(server) proto h2"] }
        let file = try folder.write("haproxy.cfg", lines.joined(separator: "\n") + "\n")
        process = try ChildProcess("haproxy", ["-db", "-f", file], name: "haproxy", in: folder)
        try FreePort.waitUntilOpen(port, process)
    }

    deinit { process.kill() }
}

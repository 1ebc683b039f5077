import Foundation

/// Where an edge's admin API is: what `--admin` and `PORTOLAN_ADMIN` name.
enum AdminLocation: Equatable, Sendable, CustomStringConvertible {
    case socket(path: String)
    /// `http://HOST:PORT` or `https://HOST:PORT`, without a path.
    case url(String)

    static let usualSockets = ["./var/portolan.sock", "/run/portolan/portolan.sock"]

    /// What the option says, else the environment, else the first usual socket that is there.
    /// - Throws: usage, when the text is no location.
    init(
        option: String?, environment: [String: String], isThere: (String) -> Bool = AdminLocation.exists
    ) throws(CommandFailure) {
        let usual = AdminLocation.usualSockets
        let fallback = usual.first(where: isThere) ?? usual[usual.count - 1]
        let named = environment["PORTOLAN_ADMIN"].flatMap { $0.isEmpty ? nil : $0 }
        guard let text = option ?? named else {
            self = .socket(path: fallback)
            return
        }
        if text.hasPrefix("unix:"), text.utf8.count > 5 {
            self = .socket(path: String(text.dropFirst(5)))
        } else if let parts = URLComponents(string: text), ["http", "https"].contains(parts.scheme),
            let host = parts.host, !host.isEmpty, parts.path.isEmpty || parts.path == "/", parts.query == nil
        {
            self = .url(text.hasSuffix("/") ? String(text.dropLast()) : text)
        } else {
            throw CommandFailure(
                .usage, "\(text) names no admin API; use http://HOST:PORT, https://HOST:PORT or unix:PATH")
        }
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// The URL of `path` there, as async-http-client takes it.
    func url(_ path: String) -> String {
        switch self {
        case .url(let base): return base + path
        case .socket(let file):
            let host = file.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return "http+unix://\(host)\(path)"
        }
    }

    /// HTTP without TLS over TCP.
    var isPlain: Bool {
        if case .url(let text) = self { text.hasPrefix("http://") } else { false }
    }

    /// Plain HTTP to another machine.
    var isReadableOnTheWay: Bool {
        guard isPlain, case .url(let text) = self, let host = URLComponents(string: text)?.host else {
            return false
        }
        let isLoopback = host.hasPrefix("127.") && host.allSatisfy { $0 == "." || $0.isASCII && $0.isNumber }
        return !(isLoopback || ["localhost", "[::1]", "::1"].contains(host))
    }

    var description: String {
        switch self {
        case .url(let base): base
        case .socket(let path): "unix:\(path)"
        }
    }
}

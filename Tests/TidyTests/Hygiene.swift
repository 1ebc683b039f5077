import Foundation

/// What no file of the repository says, whatever its language.
enum Hygiene {
    /// Hosts that a link may name. Anything else is somebody's mirror, or needs a line here.
    static let hosts: Set<String> = [
        "github.com", "www.apache.org", "keepachangelog.com", "semver.org", "www.rfc-editor.org", "haproxy.org",
        "www.haproxy.org", "nghttp2.org", "www.swift.org", "swift.org", "opentelemetry.io", "prometheus.io",
        "portolan.dev", "localhost", "www.w3.org", "127.0.0.1",
    ]
    /// Names that RFC 2606 set aside for examples.
    static let exampleEndings = ["example.com", "example.org", "example.net", ".example", ".test", ".invalid"]
    /// Spelt apart, because this file is read by its own rules.
    static let promises = "\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"
    static let places = "(?:^|[^\\w.~)}-])(/(?:ro" + "ot|wo" + "rk|ho" + "me/\\w+|Us" + "ers/\\w+))(?!\\w)"

    static func findings(path: String, text: String) throws -> [Finding] {
        let (promises, places) = (try Regex(promises), try Regex(places))
        var findings: [Finding] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            func found(_ message: String) {
                findings.append(Finding(path: path, line: index + 1, message: message))
            }
            if line.contains(promises), !line.contains(#/#\d+/#) { found("a promise without the number of an issue") }
            if let match = line.firstMatch(of: places) { found("the path of a machine: \(match[1].substring ?? "")") }
            for host in foreignHosts(in: line) { found("a host that is not in the list of links: \(host)") }
        }
        return findings
    }

    /// Links of a Markdown page to files that are not there. `known` has every path of the repository.
    static func deadLinks(path: String, text: String, known: Set<String>) -> [Finding] {
        let folder = path.split(separator: "/").dropLast()
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap { index, line in
            line.matches(of: #/\]\(([^)#:]+)(#[^)]*)?\)/#).compactMap { match -> Finding? in
                var parts = Array(folder)
                for part in match.1.split(separator: "/") {
                    if part == ".." { _ = parts.popLast() } else if part != "." { parts.append(part) }
                }
                let target = parts.joined(separator: "/")
                if known.contains(target) || known.contains(where: { $0.hasPrefix(target + "/") }) { return nil }
                return Finding(path: path, line: index + 1, message: "the link to \(match.1) leads nowhere")
            }
        }
    }

    private static func foreignHosts(in line: Substring) -> [String] {
        line.matches(of: #/https?:\/\/([A-Za-z0-9.\-]+)/#).map { String($0.1).lowercased() }.filter { host in
            let isNumber = host.allSatisfy { $0.isNumber || $0 == "." }
            return !hosts.contains(host) && !isNumber && !exampleEndings.contains { host.hasSuffix($0) }
                && host.contains(".")
        }
    }
}

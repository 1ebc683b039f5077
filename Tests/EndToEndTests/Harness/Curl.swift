import Foundation

/// One run of curl and what it received.
struct Curl {
    /// curl's own exit status.
    let exit: Int32
    /// Of the last response; 0: there was none.
    let status: Int
    /// "2", "1.1".
    let version: String
    let fields: Fields
    let body: String
    let seconds: Double
    let errors: String
    /// Status lines of all responses, 1xx included.
    let statuses: [Int]
    /// Octets of the body.
    let downloaded: Int
    /// What curl printed besides: certificate, TLS version (with `--verbose`).
    var trace: String { errors }

    /// curl with `arguments`; the body is kept unless they send it elsewhere.
    static func run(_ arguments: [String], within seconds: Double = 30) throws -> Curl {
        let folder = try TemporaryFolder()
        let (head, facts) = (folder.file("head"), "%{http_code} %{http_version} %{size_download} %{time_total}")
        let keepsBody = !arguments.contains("--output")
        let command = try Command.run(
            "curl",
            ["--silent", "--show-error", "--dump-header", head, "--write-out", "%{stderr}\n@\(facts)\n"]
                + (keepsBody ? ["--output", folder.file("body")] : []) + arguments,
            within: seconds)
        let lines = command.errors.split(separator: "\n")
        let said = (lines.last { $0.hasPrefix("@") } ?? "@0 0 0 0").dropFirst().split(separator: " ")
        let heads = folder.read("head").replacing("\r\n", with: "\n").split(separator: "\n\n")
        var fields = Fields()
        for line in (heads.last ?? "").split(separator: "\n").dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            fields.append(line[..<colon].lowercased(), value)
        }
        let statuses = heads.compactMap { head in head.split(separator: " ").dropFirst().first.flatMap { Int($0) } }
        return Curl(
            exit: command.status, status: Int(said[0]) ?? 0, version: String(said[1]), fields: fields,
            body: folder.read("body"), seconds: Double(said[3]) ?? 0, errors: command.errors, statuses: statuses,
            downloaded: Int(said[2]) ?? 0)
    }

    /// A request to one of the edge's listeners: over TLS with the test authority, else with prior knowledge.
    static func get(
        _ edge: RunningEdge, _ path: String, _ listener: RunningEdge.Listener = .plain, _ options: [String] = [],
        within seconds: Double = 30
    ) throws -> Curl {
        let transport =
            listener == .secure
            ? ["--http2", "--cacert", try TestCertificates.shared.get().authority] : ["--http2-prior-knowledge"]
        return try run(transport + options + [edge.url(path, listener)], within: seconds)
    }

    /// The problem document's members.
    var problem: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]) ?? [:]
    }
}

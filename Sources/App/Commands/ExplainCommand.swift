import Admin
import ArgumentParser
import ControlPlane
import Foundation

/// `portolan explain`.
struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Which endpoint would serve a request, stage by stage, and why no other.",
        discussion: "Decided by a running edge as for a trusted client without a session. Nothing is sent anywhere.")
    @Argument(help: ArgumentHelp("GET, POST…", valueName: "METHOD")) var method: String
    @Argument(help: ArgumentHelp("http://HOST/PATH, or a path alone.", valueName: "URL")) var url: String
    @Option(name: [.customShort("H"), .long], help: ArgumentHelp("A header of the request.", valueName: "NAME:VALUE"))
    var header: [String] = []
    @OptionGroup var options: AdminOptions

    func validate() throws { _ = try request() }

    func run() async throws {
        var call = AdminRequest(method: .post, path: "/v1/explain")
        call.body = try AdminJSON.encode(try request())
        try await options.reach { client in
            try options.print(try await client.send(call), client) { (said: Status.Explanation, screen) in
                ExplanationText.lines(said.text, on: screen)
            }
        }
    }

    private func request() throws -> ExplainRequest {
        // Case tells methods apart (RFC 9110 §9.1), but nobody means another one by `get`.
        guard !method.isEmpty, method.allSatisfy({ $0.isASCII && $0.isLetter || $0 == "-" }) else {
            throw ValidationError("“\(method)” is no method: write GET, POST or the like")
        }
        var headers: [String: [String]] = [:]
        for line in header {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw ValidationError("“\(line)” is no header: write NAME:VALUE")
            }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased(), default: []].append(value)
        }
        let (authority, path) = try ExplainCommand.parts(of: url)
        if let authority, headers["host"] == nil { headers["host"] = [authority] }
        return ExplainRequest(method: method.uppercased(), path: path, headers: headers)
    }

    /// The authority, where the URL has one, and the path with its query.
    static func parts(of url: String) throws -> (authority: String?, path: String) {
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw ValidationError("“\(url)” is no URL: write spaces and letters beyond ASCII as %20 and the like")
        }
        if url.hasPrefix("/") { return (nil, url) }
        guard let scheme = ["http://", "https://"].first(where: { url.hasPrefix($0) }) else {
            throw ValidationError("“\(url)” is no URL: write http://HOST/PATH, or a path that begins with /")
        }
        let rest = url.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        guard end > rest.startIndex else { throw ValidationError("“\(url)” names no host") }
        let path = rest[end...].prefix { $0 != "#" }
        return (String(rest[..<end]), path.hasPrefix("/") ? String(path) : "/\(path)")
    }
}

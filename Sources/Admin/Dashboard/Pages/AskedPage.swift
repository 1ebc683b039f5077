import Foundation

/// The explain form, read.
enum AskedPage {
    struct Problem: Error, Equatable { var text: String }

    /// A whole URL or its path; the authority becomes the `host` header unless there is one.
    static func request(_ body: FormBody) throws(Problem) -> ExplainRequest {
        var headers = try headers(body["headers"])
        var path = body["url"]
        if let start = path.range(of: "://") {
            let rest = path[start.upperBound...]
            let host = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            guard !host.isEmpty else { throw Problem(text: "The URL names no host.") }
            path = String(rest.dropFirst(host.count).prefix { $0 != "#" })
            if !path.hasPrefix("/") { path = "/" + path }
            if headers["host"] == nil { headers["host"] = [String(host)] }
        }
        guard path.hasPrefix("/") else { throw Problem(text: "“\(path)” is no URL, and a path begins with /.") }
        if let problem = ValueKind.path.problem(.text(path)) { throw Problem(text: "The path: \(problem).") }
        guard ExplainPage.methods.contains(body["method"]) else { throw Problem(text: "Choose a method.") }
        return ExplainRequest(method: body["method"], path: path, headers: headers)
    }

    private static func headers(_ text: String) throws(Problem) -> [String: [String]] {
        var headers: [String: [String]] = [:]
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
            let parts = line.split(separator: ":", maxSplits: 1)
            let name = FormBody(["name": String(parts.first ?? "")])["name"].lowercased()
            guard parts.count == 2, !name.isEmpty, !name.contains(where: \.isWhitespace) else {
                throw Problem(text: "“\(line)” is no header: write name: value, one a line.")
            }
            headers[name, default: []].append(FormBody(["value": String(parts[1])])["value"])
        }
        return headers
    }
}

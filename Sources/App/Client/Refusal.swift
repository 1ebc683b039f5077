import Admin
import Foundation

/// What a problem document says (RFC 9457), as far as it is there.
struct Refusal: Decodable, Equatable {
    var detail: String?
    var title: String?
    /// For programs: why.
    var reason: String?
    /// What edges of the version before call it.
    var code: String?
    var requestId: String?

    /// Of whatever body came with the status.
    init(_ body: Data) { self = (try? AdminJSON.decode(Refusal.self, from: body)) ?? Refusal() }

    private init() {}

    /// One line: why, and what to do.
    func words(status: Int, location: AdminLocation) -> String {
        let why = reason ?? code
        let isProblem = self != Refusal()
        let what = Words.plain(
            detail ?? title ?? (isProblem ? "no reason given" : "no reason given; is that an edge's admin API?"))
        var line = "refused by \(location), \(status)\(why.map { " \($0)" } ?? ""): \(what)"
        if let remedy = Refusal.remedies[why ?? ""] { line += "; \(remedy)" }
        if status >= 500, let requestId { line += " (request \(requestId))" }
        return line
    }

    /// Where the command line can help with what the API cannot know of.
    private static let remedies = [
        "unauthorized": "PORTOLAN_TOKEN or --token-file gives a token, --cert a certificate",
        "forbidden": "use a token of that role, or the Unix socket on the edge's machine",
        "rate_limited": "wait a minute",
        "stale_generation": "see `portolan status`, then repeat with --if-match and its generation",
    ]
}

import HTTPTypes

/// Where a form was filled in, by what browsers say of it.
enum RequestOrigin {
    private static let fetchSite = HTTPField.Name("sec-fetch-site")

    /// False where a browser says that another site sends this. Programs that are none say nothing; then the form's
    /// token decides alone. `Origin: null` says nothing either: our own pages send it, because they send no referrer
    /// (Fetch, “append a request Origin header”).
    static func isOwn(_ head: HTTPRequest) -> Bool {
        if let name = fetchSite, let site = head.headerFields[name] { return site == "same-origin" }
        guard let origin = head.headerFields[.origin], origin != "null" else { return true }
        let host = origin.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        return host.map { $0.lowercased() } == head.authority?.lowercased()
    }

    /// Whoever reaches the Unix socket needs no sign-in. Forwarded to a port, that would hold for a foreign site whose
    /// name was made to lead there; so names other than localhost are refused.
    static func namesThisMachine(_ authority: String?) -> Bool {
        guard let authority, !authority.isEmpty else { return true }
        if authority.hasPrefix("[") { return true }
        let host = authority.split(separator: ":", omittingEmptySubsequences: false).first.map { $0.lowercased() } ?? ""
        let isNumber = host.allSatisfy { $0.isNumber || $0 == "." }
        return isNumber || host == "localhost" || host.hasSuffix(".localhost")
    }
}

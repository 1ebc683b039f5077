extension Configuration {
    /// `events:` — how long what happened is kept, and who is told of it.
    public struct Events: Equatable, Sendable {
        public var keepMilliseconds: UInt64 = 604_800_000
        /// No two have the same URL.
        public var webhooks: [Webhook] = []
        public init() {}
    }

    /// Somebody who is told of events by HTTP.
    public struct Webhook: Equatable, Sendable {
        /// `https`, or `http` to a loopback address; without user, password and fragment.
        public var url: String
        /// Signs what is sent; at least 16 characters.
        public var secret: String
        /// Names of events, or their beginnings followed by `*`.
        public var patterns: [String]
        public init(url: String, secret: String, patterns: [String] = ["*"]) {
            (self.url, self.secret, self.patterns) = (url, secret, patterns)
        }

        /// Whether it is told of events of this name. Never of those about webhooks: each would make the next.
        public func wants(_ name: String) -> Bool {
            !EventKind.isAboutWebhooks(name) && patterns.contains { Webhook.pattern($0, matches: name) }
        }

        public static func pattern(_ pattern: String, matches name: String) -> Bool {
            pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
        }

        /// Scheme and authority: a URL's path and query are often a secret of the receiver's.
        public var place: String {
            let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count >= 3 else { return url }
            let authority = parts[2].prefix { $0 != "?" }
            let isWhole = authority.count == parts[2].count && (parts.count == 3 || parts[3].isEmpty)
            return "\(parts[0])//\(authority)" + (isWhole ? "" : "/…")
        }
    }
}

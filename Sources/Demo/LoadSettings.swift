public import Model

/// What a load generator sends, and to whom.
public struct LoadSettings: Sendable {
    /// Resolved; a connection that cannot be made is tried at the next.
    public var addresses: [Address]
    /// Nil: plain text with prior knowledge.
    public var tls: TLS?
    public var authority = "localhost"
    public var method = "GET"
    public var path = "/"
    /// Lower-case names.
    public var headers: [Configuration.Header] = []
    /// Zero bytes sent as each request's body; 0: none.
    public var bodyByteCount = 0
    /// Requests are due at even distances, whether or not those before them were answered.
    public var requestsPerSecond = 100.0
    /// Stop after so many; nil: go on until told.
    public var requestCount: Int?
    public var connectionCount = 2
    /// From the instant a request is due.
    public var timeoutMilliseconds: UInt64 = 10_000

    public struct TLS: Sendable {
        /// PEM file of the authorities to trust.
        public var authoritiesPath: String
        /// Sent as SNI and verified.
        public var serverName: String
        public init(authoritiesPath: String, serverName: String) {
            (self.authoritiesPath, self.serverName) = (authoritiesPath, serverName)
        }
    }

    public init(addresses: [Address], tls: TLS?) { (self.addresses, self.tls) = (addresses, tls) }
}

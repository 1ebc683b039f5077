/// Every limit of the data plane, with the default and its source in docs/limits.md (the letter and number in brackets
/// are that page's rows). The configuration's `limits:` uses the snake_case of these names, units by suffix.
public struct Limits: Equatable, Sendable {
    /// [A1] Concurrent streams a client connection may have open. 1–10,000.
    public var maxConcurrentStreams = 100
    /// [A2] Octets of a decoded request header list, counted as RFC 9113 §6.5.2 does.
    public var maxHeaderListBytes = 65_536
    /// [A3] Header fields of a request.
    public var maxHeaderFields = 100
    /// [A6] Streams that die early, by either side: burst, and how many a second are forgiven.
    public var earlyResetBurst = 1_000
    public var earlyResetsPerSecond = 33
    /// [A7] Glitch score: burst, and how much a second is forgiven.
    public var glitchBurst = 10_000
    public var glitchesPerSecond = 330
    /// [A8] Octets a connection may receive beyond eight times its useful ones.
    public var overheadAllowanceBytes = 1 << 20
    /// [A11] Age at which a client connection is told to go away, ± 10 %.
    public var connectionAgeMilliseconds: UInt64 = 3_600_000
    /// [A12] Work of one connection in one turn of the loop.
    public var turnReadBytes = 65_536
    public var turnFrames = 128
    public var turnRequests = 32
    /// [B1] Buffer budget of a client connection: at first, and at most.
    public var clientBufferBytes = 2 << 20
    public var clientBufferMaxBytes = 8 << 20
    /// [B2] Upstream receive windows: of a stream at first and at most, and of a connection.
    public var upstreamStreamWindowBytes = 16_384
    public var upstreamStreamWindowMaxBytes = 4 << 20
    public var upstreamConnectionWindowBytes = 16 << 20
    /// [B3] Unsent octets of a client connection above which nothing more is taken from upstream for it.
    public var clientBacklogBytes = 131_072
    /// [B4] Octets wait to be sent and none leaves: reset the stream; close when all of a connection's are stalled.
    public var streamStallMilliseconds: UInt64 = 30_000
    public var connectionStallMilliseconds: UInt64 = 60_000
    /// [C1] TLS handshake; then the preface and the acknowledgement of SETTINGS.
    public var handshakeMilliseconds: UInt64 = 10_000
    public var prefaceMilliseconds: UInt64 = 10_000
    /// [C2] A header block, from its first octet to its last.
    public var headerBlockMilliseconds: UInt64 = 10_000
    /// [C3] Octets a second that a request's body must bring, averaged over ten seconds, after the first ten.
    public var requestBodyBytesPerSecond = 1_024
    /// [C4] A client connection without a stream.
    public var idleMilliseconds: UInt64 = 180_000
    /// A PING asks after a silent client connection that has streams; unanswered for the timeout, it is closed.
    public var keepaliveIntervalMilliseconds: UInt64 = 30_000
    public var keepaliveTimeoutMilliseconds: UInt64 = 10_000
    /// [D2] Client connections of the process; 0: as many as descriptors allow.
    public var maxConnections = 0
    /// [D3] Share of `maxConnections` one client address may hold, percent; clients in `trust.from` are exempt.
    public var connectionsPerAddressPercent = 10

    public init() {}
}

/// What a replay of an access log over another configuration found (`portolan replay`).
public struct ReplayReport: Codable, Equatable, Sendable {
    /// A line that could not be used.
    public struct BadLine: Codable, Equatable, Sendable {
        public var line: Int
        public var why: String
        public init(line: Int, why: String) { (self.line, self.why) = (line, why) }
    }

    /// Of all kinds.
    public var lines = 0
    /// Of requests.
    public var requests = 0
    /// Decided again.
    public var decided = 0
    /// Of those: the same region, cell and endpoint, or the same refusal.
    public var same = 0
    /// Another endpoint of the same cell.
    public var otherEndpoint = 0
    /// Another cell, refused now, or refused no more.
    public var elsewhere = 0
    /// Served then, refused now.
    public var refused = 0
    /// Decided, but a header or a key that the log does not keep could make it otherwise.
    public var unknown = 0
    /// The edge answered before it looked for a route: nothing to decide.
    public var undecided = 0
    /// Their generation's state of the world is not in the log (an older file has it), or the line keeps no facts.
    public var missing = 0
    public var unreadable = 0
    /// The first of them.
    public var badLines: [BadLine] = []
    /// Most first.
    public var moves: [Status.Flow] = []
    public init() {}
}

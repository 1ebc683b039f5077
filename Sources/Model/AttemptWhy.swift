/// Why a request was sent to an endpoint: the `why` of the access log's `attempts`. Raw values are only between threads
/// of one process.
public enum AttemptWhy: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    /// Its first endpoint.
    case first
    /// The one before provably did nothing with it.
    case resend
    /// It is safe to repeat, and the one before failed.
    case retry
    /// The one before was marked down while the request waited there.
    case rescue
    /// Beside the one before, which had not answered yet.
    case hedge
    /// The one before was not the owner's, and said who is.
    case owner

    public var name: String { AttemptWhy.names[Int(rawValue)] }
    private static let names = ["first", "resend", "retry", "rescue", "hedge", "owner"]
}

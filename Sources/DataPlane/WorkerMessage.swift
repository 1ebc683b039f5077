import Model
import TLS

/// What a worker is told through its mailbox.
enum WorkerMessage: Sendable {
    case reload(WorkerSettings)
    case sessionKeys(SessionKeys)
    case collect(@Sendable (WorkerCounters) -> Void)
    case stop(graceMilliseconds: UInt64)
}

/// What a worker takes from the configuration besides the snapshot.
struct WorkerSettings: Sendable {
    /// One a listener; nil: plain text.
    var serverContexts: [ServerContext?]
    var limits: Limits
    var logging: RequestLogging
    var graceMilliseconds: UInt64
    var retries = Configuration.RetryRules()
}

/// What a request leaves in the worker's ring. Which lines are written, and how many of them, is the reader's choice.
enum RequestLogging: Sendable {
    /// Numbers, for histograms.
    case numbers
    /// Texts as well, for an access log.
    case texts

    init(_ log: Configuration.AccessLog?) { self = log == nil ? .numbers : .texts }
}

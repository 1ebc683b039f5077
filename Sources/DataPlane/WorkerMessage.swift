import Model

/// What a worker is told through its mailbox.
enum WorkerMessage: Sendable {
    case reload(WorkerSettings, WorkerOrders)
    case sessionKeys(SessionKeys)
    case collect(@Sendable (WorkerCounters) -> Void)
    /// Open exchanges by cell.
    case inFlight(@Sendable ([UInt32]) -> Void)
    /// There are fewer workers from now on: this one ends when its connections have.
    case leave(graceMilliseconds: UInt64)
    case stop(graceMilliseconds: UInt64)
}

/// What a worker is to do about its sockets. Listeners are on their way to its thread, which alone will touch them.
struct WorkerOrders: @unchecked Sendable {
    /// To accept from, from now on.
    var opening: [Listener] = []
    /// To let go of, by socket: another worker accepts from them.
    var closing: [Int] = []
}

/// What a worker takes from the configuration besides the snapshot.
struct WorkerSettings: Sendable {
    /// In the configuration's order.
    var terms: [ListenerTerms]
    var limits: Limits
    var logging: RequestLogging
    var graceMilliseconds: UInt64
    var maxConnections: Int
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

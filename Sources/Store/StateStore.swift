/// What must survive the process: operators' intent, credentials, the audit log, events (design.md, State that must
/// survive).
///
/// Times are nanoseconds since 1970. Any task; implementations put transactions one after another.
public protocol StateStore: Sendable {
    /// Everything the control plane starts from.
    func load() async throws(StoreError) -> StoredState

    /// Writes a transaction whole or not at all. When it returns, the transaction survives `kill -9` and a loss of
    /// power. The audit entry comes back numbered and chained; nil where the transaction had none.
    @discardableResult
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> AuditEntry?

    /// What a change with this idempotency key was answered; nil: never seen, or longer than
    /// `StoredAnswer.lifeNanoseconds` ago.
    func answer(to key: String, now: UInt64) async throws(StoreError) -> StoredAnswer?

    /// Entries with greater numbers, oldest first.
    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [AuditEntry]

    /// The latest entries before that number (nil: the newest), newest first.
    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry]

    /// Keeps events, and forgets those older than `keepAfter` and all but the newest `StoredEvent.capacity`. Where the
    /// number is kept already, the new event takes its place.
    func append(_ events: [StoredEvent], keepAfter: UInt64) async throws(StoreError)

    /// Events with greater numbers, oldest first; only those about `subject` (`EventSubject`) where one is given.
    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [StoredEvent]

    /// The latest events before that number (nil: the newest), newest first; only those about `subject` where one is
    /// given.
    func events(before number: UInt64?, subject: String?, limit: Int) async throws(StoreError) -> [StoredEvent]

    /// Whether it takes changes now: one that refused the last tries again before it answers.
    var isTakingChanges: Bool { get async }

    /// How much there is of it now; nil: it is in memory, and goes with the process.
    func size() async throws(StoreError) -> StoreSize?

    /// Writes a copy that is whole in itself, while others go on reading and writing. For its owner alone: it holds
    /// secrets.
    ///
    /// - Throws: there is such a file already, or it cannot be written; then nothing is left of it.
    func backup(to path: String) async throws(StoreError)

    /// Ends all use of it; whatever is asked afterwards is an error. Called again it does nothing.
    func close() async
}

extension StateStore {
    public var isTakingChanges: Bool { get async { true } }
    public func close() async {}
    public func size() async throws(StoreError) -> StoreSize? { nil }
}

import Store

/// A store in memory whose commits wait while its gate is closed.
actor GateStore: StateStore {
    let memory = MemoryStore()
    private var isClosed = false
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var transactions: [StoreTransaction] = []

    var waitingCount: Int { waiting.count }
    func shutGate() { isClosed = true }

    func open() {
        isClosed = false
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// One of those that wait goes on, into the store; the gate stays closed.
    func letOneThrough() { if !waiting.isEmpty { waiting.removeFirst().resume() } }

    func load() async throws(StoreError) -> StoredState { try await memory.load() }

    @discardableResult
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> AuditEntry? {
        if isClosed { await withCheckedContinuation { waiting.append($0) } }
        let entry = try await memory.commit(transaction)
        transactions.append(transaction)
        return entry
    }

    func answer(to key: String, now: UInt64) async throws(StoreError) -> StoredAnswer? {
        try await memory.answer(to: key, now: now)
    }

    func audit(after number: UInt64, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await memory.audit(after: number, limit: limit)
    }

    func audit(before number: UInt64?, limit: Int) async throws(StoreError) -> [AuditEntry] {
        try await memory.audit(before: number, limit: limit)
    }

    func append(_ events: [StoredEvent], keepAfter: UInt64) async throws(StoreError) {
        try await memory.append(events, keepAfter: keepAfter)
    }

    func events(after number: UInt64, subject: String?, limit: Int) async throws(StoreError) -> [StoredEvent] {
        try await memory.events(after: number, subject: subject, limit: limit)
    }

    func events(before number: UInt64?, subject: String?, limit: Int) async throws(StoreError) -> [StoredEvent] {
        try await memory.events(before: number, subject: subject, limit: limit)
    }

    func backup(to path: String) async throws(StoreError) { try await memory.backup(to: path) }
}

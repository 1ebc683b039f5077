/// A store that lasts as long as the process: for an edge without `state`, and for tests.
public actor MemoryStore: StateStore {
    private var state = StoredState()
    private var entries: [AuditEntry] = []
    private var kept: [StoredEvent] = []
    private var answers: [String: StoredAnswer] = [:]
    /// Set by a test: what the next commits throw.
    private var failure: StoreError?

    public init() {}

    /// From now on commits throw this; nil: they succeed again.
    public func fail(with error: StoreError?) { failure = error }

    public func load() throws(StoreError) -> StoredState { state.ordered }

    @discardableResult
    public func commit(_ transaction: StoreTransaction) throws(StoreError) -> AuditEntry? {
        if let failure { throw failure }
        for change in transaction.changes { apply(change) }
        if let answer = transaction.answer {
            answers = answers.filter { $0.value.isAlive(at: answer.at) }
            answers[answer.key] = answer
        }
        guard let draft = transaction.audit else { return nil }
        let entry = AuditChain(after: entries.last).link(draft)
        entries.append(entry)
        return entry
    }

    private func apply(_ change: StoreTransaction.Change) {
        switch change {
        case .setSetting(let setting):
            state.settings.removeAll {
                $0.kind == setting.kind && $0.region == setting.region && $0.cell == setting.cell
            }
            state.settings.append(setting)
        case .removeSetting(let kind, let region, let cell):
            state.settings.removeAll { $0.kind == kind && $0.region == region && $0.cell == cell }
        case .setDrain(let drain):
            state.drains.removeAll { $0.id == drain.id }
            state.drains.append(drain)
            state.lastDrainID = max(state.lastDrainID, drain.id)
        case .removeDrain(let id): state.drains.removeAll { $0.id == id }
        case .setPin(let pin):
            state.pins.removeAll { $0.tenant == pin.tenant }
            state.pins.append(pin)
        case .removePin(let tenant): state.pins.removeAll { $0.tenant == tenant }
        case .setToken(let token):
            state.tokens.removeAll { $0.id == token.id }
            state.tokens.append(token)
        case .removeToken(let id): state.tokens.removeAll { $0.id == id }
        case .setOwner(let owner):
            if let known = state.owners.first(where: { $0.dataset == owner.dataset }), known.epoch >= owner.epoch {
                return
            }
            state.owners.removeAll { $0.dataset == owner.dataset }
            state.owners.append(owner)
        case .reserveGenerations(let generation): state.reservedGeneration = max(state.reservedGeneration, generation)
        case .setWebhookCursor(let url, let number): state.webhookCursors[url] = number
        case .setKeys(let keys): state.keys = keys
        }
    }

    public func answer(to key: String, now: UInt64) throws(StoreError) -> StoredAnswer? {
        answers[key].flatMap { $0.isAlive(at: now) ? $0 : nil }
    }

    public func audit(after number: UInt64, limit: Int) throws(StoreError) -> [AuditEntry] {
        Array(entries.filter { $0.number > number }.prefix(limit))
    }

    public func audit(before number: UInt64?, limit: Int) throws(StoreError) -> [AuditEntry] {
        Array(entries.filter { $0.number < number ?? .max }.suffix(limit).reversed())
    }

    public func append(_ events: [StoredEvent], keepAfter: UInt64) throws(StoreError) {
        if let failure { throw failure }
        if let first = events.map(\.number).min(), let last = kept.last, first <= last.number {
            let numbers = Set(events.map(\.number))
            kept.removeAll { numbers.contains($0.number) }
        }
        kept = (kept + events).filter { $0.time >= keepAfter }.suffix(StoredEvent.capacity)
        state.lastEventNumber = max(state.lastEventNumber, events.map(\.number).max() ?? 0)
    }

    public func events(after number: UInt64, subject: String?, limit: Int) throws(StoreError) -> [StoredEvent] {
        let about = kept.lazy.filter { event in
            event.number > number && subject.map { EventSubject.isAbout($0, event.subject) } ?? true
        }
        return Array(about.prefix(limit))
    }

    public func events(before number: UInt64?, subject: String?, limit: Int) throws(StoreError) -> [StoredEvent] {
        let about = kept.reversed().lazy.filter { event in
            event.number < number ?? .max && subject.map { EventSubject.isAbout($0, event.subject) } ?? true
        }
        return Array(about.prefix(limit))
    }

    public func backup(to path: String) throws(StoreError) {
        throw StoreError(path: path, "nothing to back up: this edge keeps its state in memory; set state.sqlite")
    }
}

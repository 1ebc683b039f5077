public import Store

extension StoredEvent {
    public init(_ event: Event) {
        self.init(
            number: event.number, time: event.time, generation: event.generation, kind: event.kind.rawValue,
            subject: event.subject, cause: event.cause)
    }
}

extension Event {
    /// Nil: another version wrote it, of a kind that is unknown here.
    init?(_ event: StoredEvent) {
        guard let kind = Kind(rawValue: event.kind) else { return nil }
        self.init(
            number: event.number, time: event.time, generation: event.generation, kind: kind, subject: event.subject,
            cause: event.cause)
    }
}

extension Status.Event {
    public init(_ event: StoredEvent) {
        self.init(
            number: event.number, time: TimestampWriter.text(event.time), generation: event.generation,
            event: event.kind, subject: event.subject, cause: event.cause)
    }
}

extension StoredState {
    /// The greatest number of an event that anybody may have seen: a webhook can be ahead of what was kept when the
    /// power went.
    public var lastEventTold: UInt64 { max(lastEventNumber, webhookCursors.values.max() ?? 0) }
}

import ControlPlane
import Logging
import Model
import Store

/// What an edge keeps and tells besides serving: events, the audit log, credentials, webhooks.
final class EdgeLedger: Sendable {
    let log: EventLog
    let audit: AuditLog
    let credentials: Credentials
    private let webhooks: Webhooks
    private let client = WebhookClient()

    /// - Parameters:
    ///   - stored: what the store held at the start.
    ///   - generation: in force now.
    init(
        _ configuration: Configuration, events: EventBus, store: any StateStore, stored: StoredState, audit: AuditLog,
        logger: Logger,
        generation: @escaping @Sendable () async -> UInt64
    ) {
        log = EventLog(
            bus: events, store: store, keepMilliseconds: configuration.events.keepMilliseconds, logger: logger)
        self.audit = audit
        credentials = Credentials(store: store, stored: stored.tokens, audit: audit, generation: generation)
        webhooks = Webhooks(
            log: log, store: store, cursors: stored.webhookCursors, logger: logger, seed: .random(in: 0 ... .max),
            generation: generation, deliver: { [client] delivery in await client.deliver(delivery) })
    }

    /// Until `close` or the task's cancellation; returns when the store has what it can take.
    func run() async {
        await log.run()
        await webhooks.stop()
        await client.stop()
    }

    /// Before `run`, and whenever another configuration is in force.
    func adopt(_ configuration: Configuration) async {
        log.keep(milliseconds: configuration.events.keepMilliseconds)
        await webhooks.adopt(configuration.events.webhooks, edge: configuration.edge.name)
    }
}

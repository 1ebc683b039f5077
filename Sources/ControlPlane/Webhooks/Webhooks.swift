public import Logging
public import Model
public import Store

/// The webhooks of the configuration, each with a courier of its own: one that is slow or gone holds no other up.
public actor Webhooks {
    /// Sends one delivery, within `WebhookDelivery.timeoutMilliseconds`; ends soon when its task is cancelled.
    public typealias Deliver = @Sendable (WebhookDelivery) async -> WebhookOutcome

    private struct Post {
        let webhook: Configuration.Webhook
        let edge: String
        let task: Task<Void, Never>
        /// The receiver answered 410.
        var isStopped = false
    }

    private let log: EventLog
    private let store: any StateStore
    private let clock: ControlClock
    private let logger: Logger
    private let generation: @Sendable () async -> UInt64
    private let deliver: Deliver
    private var random: SplitMix64
    /// By URL.
    private var cursors: [String: UInt64]
    private var posts: [String: Post] = [:]
    private var isFailing = false
    private var isStopped = false

    /// - Parameters:
    ///   - cursors: `StoredState.webhookCursors`.
    ///   - seed: of the waits.
    ///   - generation: in force now, for events about webhooks.
    public init(
        log: EventLog, store: any StateStore, cursors: [String: UInt64], logger: Logger,
        clock: ControlClock = .system, seed: UInt64, generation: @escaping @Sendable () async -> UInt64,
        deliver: @escaping Deliver
    ) {
        (self.log, self.store, self.cursors, self.logger) = (log, store, cursors, logger)
        (self.clock, random, self.generation, self.deliver) = (clock, SplitMix64(seed: seed), generation, deliver)
    }

    /// The configuration's webhooks from now on. One that is new begins with the next event; one that had stopped
    /// begins again where it was. What is on its way to one that changes ends first.
    /// - Parameter edge: the edge's name.
    public func adopt(_ webhooks: [Configuration.Webhook], edge: String) {
        if isStopped { return }
        let wanted = Set(webhooks.map(\.url))
        for (url, post) in posts where !wanted.contains(url) {
            post.task.cancel()
            posts[url] = nil
        }
        for webhook in webhooks {
            let old = posts[webhook.url]
            if let old, old.webhook == webhook, old.edge == edge, !old.isStopped { continue }
            old?.task.cancel()
            start(webhook, edge: edge, after: old?.task)
        }
    }

    /// Ends all deliveries; what was not answered will be sent again by the next process.
    public func stop() async {
        isStopped = true
        for post in posts.values { post.task.cancel() }
        for post in posts.values { await post.task.value }
    }

    private func start(_ webhook: Configuration.Webhook, edge: String, after old: Task<Void, Never>?) {
        let url = webhook.url
        // Before it is known, nothing is owed to it.
        let isNew = cursors[url] == nil
        let first = min(cursors[url] ?? .max, log.bus.lastNumber)
        cursors[url] = first
        let courier = WebhookCourier(
            webhook: webhook, edge: edge, log: log, clock: clock, deliver: deliver,
            keep: { await self.keep($0, of: url) },
            giveUp: { await self.tell(.webhookAbandoned, of: webhook, cause: $0) })
        let seed = random.next()
        let task = Task {
            await old?.value
            if isNew { await self.keep(first, of: url) }
            let cursor = self.cursors[url] ?? first
            if await courier.run(from: cursor, seed: seed) { await self.hasStopped(webhook) }
        }
        posts[url] = Post(webhook: webhook, edge: edge, task: task)
    }

    private func hasStopped(_ webhook: Configuration.Webhook) async {
        if posts[webhook.url]?.webhook == webhook { posts[webhook.url]?.isStopped = true }
        let cause = "it answered 410: nothing is sent to it until a reload or a restart"
        await tell(.webhookStopped, of: webhook, cause: cause)
    }

    private func tell(_ kind: EventKind, of webhook: Configuration.Webhook, cause: String) async {
        log.bus.emit(kind, subject: webhook.place, cause: cause, generation: await generation())
    }

    /// Where the store fails the cursor lives in memory, and with the next one that is kept it is durable too.
    private func keep(_ number: UInt64, of url: String) async {
        cursors[url] = max(cursors[url] ?? 0, number)
        // A task of its own: this one may have been cancelled after the delivery was answered.
        let failure = await Task { [store] () -> StoreError? in
            do throws(StoreError) {
                try await store.commit(StoreTransaction([.setWebhookCursor(url: url, number: number)]))
                return nil
            } catch { return error }
        }.value
        if let failure, !isFailing {
            logger.error(
                "what webhooks were sent is not kept for now, and may be sent again after a restart: \(failure)")
        }
        isFailing = failure != nil
    }
}

import Model
import Store

/// Brings one webhook its events, one after another, until the task is cancelled, the edge stops, or the receiver wants
/// no more. `WebhookQueue` decides; this reads, waits and sends.
struct WebhookCourier: Sendable {
    /// Events looked at in one read.
    private static let page = 200

    let webhook: Configuration.Webhook
    let edge: String
    let log: EventLog
    let clock: ControlClock
    let deliver: Webhooks.Deliver
    /// Makes a cursor durable.
    let keep: @Sendable (UInt64) async -> Void
    /// Tells that an event was given up.
    let giveUp: @Sendable (_ cause: String) async -> Void

    /// - Returns: whether the receiver has had enough (410).
    func run(from cursor: UInt64, seed: UInt64) async -> Bool {
        var queue = WebhookQueue(cursor: cursor)
        var random = SplitMix64(seed: seed)
        while let event = await next(&queue) {
            queue.offer(event.number)
            guard await bring(event, &queue, &random) else { return queue.isStopped }
            await keep(queue.cursor)
        }
        return false
    }

    /// The next event that the webhook wants; nil: it is over.
    private func next(_ queue: inout WebhookQueue) async -> StoredEvent? {
        while !Task.isCancelled {
            let last = log.bus.lastNumber
            guard let page = try? await log.stored(after: queue.cursor, limit: WebhookCourier.page) else {
                await rest(until: clock.now().advanced(milliseconds: EventLog.retryMilliseconds))
                continue
            }
            if let event = page.first(where: { webhook.wants($0.kind) }) { return event }
            queue.pass(upTo: page.last?.number ?? last)
            guard page.isEmpty else { continue }
            guard await log.bus.changed(after: queue.cursor) else { return nil }
        }
        return nil
    }

    /// False: it is over before the event is done with.
    private func bring(_ event: StoredEvent, _ queue: inout WebhookQueue, _ random: inout SplitMix64) async -> Bool {
        while !Task.isCancelled {
            queue.begin()
            let delivery = WebhookDelivery(
                event, to: webhook, edge: edge, wallNanoseconds: clock.wallNanoseconds())
            let outcome = await deliver(delivery)
            let wall = clock.wallNanoseconds()
            let age = wall > event.time ? wall - event.time : 0
            switch queue.ended(outcome, ageNanoseconds: age, now: clock.now(), word: random.next()) {
            case .advance(let isGivenUp):
                if isGivenUp {
                    await giveUp(
                        "event \(event.number) (\(event.kind)) is a day old and was not taken: \(outcome.words)")
                }
                return true
            case .wait(let deadline): await rest(until: deadline)
            case .stop: return false
            }
        }
        return false
    }

    /// The clock may wake sooner than it was asked to.
    private func rest(until deadline: LoopTime) async {
        while clock.now() < deadline, !Task.isCancelled { await clock.sleep(deadline) }
    }
}

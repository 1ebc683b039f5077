import Logging
import Model
import Store
import Support
import Synchronization
import Testing

@testable import ControlPlane

/// Answers deliveries as told, and remembers them.
final class ScriptedReceiver: Sendable {
    private struct State {
        var outcomes: [WebhookOutcome] = []
        var seen: [WebhookDelivery] = []
        var isHeld = false
        var inFlight: [String: Int] = [:]
        var mostInFlight = 0
    }
    private let state = Mutex(State())

    /// What the next deliveries are answered, in order; then 200.
    func answer(_ outcomes: WebhookOutcome...) { state.withLock { $0.outcomes += outcomes } }
    /// Deliveries wait while it is true, until their task is cancelled.
    var isHeld: Bool {
        get { state.withLock { $0.isHeld } }
        set { state.withLock { $0.isHeld = newValue } }
    }
    var deliveries: [WebhookDelivery] { state.withLock { $0.seen } }
    var numbers: [String] { deliveries.compactMap { $0.fields.first { $0.name == "x-portolan-delivery" }?.value } }
    /// To one URL.
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func take(_ delivery: WebhookDelivery) async -> WebhookOutcome {
        state.withLock { state in
            state.seen.append(delivery)
            state.inFlight[delivery.url, default: 0] += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight[delivery.url] ?? 0)
        }
        defer { state.withLock { $0.inFlight[delivery.url, default: 0] -= 1 } }
        while isHeld, !Task.isCancelled { await Task.yield() }
        if Task.isCancelled { return .failed("cancelled") }
        return state.withLock { state in
            state.outcomes.isEmpty
                ? .answered(status: 200, retryAfterSeconds: nil) : state.outcomes.removeFirst()
        }
    }
}

struct WebhooksTests {
    struct World {
        let clock = ManualClock()
        let store = MemoryStore()
        let receiver = ScriptedReceiver()
        let bus: EventBus
        let log: EventLog

        init() {
            bus = EventBus(logger: .silent, clock: clock.clock)
            log = EventLog(
                bus: bus, store: store, keepMilliseconds: 604_800_000, logger: .silent, clock: clock.clock)
        }

        func stored() async -> StoredState { (try? await store.load()) ?? StoredState() }

        /// As a process starts it, with what the store holds.
        func start(_ webhooks: [Configuration.Webhook], seed: UInt64 = 1) async -> Webhooks {
            let started = Webhooks(
                log: log, store: store, cursors: await stored().webhookCursors, logger: .silent,
                clock: clock.clock, seed: seed, generation: { 9 }, deliver: { [receiver] in await receiver.take($0) })
            await started.adopt(webhooks, edge: "edge-1")
            return started
        }

        func emit(_ kinds: EventKind...) {
            for kind in kinds { bus.emit(kind, subject: "use-a", cause: "", generation: 1) }
        }

        func cursor(_ url: String = url) async -> UInt64? { await stored().webhookCursors[url] }
    }

    static let url = "https://a.example/hook"
    static func hook(_ patterns: String..., url: String = url) -> Configuration.Webhook {
        .init(url: url, secret: "0123456789abcdef", patterns: patterns)
    }

    @Test func bringsWhatIsWantedInOrder() async {
        let world = World()
        world.emit(.drainStarted)
        let webhooks = await world.start([Self.hook("DRAIN_*", "CELL_UP")])
        // What happened before it was known is not its own; that it is known is durable before anything comes.
        #expect(await eventually { await world.cursor() == 1 })
        world.emit(.drainStarted, .cellDown, .drainEmptied, .cellUp, .configApplied)
        #expect(await eventually { await world.cursor() == 5 })
        #expect(world.receiver.numbers == ["2", "4", "5"])
        await webhooks.stop()
    }

    @Test func triesAgainWithoutOvertaking() async {
        let world = World()
        world.receiver.answer(
            .failed("refused"), .answered(status: 500, retryAfterSeconds: nil),
            .answered(status: 429, retryAfterSeconds: 100))
        let webhooks = await world.start([Self.hook("*")])
        world.emit(.cellUp, .cellDown)
        for (attempt, milliseconds) in [(1, UInt64(2_000)), (2, 4_000), (3, 99_999)] {
            #expect(await eventually { world.receiver.numbers.count == attempt })
            await world.clock.untilAsleep()
            world.clock.advance(milliseconds: milliseconds)
        }
        await world.clock.untilAsleep()
        #expect(world.receiver.numbers == ["1", "1", "1"])
        world.clock.advance(milliseconds: 1)
        #expect(await eventually { await world.cursor() == 2 })
        #expect(world.receiver.numbers == ["1", "1", "1", "1", "2"])
        await webhooks.stop()
    }

    @Test func oneThatIsGoneStopsUntilAReload() async {
        let world = World()
        let other = Self.hook("CELL_*", url: "https://b.example")
        world.receiver.answer(.answered(status: 410, retryAfterSeconds: nil))
        let webhooks = await world.start([Self.hook("*")])
        world.emit(.cellUp)
        #expect(await eventually { world.bus.lastNumber == 2 })
        let told = world.bus.recent().last
        #expect(told?.kind == .webhookStopped && told?.subject == "https://a.example/…" && told?.generation == 9)
        await webhooks.adopt([Self.hook("*"), other], edge: "edge-1")
        // The event that it did not take, and never one about webhooks.
        world.emit(.cellDown)
        #expect(await eventually { await world.cursor() == 3 })
        #expect(await eventually { await world.cursor(other.url) == 3 })
        let mine = world.receiver.deliveries.filter { $0.url == Self.url }
        #expect(mine.compactMap { $0.fields.first { $0.name == "x-portolan-delivery" }?.value } == ["1", "1", "3"])
        await webhooks.stop()
    }

    @Test func givesAnEventUpAfterADay() async {
        let world = World()
        world.receiver.answer(.failed("refused"), .failed("no route"))
        let webhooks = await world.start([Self.hook("*")])
        world.emit(.cellUp)
        #expect(await eventually { world.receiver.numbers.count == 1 })
        await world.clock.untilAsleep()
        world.clock.advance(milliseconds: 86_400_000)
        #expect(await eventually { await world.cursor() == 1 })
        let told = world.bus.recent().last
        #expect(told?.kind == .webhookAbandoned && told?.cause.contains("event 1 (CELL_UP)") == true)
        #expect(told?.cause.contains("no route") == true)
        world.emit(.cellDown)
        #expect(await eventually { await world.cursor() == 3 })
        await webhooks.stop()
    }

    @Test func aReloadEndsWhatIsOnItsWayFirst() async {
        let world = World()
        world.receiver.isHeld = true
        let webhooks = await world.start([Self.hook("*")])
        world.emit(.cellUp)
        #expect(await eventually { world.receiver.numbers.count == 1 })
        var changed = Self.hook("*")
        changed.secret = "another secret of mine"
        await webhooks.adopt([changed], edge: "edge-1")
        #expect(await eventually { world.receiver.numbers.count == 2 })
        await webhooks.adopt([changed], edge: "edge-1")
        world.receiver.isHeld = false
        #expect(await eventually { await world.cursor() == 1 })
        #expect(world.receiver.numbers == ["1", "1"] && world.receiver.mostInFlight == 1)
        #expect(world.receiver.deliveries[0].fields != world.receiver.deliveries[1].fields)
        await webhooks.adopt([], edge: "edge-1")
        world.emit(.cellDown)
        #expect(await eventually { world.bus.waiterCount == 0 })
        await webhooks.stop()
        #expect(world.receiver.numbers.count == 2)
    }

    @Test func aFailingStoreHoldsNothingUp() async {
        let world = World()
        let webhooks = await world.start([Self.hook("*")])
        #expect(await eventually { await world.cursor() == 0 })
        await world.store.fail(with: EventLogTests.failure)
        world.emit(.cellUp, .cellDown)
        #expect(await eventually { world.receiver.numbers == ["1", "2"] && world.bus.waiterCount == 1 })
        #expect(await world.cursor() == 0)
        await world.store.fail(with: nil)
        world.emit(.cellUp)
        #expect(await eventually { await world.cursor() == 3 })
        await webhooks.stop()
    }

    /// Processes that end at any moment: every event arrives, in order, and only one that was not acknowledged when a
    /// process ended comes twice. Replay: PORTOLAN_SEED=<seed>.
    @Test func restartsLoseNothing() async throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let world = World()
        var webhooks = await world.start([Self.hook("CELL_*")])
        #expect(await eventually { await world.cursor() == 0 })
        var wanted: [String] = []
        var restarts = 0
        for _ in 0..<60 {
            for _ in 0..<random.next(below: 6) {
                let isWanted = random.next() & 1 == 0
                world.emit(isWanted ? .cellUp : .drainStarted)
                if isWanted { wanted.append("\(world.bus.lastNumber)") }
            }
            for _ in 0..<random.next(below: 60) { await Task.yield() }
            if random.next(below: 3) == 0 {
                restarts += 1
                await webhooks.stop()
                webhooks = await world.start([Self.hook("CELL_*")], seed: random.next())
            }
        }
        let last = wanted.last.flatMap { UInt64($0) } ?? 0
        #expect(await eventually { await world.cursor() == last }, "seed \(random.seed)")
        await webhooks.stop()
        var once: [String] = []
        for number in world.receiver.numbers where once.last != number { once.append(number) }
        #expect(once == wanted, "seed \(random.seed)")
        #expect(world.receiver.numbers.count <= wanted.count + restarts, "seed \(random.seed)")
        #expect(world.receiver.mostInFlight == 1)
    }
}

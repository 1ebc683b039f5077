import Logging
import Model
import Store
import Support
import Testing

@testable import ControlPlane

struct EventLogTests {
    /// A bus, a store and the log between them; nothing is written unless a test says so.
    struct World {
        let clock = ManualClock()
        let lines = CollectedLines()
        let store = MemoryStore()
        let bus: EventBus
        let log: EventLog

        init(lastNumber: UInt64 = 0, keepMilliseconds: UInt64 = 604_800_000) {
            let output = lines.take
            let logger = Logger(label: "test") { _ in
                var handler = JSONLogHandler(output: output, clock: .fixed())
                handler.logLevel = .notice
                return handler
            }
            bus = EventBus(logger: .silent, clock: clock.clock, lastNumber: lastNumber)
            log = EventLog(
                bus: bus, store: store, keepMilliseconds: keepMilliseconds, logger: logger, clock: clock.clock)
        }

        func emit(_ subjects: String...) {
            for subject in subjects { bus.emit(.cellUp, subject: subject, cause: "", generation: 1) }
        }

        func lastStored() async -> UInt64? { try? await store.load().lastEventNumber }

        func emit(count: Int) { for _ in 0..<count { emit("a") } }
    }

    @Test("about a cell means about its endpoints, in the store and in memory")
    func parts() async throws {
        let world = World()
        world.emit("use-a", "use-a/10.0.0.1:80", "use-b", "orders/use-a")
        await world.log.flush()
        world.emit(count: EventBus.capacity - 2)
        world.emit("use-a/10.0.0.2:80")
        let found = try await world.log.events(after: 0, subject: "use-a", limit: 10)
        #expect(found.map(\.subject) == ["use-a", "use-a/10.0.0.1:80", "orders/use-a", "use-a/10.0.0.2:80"])
    }

    static let failure = StoreError(path: "state.db", "the disk is full", kind: .full)

    /// Whatever was written when, and whether the store failed: every event after a number, once, in order.
    /// Replay: PORTOLAN_SEED=<seed>.
    @Test func storeAndMemoryReadAsOne() async throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<12 {
            let world = World()
            var subjects: [String] = []
            for step in 0..<40 {
                let note = Comment(rawValue: "seed \(random.seed), round \(round), step \(step)")
                switch random.next(below: 4) {
                case 0:
                    await world.store.fail(with: random.next(below: 2) == 0 ? Self.failure : nil)
                    await world.log.flush()
                case 1: for _ in 0..<random.next(below: 400) { subjects.append("b") }
                default: for _ in 0..<random.next(below: 20) { subjects.append(random.next() & 1 == 0 ? "a" : "b") }
                }
                while world.bus.lastNumber < UInt64(subjects.count) {
                    world.emit(subjects[Int(world.bus.lastNumber)])
                }
                let after = UInt64(random.next(below: UInt32(subjects.count) + 2))
                let limit = 1 + Int(random.next(below: 2_000))
                let all = subjects.enumerated().map { (UInt64($0 + 1), $1) }.filter { $0.0 > after }
                let said = try await world.log.events(after: after, limit: limit)
                try #require(said.map(\.number) == all.map(\.0).prefix(limit).map { $0 }, note)
                let ofA = try await world.log.events(after: after, subject: "a", limit: limit)
                try #require(ofA.map(\.number) == all.filter { $0.1 == "a" }.map(\.0).prefix(limit).map { $0 }, note)
                let before = UInt64(subjects.count) + 1 - min(after, UInt64(subjects.count))
                let latest = try await world.log.events(before: before, subject: "a", limit: limit)
                let ofAll = subjects.enumerated().map { (UInt64($0 + 1), $1) }.reversed()
                let expected = ofAll.filter { $0.1 == "a" && $0.0 < before }.map(\.0).prefix(limit)
                try #require(latest.map(\.number) == Array(expected), note)
            }
            #expect(world.bus.lostCount == 0)
        }
    }

    @Test func writesWithinASecond() async throws {
        let world = World()
        let writing = Task { await world.log.run() }
        world.emit("a", "b")
        await world.clock.untilAsleep()
        #expect(await world.lastStored() == 0)
        world.clock.advance(milliseconds: EventLog.writeMilliseconds)
        #expect(await eventually { await world.lastStored() == 2 })
        world.emit("c")
        await world.clock.untilAsleep()
        world.bus.close()
        world.clock.advance(milliseconds: EventLog.writeMilliseconds)
        await writing.value
        #expect(try await world.store.events(after: 0, subject: nil, limit: 9).map(\.subject) == ["a", "b", "c"])
    }

    @Test func aCancelledWriterWritesWhatIsLeft() async {
        let world = World()
        let writing = Task { await world.log.run() }
        world.emit("a")
        await world.clock.untilAsleep()
        writing.cancel()
        await writing.value
        #expect(await world.lastStored() == 1)
    }

    @Test func forgetsWhatIsOlderThanItKeeps() async throws {
        let world = World(keepMilliseconds: 3_600_000)
        world.emit("old")
        world.clock.advance(milliseconds: 3_600_001)
        world.emit("new")
        await world.log.flush()
        #expect(try await world.store.events(after: 0, subject: nil, limit: 9).map(\.subject) == ["new"])
        world.log.keep(milliseconds: 1_000)
        world.clock.advance(milliseconds: 2_000)
        world.emit("newer")
        await world.log.flush()
        #expect(try await world.store.events(after: 0, subject: nil, limit: 9).map(\.subject) == ["newer"])
    }

    @Test("a clock that is set ahead makes nothing old, whether it was right before or is now")
    func clockSetAhead() async throws {
        let world = World()
        world.emit("boot")
        world.clock.set(wall: 30 * 86_400_000_000_000)
        world.emit("right")
        for _ in 0..<2 {
            await world.log.flush()
            #expect(world.bus.lostCount == 0)
            let kept = try await world.store.events(after: 0, subject: nil, limit: 9)
            #expect(kept.map(\.subject).prefix(2) == ["boot", "right"])
            world.emit("later")
        }
    }

    @Test("an event of a moment when the clock was wrong is not kept, and is counted")
    func clockSetBackForAMoment() async throws {
        let world = World()
        world.clock.advance(milliseconds: 30 * 86_400_000)
        let wall = world.clock.wall
        world.clock.set(wall: 5)
        world.emit("odd")
        world.clock.set(wall: wall)
        world.emit("right")
        await world.log.flush()
        #expect(try await world.store.events(after: 0, subject: nil, limit: 9).map(\.subject) == ["right"])
        #expect(world.bus.lostCount == 1 && world.bus.unsaved(limit: 9).isEmpty)
    }

    /// A store that fails is told of once, holds nothing up, and gets everything that still fits once it works.
    @Test func aFailingStoreLosesOnlyWhatDoesNotFit() async throws {
        let world = World()
        await world.store.fail(with: Self.failure)
        for _ in 0..<3 {
            world.emit(count: EventBus.unsavedCapacity / 2)
            await world.log.flush()
        }
        let lost = UInt64(EventBus.unsavedCapacity / 2)
        #expect(world.bus.lostCount == lost)
        #expect(world.lines.all.count == 1 && world.lines.all[0].contains("the disk is full"))
        await world.store.fail(with: nil)
        await world.log.flush()
        #expect(world.lines.all.count == 2 && world.lines.all[1].contains("\(lost) of them were lost"))
        let kept = try await world.store.events(after: 0, subject: nil, limit: .max).map(\.number)
        #expect(kept == Array(lost + 1...3 * lost))
        #expect(world.bus.unsaved(limit: 1).isEmpty)
    }

    @Test func aStreamReplaysThenFollows() async throws {
        let world = World()
        world.emit(count: 1_500)
        await world.log.flush()
        world.emit("held")
        let reading = Task { [log = world.log] () -> [UInt64] in
            var numbers: [UInt64] = []
            for await event in try log.stream(after: 3) {
                numbers.append(event.number)
                if event.subject == "last" { break }
            }
            return numbers
        }
        #expect(await eventually { world.bus.waiterCount == 1 })
        world.emit("one")
        #expect(await eventually { world.bus.waiterCount == 1 })
        world.emit("two", "last")
        #expect(try await reading.value == Array(4...1_504))
        #expect(world.log.seats.freeCount == EventLog.maxReaders)
    }

    @Test func aStreamEndsWithTheEdge() async throws {
        let world = World()
        world.emit("a")
        let stream = try world.log.stream(after: 0)
        let reading = Task {
            var count = 0
            for await _ in stream { count += 1 }
            return count
        }
        #expect(await eventually { world.bus.waiterCount == 1 })
        world.bus.close()
        #expect(await reading.value == 1)
    }

    @Test func seatsAreBoundedAndGivenBack() async throws {
        let world = World()
        var readers: [Task<Void, Never>] = []
        for _ in 0..<EventLog.maxReaders {
            let stream = try world.log.stream(after: 0)
            readers.append(Task { for await _ in stream {} })
        }
        #expect(await eventually { world.bus.waiterCount == EventLog.maxReaders })
        #expect(throws: StoreError.self) { try world.log.stream(after: 0) }
        readers[5].cancel()
        await readers[5].value
        #expect(world.log.seats.freeCount == 1 && world.bus.waiterCount == EventLog.maxReaders - 1)
        // One that nobody ever reads gives its seat back as well.
        for _ in 0..<3 { _ = try world.log.stream(after: 0) }
        #expect(world.log.seats.freeCount == 1)
        world.bus.close()
        for reader in readers { await reader.value }
        #expect(world.log.seats.freeCount == EventLog.maxReaders)
    }

    @Test func aReaderThatFallsBehindIsLetGo() async throws {
        let world = World()
        let seat = try #require(world.log.seats.take())
        let reader = EventReader(world.log, after: 0, seat: seat)
        let first = Task { await reader.next() }
        #expect(await eventually { world.bus.waiterCount == 1 })
        world.emit("a")
        #expect(await first.value?.number == 1)
        world.emit(count: Int(EventLog.maxLag))
        #expect(await reader.next()?.number == 2)
        world.emit(count: Int(EventLog.maxLag))
        var ended = false
        for _ in 0..<300 where !ended { ended = await reader.next() == nil }
        #expect(ended)
    }

    /// A number of a process whose last second was lost: nothing is waited for in vain, nothing new is left out.
    @Test func aNumberFromTheFutureBeginsWithTheNext() async throws {
        let world = World(lastNumber: 100)
        let stream = try world.log.stream(after: 105)
        let reading = Task { await stream.first { _ in true } }
        #expect(await eventually { world.bus.waiterCount == 1 })
        world.emit("a")
        #expect(await reading.value?.number == 101)
    }
}

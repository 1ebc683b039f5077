import Logging
import Model
import Synchronization
import Testing

@testable import ControlPlane

struct EventBusTests {
    @Test func writesOneJSONLineAnEvent() {
        let lines = CollectedLines()
        let clock = ControlClock.fixed(wall: 1_709_210_096_123_456_789)
        let logger = Logger(label: "test") { _ in JSONLogHandler(output: lines.take, clock: clock) }
        let bus = EventBus(logger: logger, clock: clock)
        bus.emit(.cellDown, subject: "use-a", cause: "0 of \"2\" endpoints", generation: 7)
        #expect(
            lines.all == [
                """
                {"time":"2024-02-29T12:34:56.123456Z","level":"notice","message":"CELL_DOWN",\
                "cause":"0 of \\"2\\" endpoints","event":"CELL_DOWN","generation":7,"subject":"use-a"}\n
                """
            ])
    }

    @Test func keepsTheLatestInOrder() {
        let bus = EventBus(logger: .silent, clock: .fixed())
        for index in 1...EventBus.capacity + 5 {
            bus.emit(.cellUp, subject: "\(index)", cause: "", generation: 1)
        }
        let recent = bus.recent()
        #expect(recent.count == EventBus.capacity)
        #expect(recent.map(\.number) == Array(6...UInt64(EventBus.capacity + 5)))
        #expect(bus.recent(limit: 2).map(\.subject) == ["1004", "1005"])
        #expect(bus.recent(after: 1_003).map(\.number) == [1_004, 1_005])
        #expect(bus.counts == [.cellUp: 1_005])
    }

    @Test func numbersGoOnAfterARestart() {
        let bus = EventBus(logger: .silent, clock: .fixed(), lastNumber: 41)
        #expect(bus.lastNumber == 41 && bus.recent().isEmpty)
        bus.emit(.cellUp, subject: "a", cause: "", generation: 1)
        #expect(bus.recent().map(\.number) == [42] && bus.recent(after: 41).count == 1)
    }

    @Test func whoeverWaitsIsWokenOnceAndForgotten() async {
        let bus = EventBus(logger: .silent, clock: .fixed())
        let waiters = (0..<20).map { _ in Task { await bus.changed(after: 0) } }
        #expect(await eventually { bus.waiterCount == 20 })
        for waiter in waiters.prefix(10) { waiter.cancel() }
        for waiter in waiters.prefix(10) { #expect(await waiter.value == false) }
        #expect(bus.waiterCount == 10)
        bus.emit(.cellUp, subject: "a", cause: "", generation: 1)
        for waiter in waiters.suffix(10) { #expect(await waiter.value) }
        #expect(bus.waiterCount == 0)
        #expect(await bus.changed(after: 0))
        let last = Task { await bus.changed(after: 1) }
        #expect(await eventually { bus.waiterCount == 1 })
        bus.close()
        #expect(await last.value == false)
    }
}

/// Lines of a log, from any thread.
final class CollectedLines: Sendable {
    private let lines = Mutex<[String]>([])
    var take: JSONLogHandler.Output {
        { line in self.lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }
    var all: [String] { lines.withLock { $0 } }
}

extension Logger {
    static let silent = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
}

extension ControlClock {
    /// Stands still.
    static func fixed(wall: UInt64 = 0) -> ControlClock {
        ControlClock(now: { .zero }, wallNanoseconds: { wall }, sleep: { _ in })
    }
}

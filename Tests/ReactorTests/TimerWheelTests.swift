import Model
import Support
import Testing

@testable import Reactor

struct TimerWheelTests {
    /// Nanoseconds of a wheel's tick.
    static let tick: UInt64 = 1 << 20

    // MARK: One timer, slept for as a loop does

    static let second: UInt64 = 1_000_000_000
    static let timeouts: [UInt64] = [
        1, tick - 1, tick, tick + 1, 63 * tick, 64 * tick, 65 * tick, second, 60 * second, 3_600 * second,
        86_400 * second, 86_401 * second, 30 * 86_400 * second, 366 * 86_400 * second, 300 * 366 * 86_400 * second,
    ]

    @Test("on time after few wakes, however far", arguments: timeouts, [0, 1, 7_777_777_777_777, 1 << 46])
    func firesOnTime(timeout: UInt64, start: UInt64) throws {
        var now = LoopTime(nanoseconds: start)
        let deadline = now.advanced(nanoseconds: timeout)
        var wheel = TimerWheel(startingAt: now)
        _ = wheel.schedule(7, at: deadline)
        var wakes = 0
        while wheel.count > 0 {
            let next = try #require(wheel.nextDeadline())
            try #require(next > now || wakes == 0, "a loop would spin")
            now = max(now, next)
            wakes += 1
            if wheel.takeDue(at: now) != nil { break }
        }
        #expect(now >= deadline)
        #expect(now.nanoseconds(since: deadline) < TimerWheelTests.tick)
        #expect(wakes <= 8)
        #expect(wheel.nextDeadline() == nil)
    }

    @Test func neverFiresWhatLiesInTheDistantFuture() {
        var wheel = TimerWheel()
        _ = wheel.schedule(1, at: .distantFuture)
        #expect(wheel.takeDue(at: LoopTime(nanoseconds: 1 << 63)) == nil)
        #expect(wheel.takeDue(at: LoopTime(nanoseconds: .max)) == nil)
        #expect(wheel.nextDeadline() == .distantFuture)
        #expect(wheel.count == 1)
    }

    // MARK: Ids

    @Test func ignoresIdsOfTimersThatAreGone() {
        var wheel = TimerWheel()
        let fired = wheel.schedule(1, at: LoopTime(nanoseconds: 1))
        #expect(wheel.takeDue(at: LoopTime(nanoseconds: 2 * Self.tick)) == 1)
        let cancelled = wheel.schedule(2, at: LoopTime(nanoseconds: 9 * Self.tick))
        wheel.cancel(cancelled)
        let alive = wheel.schedule(3, at: LoopTime(nanoseconds: 9 * Self.tick))  // in the same place
        for stale in [fired, cancelled, .none] { wheel.cancel(stale) }
        #expect(wheel.count == 1)
        #expect(Set([fired, cancelled, alive, .none]).count == 4)
        #expect(wheel.takeDue(at: LoopTime(nanoseconds: 9 * Self.tick)) == 3)
    }

    @Test func cancelsWhatIsDueAlready() {
        var wheel = TimerWheel()
        let ids = (0..<3).map { wheel.schedule($0, at: LoopTime(nanoseconds: Self.tick)) }
        let now = LoopTime(nanoseconds: Self.tick)
        #expect(wheel.takeDue(at: now) == 0)
        wheel.cancel(ids[1])
        #expect(wheel.nextDeadline() == now)
        #expect(wheel.takeDue(at: now) == 2)
        #expect(wheel.takeDue(at: now) == nil)
    }

    @Test("a timer that sets itself again does not starve the loop", arguments: [0, 5 * tick, 5 * tick + 3])
    func schedulesThePastForTheNextTick(nanoseconds: UInt64) {
        let now = LoopTime(nanoseconds: nanoseconds)
        var wheel = TimerWheel()
        _ = wheel.schedule(1, at: .zero)
        var count = 0
        while wheel.takeDue(at: now) != nil {
            _ = wheel.schedule(1, at: .zero)
            count += 1
            if count > 10 { break }
        }
        #expect(count <= 5)  // at most one for each tick that was slept through
        #expect(wheel.takeDue(at: now.advanced(nanoseconds: Self.tick)) == 1)
    }

    // MARK: Against a sorted list

    /// What a wheel should do, said simply: sorted by tick, then by the order of setting.
    struct Model {
        struct Timer { let id: TimerWheel.ID, token: UInt64, tick: UInt64 }
        var timers: [Timer] = []
        var reached: UInt64 = 0

        mutating func add(_ id: TimerWheel.ID, token: UInt64, at deadline: UInt64) {
            let up = deadline / tick + (deadline % tick == 0 ? 0 : 1)
            let timer = Timer(id: id, token: token, tick: max(up, reached + 1))
            timers.insert(timer, at: timers.firstIndex { $0.tick > timer.tick } ?? timers.endIndex)
        }

        mutating func advance(to now: UInt64) -> [UInt64] {
            reached = max(reached, now / tick)
            let due = timers.prefix { $0.tick <= reached }
            timers.removeFirst(due.count)
            return due.map(\.token)
        }
    }

    /// Whatever is set, cancelled and slept through. Replay: PORTOLAN_SEED=<seed>.
    @Test func agreesWithASortedList() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<150 { try compare(&random, "seed \(random.seed), round \(round)") }
    }

    private func compare(_ random: inout SplitMix64, _ replay: Comment) throws {
        // A length of time of any magnitude, up to 2⁵² ns (52 days).
        func someLength() -> UInt64 { random.next() >> (12 + UInt64(random.next(below: 50))) }
        var now = someLength()
        var wheel = TimerWheel(startingAt: LoopTime(nanoseconds: now))
        var model = Model(reached: now / Self.tick)
        var ids: [TimerWheel.ID] = [.none]
        for token in 0..<UInt64(400) {
            switch random.next(below: 8) {
            case 0...4:
                let isPast = random.next(below: 16) == 0
                let deadline = isPast ? now - min(now, someLength()) : now + someLength()
                ids.append(wheel.schedule(token, at: LoopTime(nanoseconds: deadline)))
                model.add(ids.last!, token: token, at: deadline)
            case 5:
                let id = ids[Int(random.next(below: UInt32(ids.count)))]  // often of a timer that is gone
                wheel.cancel(id)
                model.timers.removeAll { $0.id == id }
            default:
                now += someLength()
                var fired: [UInt64] = []
                wheel.advance(to: LoopTime(nanoseconds: now), into: &fired)
                try #require(fired == model.advance(to: now), replay)
            }
            try #require(wheel.count == model.timers.count, replay)
            try checkNext(wheel, model, now, replay)
        }
    }

    private func checkNext(_ wheel: TimerWheel, _ model: Model, _ now: UInt64, _ replay: Comment) throws {
        guard let first = model.timers.first else { return try #require(wheel.nextDeadline() == nil, replay) }
        let next = try #require(wheel.nextDeadline(), replay)
        try #require(next.nanoseconds <= first.tick * Self.tick, replay)
        try #require(next.nanoseconds > now, replay)
    }

    @Test func reusesItsNodes() {
        var wheel = TimerWheel()
        var ids: Set<UInt32> = []
        for token in 0..<1_000 as Range<UInt64> {
            let id = wheel.schedule(token, at: LoopTime(nanoseconds: token * Self.tick + 1))
            ids.insert(id.index)
            if token % 2 == 0 {
                wheel.cancel(id)
            } else {
                _ = wheel.takeDue(at: LoopTime(nanoseconds: (token + 1) * Self.tick))
            }
        }
        #expect(ids.count == 1)
    }
}

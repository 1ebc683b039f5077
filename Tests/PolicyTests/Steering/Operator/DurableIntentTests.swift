import Model
import Support
import Testing

@testable import Policy

struct DurableIntentTests {
    static let targets = ["use-a", "use-b", "use-c", "euw-a", "euw-b", "us-east", "eu-west"]

    /// Stopped at any moment, and begun again at once or after a while on another clock, perhaps a rebooted machine's:
    /// shares and states are those of one that never stopped. Two things differ, and only they may: a step of a way
    /// back is held anew, and the way back of what expired meanwhile begins at the start.
    @Test("a restart at any moment loses nothing")
    func restarts() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        var (exact, late) = (0, 0)
        for round in 0..<400 {
            let said = Comment(rawValue: "seed \(random.seed), round \(round)")
            var world = DurableIntentTests.world(&random)
            let stopped = world.intent
            let pause = [0, UInt64(random.next(below: 300_000)), UInt64(random.next(below: 100_000_000))]
            let down = pause[Int(random.next(below: 3))]
            let clock = LoopTime(nanoseconds: UInt64(random.next(below: 2_000_000_000)))
            var restarted = world
            restarted.restart(afterMilliseconds: down, at: clock)
            world.pass(milliseconds: down)
            try #require(
                restarted.intent.settings.mapValues(\.percent) == world.intent.settings.mapValues(\.percent), said)
            var isExact = true
            for (before, after) in zip(stopped.drains, restarted.intent.drains) {
                try #require(before.id == after.id && before.mode == after.mode, said)
                let peer = world.intent.drains.first { $0.id == before.id }
                let isSame = try DurableIntentTests.check(before, peer, after, down, said)
                isExact = isExact && isSame
            }
            if isExact { try DurableIntentTests.compare(&world, &restarted, said) }
            (exact, late) = isExact ? (exact + 1, late) : (exact, late + 1)
        }
        #expect(exact > 50 && late > 20, "seed \(random.seed): \(exact) exact, \(late) otherwise")
    }

    /// Whether it must go on exactly like one that never stopped.
    private static func check(
        _ before: Drain, _ peer: Drain?, _ after: Drain, _ down: UInt64, _ said: Comment
    ) throws -> Bool {
        guard before.isInForce else {
            try #require(!after.isInForce, said)
            return true
        }
        guard before.isDraining else {
            try #require(after.state == before.state && after.admissionPercent == before.admissionPercent, said)
            return before.state == .held
        }
        let peer = try #require(peer, said)
        guard peer.isDraining else {
            try #require(after.state == .undraining && after.admissionPercent == 1, said)
            return down == 0
        }
        try #require(after.state == peer.state && after.admissionPercent == peer.admissionPercent, said)
        try #require(after.leavingSlots == peer.leavingSlots && after.resetsStreams == peer.resetsStreams, said)
        return true
    }

    /// Now, and for an hour to come.
    private static func compare(_ world: inout IntentWorld, _ restarted: inout IntentWorld, _ said: Comment) throws {
        for _ in 0..<60 {
            for region in world.view.regions.indices {
                try #require(world.shares(region) == restarted.shares(region), said)
                try #require(world.kept(region) == restarted.kept(region), said)
            }
            world.pass(milliseconds: 60_000)
            restarted.pass(milliseconds: 60_000)
        }
    }

    private static func world(_ random: inout SplitMix64) -> IntentWorld {
        var world = IntentWorld()
        for _ in 0...random.next(below: 12) {
            let name = targets[Int(random.next(below: UInt32(targets.count)))]
            let expiry = random.next(below: 2) == 0 ? UInt64(90_000 + random.next(below: 600_000)) : nil
            let isForced = random.next(below: 2) == 0
            let change = OperatorIntentTests.change(name, &random)
            _ = world.refusal(change, expiresIn: expiry, isForced: isForced)
            world.setErrors(random.next(below: 4) == 0 ? 0.5 : 0)
            world.pass(milliseconds: UInt64(random.next(below: 90_000)))
        }
        world.setErrors(0)
        return world
    }

    @Test("a cell's setting outlives its absence; a drain of what is not there ends, and its id is not used again")
    func absent() throws {
        var world = IntentWorld()
        try world.ask(.setWeight(cell: "use-a", percent: 10))
        try world.ask(.drain(target: "euw-a", mode: .now, overMilliseconds: nil))
        let whole = world.view
        world.view.regions[0].cells.removeFirst()
        world.view.regions[1].cells.removeFirst()
        world.restart(afterMilliseconds: 1_000, at: .zero)
        #expect(world.intent.drains.map(\.state) == [.ended] && world.shares() == [6_000, 4_000])
        #expect(world.events.last?.cause == "drain 1: it is not configured any more, begun by me: test")
        world.view = whole
        #expect(world.shares() == [1_000, 5_400, 3_600])
        try world.ask(.drain(target: "euw-a", mode: .now, overMilliseconds: nil))
        #expect(world.intent.drains.last?.id == 2)
    }

    @Test("what goes on, and what expired meanwhile, is told")
    func tells() throws {
        var world = IntentWorld()
        try world.ask(.setWeight(cell: "use-b", percent: 20), expiresIn: 5_000)
        try world.ask(.drain(target: "use-a", mode: .ramp, overMilliseconds: nil))
        world.events = []
        world.restart(afterMilliseconds: 33_000, at: .zero)
        #expect(
            world.events.map { "\($0.kind.rawValue) \($0.subject): \($0.cause)" } == [
                "DRAIN_RESUMED use-a: drain 1, moving, at 0 %, goes on after a restart, begun by me: test",
                "WEIGHT_CHANGED use-b: weight 20 % to 30 %, it expired, set by me: test",
            ])
    }
}

extension IntentWorld {
    /// Every cell serves, and so many of its requests fail.
    mutating func setErrors(_ share: Double) {
        for region in view.regions.indices {
            for cell in view.regions[region].cells.indices {
                view.regions[region].cells[cell].requestsPerSecond = 100
                view.regions[region].cells[cell].errorShare = share
            }
        }
    }

    /// Another process takes over, on a clock of its own.
    mutating func restart(afterMilliseconds down: UInt64, at clock: LoopTime) {
        func moved(_ beginning: Beginning) -> Beginning {
            Beginning(clock, elapsedNanoseconds: beginning.age(at: now) + down * 1_000_000)
        }
        var durable = intent.durable
        durable.settings = durable.settings.mapValues { setting in
            let left = setting.expiresAt.nanoseconds(since: now.advanced(milliseconds: down))
            return OperatorSetting(
                percent: setting.percent, reason: setting.reason, who: setting.who, began: moved(setting.began),
                expiresAt: setting.expiresAt == .distantFuture ? .distantFuture : clock.advanced(nanoseconds: left))
        }
        durable.drains = durable.drains.mapValues { record in
            var record = record
            record.began = moved(record.began)
            return record
        }
        now = clock
        intent = OperatorIntent()
        events += intent.restore(durable, view, now: now) + intent.advance(view, now: now)
    }
}

import Model
import Support
import Testing

@testable import Policy

struct DrainTests {
    static let start = LoopTime(nanoseconds: 5_000_000_000)
    static let quiet = UndrainBrake.Reading.none

    static func drain(
        _ mode: Drain.Mode = .ramp, over: UInt64 = 30_000, expiry: UInt64 = 43_200_000, from percent: Int = 100,
        errors: Double = 0
    ) -> Drain {
        Drain(
            Drain.Order(
                id: 1, target: .cell(CellID(rawValue: 0)), region: "us-east", cell: "use-a", mode: mode,
                overMilliseconds: over, expiryMilliseconds: expiry, reason: "deploy", who: "me", firstPercent: percent),
            errorShare: errors, rules: Configuration.DrainRules(), began: Beginning(start))
    }

    static func after(_ milliseconds: UInt64) -> LoopTime { start.advanced(milliseconds: milliseconds) }

    /// What is seen at an instant of a drain that is only called when it asks for it.
    struct Seen: Sendable, CustomTestStringConvertible {
        let milliseconds: UInt64
        let state: Drain.State
        let admission: Int
        let leaving: UInt16
        var resets = false
        var testDescription: String { "\(milliseconds) ms" }
    }

    static let ramp = [
        Seen(milliseconds: 0, state: .ramping, admission: 100, leaving: 0),
        Seen(milliseconds: 299, state: .ramping, admission: 100, leaving: 0),
        Seen(milliseconds: 300, state: .ramping, admission: 99, leaving: 0),
        Seen(milliseconds: 15_000, state: .ramping, admission: 50, leaving: 0),
        Seen(milliseconds: 29_999, state: .ramping, admission: 1, leaving: 0),
        Seen(milliseconds: 30_000, state: .moving, admission: 0, leaving: 0),
        Seen(milliseconds: 30_899, state: .moving, admission: 0, leaving: 0),
        Seen(milliseconds: 30_900, state: .moving, admission: 0, leaving: 100),
        Seen(milliseconds: 75_000, state: .moving, admission: 0, leaving: 5_000),
        Seen(milliseconds: 119_999, state: .moving, admission: 0, leaving: 9_900),
        Seen(milliseconds: 120_000, state: .drained, admission: 0, leaving: 10_000),
        Seen(milliseconds: 179_999, state: .drained, admission: 0, leaving: 10_000),
        Seen(milliseconds: 180_000, state: .drained, admission: 0, leaving: 10_000, resets: true),
        Seen(milliseconds: 43_199_999, state: .drained, admission: 0, leaving: 10_000, resets: true),
        Seen(milliseconds: 43_200_000, state: .undraining, admission: 1, leaving: 0),
        Seen(milliseconds: 43_230_000, state: .undraining, admission: 5, leaving: 0),
        Seen(milliseconds: 43_260_000, state: .undraining, admission: 25, leaving: 0),
        Seen(milliseconds: 43_289_999, state: .undraining, admission: 25, leaving: 0),
        Seen(milliseconds: 43_290_000, state: .ended, admission: 100, leaving: 0),
    ]

    /// Calls it at its own wakes up to the instant.
    @discardableResult
    static func run(_ drain: inout Drain, until: LoopTime, _ reading: UndrainBrake.Reading = quiet) -> [Drain.Happening]
    {
        var happened: [Drain.Happening] = []
        while drain.nextWake <= until { happened += drain.advance(reading, now: drain.nextWake) }
        return happened
    }

    @Test("a ramp's steps come at their times, to the expiry and back", arguments: ramp)
    func steps(seen: Seen) {
        var drain = DrainTests.drain()
        DrainTests.run(&drain, until: DrainTests.after(seen.milliseconds))
        #expect(drain.state == seen.state)
        #expect(drain.admissionPercent == seen.admission)
        #expect(drain.leavingSlots == seen.leaving)
        #expect(drain.resetsStreams == seen.resets)
    }

    @Test("a late call makes up for what was missed, but skips no hold of the way back")
    func late() {
        for seen in DrainTests.ramp where seen.milliseconds < 43_200_000 {
            var drain = DrainTests.drain()
            _ = drain.advance(DrainTests.quiet, now: DrainTests.after(seen.milliseconds))
            #expect(drain.state == seen.state && drain.admissionPercent == seen.admission)
            #expect(drain.leavingSlots == seen.leaving && drain.resetsStreams == seen.resets)
        }
        var drain = DrainTests.drain(.now)
        for percent in [1, 5, 25] {
            _ = drain.advance(DrainTests.quiet, now: DrainTests.after(90_000_000 * UInt64(percent)))
            #expect(drain.admissionPercent == percent)
        }
        // One that never began to take anything has nothing to give back.
        drain = DrainTests.drain()
        #expect(drain.advance(DrainTests.quiet, now: DrainTests.after(90_000_000)) == [.expired, .ended])
    }

    /// An hour of life of this machine's clock, and a drain that began six hours before.
    @Test("after a reboot it stands where it would stand, on a clock that is younger than it", arguments: ramp)
    func rebooted(seen: Seen) {
        var drain = DrainTests.drain()
        DrainTests.run(&drain, until: DrainTests.after(seen.milliseconds))
        var record = drain.record
        let now = LoopTime(nanoseconds: 1_000_000)
        record.began = Beginning(now, elapsedNanoseconds: seen.milliseconds * 1_000_000)
        let restored = Drain(record, target: drain.target, rules: Configuration.DrainRules(), now: now)
        #expect(restored.state == seen.state && restored.admissionPercent == seen.admission)
        #expect(restored.leavingSlots == seen.leaving && restored.resetsStreams == seen.resets)
        #expect(restored.record.began == record.began)
        let wait = restored.nextWake.nanoseconds(since: now)
        let expected = drain.nextWake.nanoseconds(since: DrainTests.after(seen.milliseconds))
        // A step of the way back is held anew.
        #expect(wait == expected || !restored.isDraining)
    }

    @Test("one that expired meanwhile begins its way back from where it stood, not from where it began")
    func expiredMeanwhile() {
        var record = DrainTests.drain().record
        let now = LoopTime(nanoseconds: 5)
        record.began = Beginning(now, elapsedNanoseconds: 50_000_000_000_000)
        var drain = Drain(
            record, target: .cell(CellID(rawValue: 0)), rules: Configuration.DrainRules(), now: now)
        #expect(drain.state == .drained && drain.nextWake == now)
        #expect(drain.advance(DrainTests.quiet, now: now) == [.expired, .undraining(percent: 1)])
    }

    @Test("a record says nothing new while it drains, and every step of the way back")
    func records() {
        var drain = DrainTests.drain()
        let first = drain.record
        DrainTests.run(&drain, until: DrainTests.after(43_199_999))
        #expect(drain.record == first && first.state == .ramping)
        var records: [DrainRecord] = []
        while drain.isInForce {
            _ = drain.advance(DrainTests.quiet, now: drain.nextWake)
            if records.last != drain.record { records.append(drain.record) }
        }
        #expect(records.map(\.admissionPercent) == [1, 5, 25, 100])
        #expect(records.map(\.state) == [.undraining, .undraining, .undraining, .ended])
    }

    @Test("what happens is told once, in order")
    func tells() {
        var drain = DrainTests.drain()
        #expect(
            DrainTests.run(&drain, until: .distantFuture.earlier) == [
                .emptied, .deadlinePassed, .expired, .undraining(percent: 1), .undraining(percent: 5),
                .undraining(percent: 25), .ended,
            ])
        #expect(!drain.isInForce && drain.nextWake == .distantFuture)
    }

    @Test("now: nothing new and no session from the first moment; streams have until the deadline")
    func now() {
        var drain = DrainTests.drain(.now)
        #expect(drain.state == .drained && drain.admissionPercent == 0 && drain.leavingSlots == 10_000)
        #expect(drain.nextWake == DrainTests.after(180_000))
        #expect(DrainTests.run(&drain, until: DrainTests.after(180_000)) == [.deadlinePassed])
    }

    @Test("a ramp longer than the deadline still gives sessions their time before streams are reset")
    func longRamp() {
        var drain = DrainTests.drain(over: 600_000)
        DrainTests.run(&drain, until: DrainTests.after(689_999))
        #expect(drain.state == .moving && !drain.resetsStreams)
        DrainTests.run(&drain, until: DrainTests.after(690_000))
        #expect(drain.state == .drained && drain.resetsStreams)
    }

    static let undrains: [(UInt64, [Int])] = [
        (0, [100]), (18_900, [37, 100]), (29_100, [3, 5, 25, 100]), (60_000, [1, 5, 25, 100]),
        (500_000, [1, 5, 25, 100]),
    ]

    @Test("an undrain goes on from where the drain is, each step held 30 s", arguments: undrains)
    func undrain(at milliseconds: UInt64, steps: [Int]) {
        var drain = DrainTests.drain()
        var now = DrainTests.after(milliseconds)
        DrainTests.run(&drain, until: now)
        _ = drain.undrain(DrainTests.quiet, now: now)
        #expect(drain.leavingSlots == 0 && !drain.resetsStreams)
        for (place, percent) in steps.enumerated() {
            #expect(drain.admissionPercent == percent)
            guard place + 1 < steps.count else { break }
            DrainTests.run(&drain, until: now.advanced(milliseconds: 29_999))
            #expect(drain.admissionPercent == percent)
            now = now.advanced(milliseconds: 30_000)
            DrainTests.run(&drain, until: now)
        }
        #expect(drain.state == .ended)
    }

    static let readings: [(before: Double, requests: Double, errors: Double, isHeld: Bool)] = [
        (0, 100, 0.009, false), (0, 100, 0.01, true), (0, 1.9, 1, false), (0, 2, 1, true), (0.02, 100, 0.039, false),
        (0.02, 100, 0.04, true), (0.6, 100, 1, false),
    ]

    @Test("twice the errors of before hold the way back", arguments: readings)
    func brake(before: Double, requests: Double, errors: Double, isHeld: Bool) {
        var drain = DrainTests.drain(.now, errors: before)
        _ = drain.undrain(DrainTests.quiet, now: DrainTests.start)
        let reading = UndrainBrake.Reading(requestsPerSecond: requests, errorShare: errors)
        let happened = drain.advance(reading, now: DrainTests.after(1_000))
        #expect(happened == (isHeld ? [.held(reading)] : []))
        #expect(drain.state == (isHeld ? .held : .undraining) && drain.admissionPercent == 1)
    }

    @Test("a held one stays where it is until somebody says so, and then goes on against the errors of then")
    func held() {
        var drain = DrainTests.drain(.now)
        _ = drain.undrain(DrainTests.quiet, now: DrainTests.start)
        let bad = UndrainBrake.Reading(requestsPerSecond: 100, errorShare: 0.1)
        DrainTests.run(&drain, until: DrainTests.after(40_000), bad)
        #expect(drain.state == .held && drain.nextWake == .distantFuture)
        #expect(drain.advance(DrainTests.quiet, now: DrainTests.after(900_000)).isEmpty)
        #expect(drain.undrain(bad, now: DrainTests.after(900_000)) == [.undraining(percent: 1)])
        DrainTests.run(&drain, until: DrainTests.after(930_000), bad)
        #expect(drain.state == .undraining && drain.admissionPercent == 5)
    }

    @Test("one that follows on another begins where that was")
    func follows() {
        var drain = DrainTests.drain(from: 25)
        #expect(drain.admissionPercent == 25)
        DrainTests.run(&drain, until: DrainTests.after(7_499))
        #expect(drain.admissionPercent == 1)
        DrainTests.run(&drain, until: DrainTests.after(7_500))
        #expect(drain.state == .moving)
        #expect(DrainTests.drain(from: 0).state == .moving)
    }

    @Test("whenever it is called, a drain never gives back before its undrain, and an undrain never takes")
    func monotone() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<500 {
            var drain = DrainTests.drain(
                over: UInt64(random.next(below: 100_000)), expiry: 1_000 + UInt64(random.next(below: 400_000)))
            var (now, before) = (DrainTests.start, drain)
            for _ in 0..<60 {
                now = now.advanced(milliseconds: UInt64(random.next(below: 10_000)))
                let asks = random.next(below: 40) == 0
                _ = asks ? drain.undrain(.none, now: now) : drain.advance(.none, now: now)
                let isDown =
                    drain.admissionPercent <= before.admissionPercent && drain.leavingSlots >= before.leavingSlots
                let isUp = drain.admissionPercent >= before.admissionPercent && drain.leavingSlots == 0
                try #require(drain.isDraining ? isDown : isUp, "seed \(random.seed), round \(round)")
                try #require(
                    drain.leavingSlots == 0 || drain.admissionPercent == 0, "seed \(random.seed), round \(round)")
                before = drain
            }
        }
    }
}

extension LoopTime {
    /// The last instant before this one.
    fileprivate var earlier: LoopTime { LoopTime(nanoseconds: nanoseconds - 1) }
}

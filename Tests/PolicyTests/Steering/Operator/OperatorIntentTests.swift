import Model
import Support
import Testing

@testable import Policy

/// A region of three cells and one of two, and what operators do to them.
struct IntentWorld {
    var view = IntentView(
        regions: [
            region(0, "us-east", [("use-a", 50), ("use-b", 30), ("use-c", 20)], firstCell: 0),
            region(1, "eu-west", [("euw-a", 60), ("euw-b", 40)], firstCell: 3),
        ], rules: Configuration.DrainRules())
    var intent = OperatorIntent()
    var now = LoopTime(nanoseconds: 1_000_000_000)
    var events: [IntentEvent] = []

    private static func region(_ id: UInt16, _ name: String, _ cells: [(String, Int)], firstCell: UInt16)
        -> IntentRegion
    {
        IntentRegion(
            id: RegionID(rawValue: id), name: name,
            cells: cells.enumerated().map { place, cell in
                IntentCell(
                    id: CellID(rawValue: firstCell + UInt16(place)), name: cell.0, configuredPercent: cell.1)
            })
    }

    mutating func ask(
        _ change: OperatorCommand.Change, expiresIn: UInt64? = nil, isForced: Bool = false
    ) throws(OperatorRefusal) {
        let command = OperatorCommand(
            change, reason: "test", who: "me", expiresInMilliseconds: expiresIn, isForced: isForced)
        events += try intent.perform(command, view, now: now)
    }

    /// The code of the refusal, or nil when it was done.
    mutating func refusal(
        _ change: OperatorCommand.Change, expiresIn: UInt64? = nil, isForced: Bool = false
    ) -> OperatorRefusal? {
        do throws(OperatorRefusal) { try ask(change, expiresIn: expiresIn, isForced: isForced) } catch { return error }
        return nil
    }

    /// Lets time pass, calling it at its own wakes.
    mutating func pass(milliseconds: UInt64) {
        let end = now.advanced(milliseconds: milliseconds)
        while intent.nextWake <= end {
            now = max(now, intent.nextWake)
            events += intent.advance(view, now: now)
        }
        now = end
    }

    func shares(_ region: Int = 0) -> [Int] { intent.shares(of: view.regions[region]).map { Int($0.share) } }
    func kept(_ region: Int = 0) -> Int { Int(intent.keptShare(of: view.regions[region])) }
}

struct OperatorIntentTests {
    @Test("a weight set and reset")
    func weights() throws {
        var world = IntentWorld()
        #expect(world.shares() == [5_000, 3_000, 2_000])
        try world.ask(.setWeight(cell: "use-a", percent: 1))
        #expect(world.shares() == [100, 5_940, 3_960])
        try world.ask(.setWeight(cell: "use-b", percent: 99))
        #expect(world.shares() == [100, 9_900, 0])
        let shares = world.intent.shares(of: world.view.regions[0])
        #expect(shares.map(\.weightPercent) == [1, 99, 0])
        try world.ask(.resetWeight(cell: "use-b"))
        try world.ask(.resetWeight(cell: "use-a"))
        try world.ask(.resetWeight(cell: "use-a"))
        #expect(world.shares() == [5_000, 3_000, 2_000] && world.shares(1) == [6_000, 4_000])
        #expect(
            world.events.map(\.cause) == [
                "weight 50 % to 1 %, by me: test", "weight 30 % to 99 %, by me: test",
                "weight 99 % to 30 %, by me: test",
                "weight 1 % to 50 %, by me: test",
            ])
        #expect(world.events.allSatisfy { $0.kind == .weightChanged })
        #expect(world.events[0].subject == "use-a")
    }

    @Test("weights and dials expire by themselves")
    func expiry() throws {
        var world = IntentWorld()
        try world.ask(.setWeight(cell: "use-a", percent: 10), expiresIn: 2_000)
        try world.ask(.setDial(region: "eu-west", percent: 40), expiresIn: 3_000)
        #expect(world.kept(1) == 4_000 && world.intent.dialPercent(of: world.view.regions[1]) == 40)
        world.pass(milliseconds: 1_999)
        #expect(world.shares()[0] == 1_000)
        world.pass(milliseconds: 1)
        #expect(world.shares()[0] == 5_000)
        world.pass(milliseconds: 1_000)
        #expect(world.kept(1) == 10_000 && world.intent.nextWake == .distantFuture)
        #expect(
            world.events.map { "\($0.subject) \($0.cause)" } == [
                "use-a weight 50 % to 10 %, for 2 s, by me: test",
                "eu-west dial 100 % to 40 %, for 3 s, by me: test",
                "use-a weight 10 % to 50 %, it expired, set by me: test",
                "eu-west dial 40 % to 100 %, it expired, set by me: test",
            ])
    }

    @Test("a dial keeps so much of its region, and 0 none of it")
    func dials() throws {
        var world = IntentWorld()
        try world.ask(.setDial(region: "us-east", percent: 0))
        #expect(world.kept() == 0 && world.kept(1) == 10_000)
        try world.ask(.resetDial(region: "us-east"))
        #expect(world.kept() == 10_000 && world.intent.dial(of: "us-east") == nil)
    }

    @Test("a drain by ramp, to the end and back, in shares and events")
    func ramp() throws {
        var world = IntentWorld()
        try world.ask(.drain(target: "use-a", mode: .ramp, overMilliseconds: nil))
        world.pass(milliseconds: 15_000)
        #expect(world.shares() == [2_500, 4_500, 3_000])
        world.pass(milliseconds: 15_000)
        #expect(world.shares() == [0, 6_000, 4_000])
        world.pass(milliseconds: 45_000)
        let cell = world.intent.shares(of: world.view.regions[0])[0]
        #expect(cell.leavingSlots == 5_000 && cell.weightPercent == 50)
        world.pass(milliseconds: 105_000)
        #expect(world.intent.shares(of: world.view.regions[0])[0].resetsStreams)
        try world.ask(.undrain(target: "use-a"))
        #expect(world.shares() == [50, 5_970, 3_980])
        world.pass(milliseconds: 90_000)
        #expect(world.shares() == [5_000, 3_000, 2_000] && world.intent.nextWake == .distantFuture)
        #expect(
            world.events.map(\.kind) == [
                .drainStarted, .drainEmptied, .drainDeadline, .drainUndraining, .drainUndraining, .drainUndraining,
                .drainEnded,
            ])
        #expect(world.events[0].cause == "drain 1 over 30 s, expires in 12 h, by me: test")
        #expect(
            world.events[1].cause
                == "drain 1: no new work, and every session leaves; requests in flight finish, begun by me: test")
        #expect(world.events[3].cause == "drain 1: back at 1 % of its share, by me: test")
    }

    @Test("a region's drain lowers what it keeps, and all its cells' sessions leave")
    func region() throws {
        var world = IntentWorld()
        try world.ask(.drain(target: "us-east", mode: .ramp, overMilliseconds: 10_000))
        world.pass(milliseconds: 6_300)
        #expect(world.kept() == 3_700 && world.shares() == [5_000, 3_000, 2_000])
        #expect(world.intent.dialPercent(of: world.view.regions[0]) == 37)
        world.pass(milliseconds: 93_700)
        #expect(world.kept() == 0 && world.shares() == [0, 0, 0])
        #expect(world.intent.shares(of: world.view.regions[0]).allSatisfy { $0.leavingSlots == 10_000 })
        let refusal = world.refusal(.undrain(target: "use-a"))
        #expect(refusal?.code == .notDraining)
        try world.ask(.undrainID(1))
        #expect(world.kept() == 100 && world.shares() == [5_000, 3_000, 2_000])
    }

    @Test("now, and the capacity of a preview that changes nothing")
    func preview() throws {
        var world = IntentWorld()
        let drain = OperatorCommand(
            .drain(target: "use-c", mode: .ramp, overMilliseconds: nil), reason: "r", who: "me")
        let before = world.intent
        let preview = try world.intent.preview(drain, world.view, now: world.now)
        #expect(world.intent == before)
        typealias Change = OperatorPreview.Change
        #expect(
            preview.changes == [
                Change(region: "us-east", cell: "use-a", before: 5_000, after: 6_250),
                Change(region: "us-east", cell: "use-b", before: 3_000, after: 3_750),
                Change(region: "us-east", cell: "use-c", before: 2_000, after: 0),
            ])
        try world.ask(.drain(target: "use-c", mode: .now, overMilliseconds: nil))
        #expect(world.shares() == [6_250, 3_750, 0])
        let undrain = OperatorCommand(.undrain(target: "use-c"), reason: "", who: "me")
        #expect(
            try world.intent.preview(undrain, world.view, now: world.now).changes.map(\.after) == [5_000, 3_000, 2_000])
        let dial = OperatorCommand(.setDial(region: "eu-west", percent: 0), reason: "", who: "me")
        #expect(
            try world.intent.preview(dial, world.view, now: world.now).changes == [
                Change(region: "eu-west", cell: nil, before: 10_000, after: 0)
            ])
    }

    @Test("a preview tells every refusal of a drain that force would pass over, with its numbers")
    func safety() throws {
        var world = IntentWorld()
        try world.ask(.drain(target: "use-b", mode: .now, overMilliseconds: nil))
        for (place, capacity) in [(0, 10), (1, 10), (2, 10)] {
            world.view.regions[0].cells[place].capacity = capacity
            world.view.regions[0].cells[place].requestsPerSecond = 5
        }
        func preview(_ target: String) throws -> OperatorPreview {
            let drain = OperatorCommand(
                .drain(target: target, mode: .ramp, overMilliseconds: nil), reason: "", who: "me")
            return try world.intent.preview(drain, world.view, now: world.now)
        }
        #expect(try preview("use-a").safety.map(\.code) == [.otherCellDraining, .overCapacity])
        #expect(try preview("use-a").safety[1].detail.contains("8 requests/s within 80 % of their capacity of 10"))
        #expect(try preview("use-a").changes.map(\.after) == [0, 10_000])
        #expect(try preview("use-b").safety.map(\.code).first == .alreadyDraining)
        #expect(try preview("euw-a").safety.isEmpty)
        #expect(throws: OperatorRefusal.self) { try preview("mars") }
    }

    @Test("a drain of what is on its way back goes on from there; `now` hurries one that is under way")
    func again() throws {
        var world = IntentWorld()
        try world.ask(.drain(target: "use-a", mode: .now, overMilliseconds: nil))
        try world.ask(.undrain(target: "use-a"))
        world.pass(milliseconds: 60_000)
        #expect(world.intent.drains.map(\.admissionPercent) == [25])
        try world.ask(.drain(target: "use-a", mode: .ramp, overMilliseconds: 10_000))
        #expect(world.intent.drains.map(\.state) == [.ended, .ramping])
        #expect(world.shares()[0] == 1_250)
        world.pass(milliseconds: 2_400)
        #expect(world.shares()[0] == 50)
        try world.ask(.drain(target: "use-a", mode: .now, overMilliseconds: nil))
        #expect(world.shares()[0] == 0 && world.intent.drains.last?.id == 3)
    }

    @Test("a cell that leaves the configuration ends its drain")
    func gone() throws {
        var world = IntentWorld()
        try world.ask(.drain(target: "use-a", mode: .now, overMilliseconds: nil))
        world.view.regions[0].cells.removeFirst()
        world.pass(milliseconds: 200_000)
        #expect(
            world.events.last
                == IntentEvent(
                    kind: .drainEnded, subject: "use-a",
                    cause: "drain 1: it is not configured any more, begun by me: test"))
        #expect(world.shares() == [6_000, 4_000])
    }

    @Test("ended drains are remembered, but not for ever")
    func memory() throws {
        var world = IntentWorld()
        for _ in 0..<100 {
            try world.ask(.drain(target: "use-a", mode: .ramp, overMilliseconds: nil))
            try world.ask(.undrain(target: "use-a"))
        }
        #expect(world.intent.drains.count == OperatorIntent.endedDrains)
        #expect(world.intent.drains.last?.id == 100 && world.intent.drains.last?.state == .ended)
    }

    @Test("operators at bad moments: shares are whole, nothing traps, what is refused changes nothing")
    func badMoments() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let targets = ["use-a", "use-b", "use-c", "euw-a", "euw-b", "us-east", "eu-west", "nowhere"]
        for round in 0..<200 {
            var world = IntentWorld()
            for _ in 0..<60 {
                let said = Comment(rawValue: "seed \(random.seed), round \(round)")
                let before = world.intent
                let name = targets[Int(random.next(below: 8))]
                if world.refusal(OperatorIntentTests.change(name, &random), isForced: random.next(below: 3) == 0) != nil
                {
                    try #require(world.intent == before, said)
                }
                for region in world.view.regions.indices {
                    let (shares, kept) = (world.shares(region), world.kept(region))
                    let sum = shares.reduce(0, +)
                    try #require(sum == 10_000 || (sum == 0 && kept == 0), said)
                    try #require(shares.allSatisfy { $0 >= 0 } && (0...10_000).contains(kept), said)
                }
                for place in world.view.regions[0].cells.indices {
                    world.view.regions[0].cells[place].isFit = random.next(below: 4) > 0
                    world.view.regions[0].cells[place].requestsPerSecond = Double(random.next(below: 100))
                    world.view.regions[0].cells[place].errorShare = Double(random.next(below: 100)) / 1_000
                }
                world.pass(milliseconds: UInt64(random.next(below: 60_000)))
            }
        }
    }

    static func change(_ name: String, _ random: inout SplitMix64) -> OperatorCommand.Change {
        switch random.next(below: 8) {
        case 0: .setWeight(cell: name, percent: Int(random.next(below: 120)))
        case 1: .resetWeight(cell: name)
        case 2: .setDial(region: name, percent: Int(random.next(below: 101)))
        case 3: .resetDial(region: name)
        case 4: .drain(target: name, mode: .now, overMilliseconds: nil)
        case 5: .drain(target: name, mode: .ramp, overMilliseconds: UInt64(random.next(below: 40_000)))
        case 6: .undrain(target: name)
        default: .undrainID(random.next(below: 10))
        }
    }
}

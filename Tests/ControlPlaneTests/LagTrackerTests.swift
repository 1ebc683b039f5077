import Model
import Support
import Testing

@testable import ControlPlane

/// One dataset with an owner and copies that are read, and judged half a second later.
private struct Play {
    static let source = Configuration.PositionSource.header(url: "http://a/", name: "x")
    var tracker: LagTracker
    var seconds = 100.0
    var changes: [String] = []

    init(bounds: LagBounds = LagBounds()) {
        var rules = LagTracker.Rules()
        (rules.dataset, rules.owner, rules.bounds) = ("orders", "us", bounds)
        rules.sources = ["us": Play.source, "eu": Play.source, "ap": Play.source]
        tracker = LagTracker(rules)
    }

    var now: LoopTime { LoopTime(nanoseconds: UInt64(seconds * 1e9)) }

    /// One second in which each says that; nil: nothing, which is a read that failed; absent: as nil.
    mutating func second(_ said: [String: UInt64?]) throws {
        for region in tracker.rules.sources.keys.sorted() {
            if let number = said[region] ?? nil {
                tracker.read(region, .success(try Position("\(number)")), asked: now)
            } else {
                tracker.read(region, .failure(PositionFailure("refused")), asked: now)
            }
        }
        seconds += 0.5
        changes += tracker.judge(now: now).map { "\($0.region): \($0.cause)" }
        seconds += 0.5
    }

    func reading(_ region: String) throws -> LagReading { try #require(tracker.reading(of: region, now: now)) }

    /// `1000 near`, `unknown`, with `lost` where it is as of the owner's loss.
    func said(_ region: String) throws -> String {
        let reading = try reading(region)
        let lag = reading.milliseconds.map { "\($0) \(reading.tier)" } ?? "unknown"
        return lag + (reading.isAsOfLoss ? " lost" : "")
    }
}

struct LagTrackerTests {
    @Test("an idle owner's copies are not behind, however long it idles")
    func idle() throws {
        var play = Play()
        for _ in 0..<400 { try play.second(["us": 7, "eu": 7, "ap": 7]) }
        #expect(try ["us", "eu", "ap"].map { try play.said($0) } == ["0 fresh", "0 fresh", "0 fresh"])
        #expect(play.changes.isEmpty)
    }

    @Test("a cut link: the copy stands still, and falls behind by a second a second, beyond the history as well")
    func cutLink() throws {
        var play = Play()
        for second in 0..<10 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": UInt64(second)]) }
        for second in 10..<500 { try play.second(["us": UInt64(second), "eu": 9, "ap": UInt64(second)]) }
        #expect(try play.said("eu") == "490000 broken" && play.said("ap") == "0 fresh")
        #expect(
            play.changes == [
                "eu: orders is near, was fresh: 1.0 s behind", "eu: orders is stale, was near: 5.0 s behind",
                "eu: orders is broken, was stale: 30 s behind",
            ])
        // It comes back, and catches up at once: better only when that has held.
        play.changes = []
        for second in 500..<502 { try play.second(["us": UInt64(second), "eu": UInt64(second)]) }
        #expect(try play.said("eu") == "0 broken")
        try play.second(["us": 502, "eu": 502])
        #expect(try play.said("eu") == "0 fresh")
        #expect(play.changes.filter { $0.hasPrefix("eu") } == ["eu: orders is fresh, was broken: 0 ms behind"])
    }

    @Test("a copy that lags under load: by what it lags, not by whole reads")
    func load() throws {
        var play = Play()
        for second in 5..<60 {
            let here = UInt64(second) * 1_000
            try play.second(["us": here, "eu": here - 20, "ap": here - 3_500])
        }
        #expect(try play.reading("eu").milliseconds == 20 && play.reading("eu").tier == .fresh)
        #expect(try play.reading("ap").milliseconds == 3_500 && play.reading("ap").tier == .near)
    }

    @Test("a silent copy is unknown from the third read on, which counts as broken")
    func silentCopy() throws {
        var play = Play()
        for _ in 0..<5 { try play.second(["us": 5, "eu": 5, "ap": 5]) }
        for _ in 0..<2 { try play.second(["us": 5, "eu": nil, "ap": 5]) }
        #expect(try play.said("eu") == "0 fresh")
        try play.second(["us": 5, "eu": nil, "ap": 5])
        let reading = try play.reading("eu")
        #expect(reading.isUnknown && reading.tier == .broken && reading.cause == "silent for 3 reads: refused")
        #expect(try play.said("ap") == "0 fresh" && play.said("us") == "0 fresh")
        #expect(play.changes == ["eu: orders is broken, was fresh: unknown: silent for 3 reads: refused"])
        for _ in 0..<3 { try play.second(["us": 5, "eu": 5, "ap": 5]) }
        #expect(try play.said("eu") == "0 fresh")
    }

    @Test("between the reads that it misses a copy grows older")
    func missedReads() throws {
        var play = Play()
        for second in 1...5 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": 1]) }
        for second in 6...7 { try play.second(["us": UInt64(second), "eu": nil, "ap": 1]) }
        #expect(try play.said("eu") == "3000 near")
    }

    @Test("a silent owner: copies are judged by where it was last, none ages, and those behind may catch up")
    func silentOwner() throws {
        var play = Play()
        for second in 1...20 {
            try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": UInt64(max(1, second - 8))])
        }
        #expect(try play.said("ap") == "8000 stale")
        for _ in 0..<300 { try play.second(["us": nil, "eu": 20, "ap": 12]) }
        #expect(try play.said("us") == "unknown" && play.said("eu") == "0 fresh lost")
        #expect(try play.said("ap") == "8000 stale lost")
        #expect(play.changes.filter { $0.hasPrefix("eu") } == [])
        for _ in 0..<3 { try play.second(["us": nil, "eu": 20, "ap": 18]) }
        #expect(try play.said("ap") == "2000 near lost")
        for _ in 0..<3 { try play.second(["us": 20, "eu": 20, "ap": 20]) }
        #expect(try ["us", "eu", "ap"].map { try play.said($0) } == ["0 fresh", "0 fresh", "0 fresh"])
    }

    @Test("an owner whose page says the same for ever is idle, as far as anybody can tell")
    func frozenOwner() throws {
        var play = Play()
        for second in 1...10 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": 4]) }
        for _ in 0..<100 { try play.second(["us": 10, "eu": 10, "ap": 4]) }
        #expect(try play.said("eu") == "0 fresh" && play.said("ap") == "106000 broken")
    }

    @Test("positions that go back are unknown until they pass, the owner's for everybody")
    func backwards() throws {
        var play = Play()
        for _ in 0..<4 { try play.second(["us": 50, "eu": 50, "ap": 50]) }
        try play.second(["us": 50, "eu": 30, "ap": 50])
        #expect(try play.reading("eu").cause == "its position went back: 30 after 50" && play.said("ap") == "0 fresh")
        try play.second(["us": 50, "eu": 50, "ap": 50])
        #expect(try !play.reading("eu").isUnknown)
        try play.second(["us": 20, "eu": 50, "ap": 50])
        #expect(try play.said("us") == "unknown")
        #expect(try play.reading("ap").cause == "the owner us went back: 20 after 50")
        try play.second(["us": 51, "eu": 51, "ap": 50])
        #expect(try !play.reading("us").isUnknown && play.reading("eu").milliseconds == 0)
    }

    @Test("another epoch, or another owner, begins another history")
    func ownerChanges() throws {
        var play = Play()
        for second in 1...10 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": UInt64(second)]) }
        var rules = play.tracker.rules
        (rules.owner, rules.epoch) = ("eu", 2)
        play.tracker.adopt(rules)
        for second in 11...16 { try play.second(["us": 10, "eu": UInt64(second), "ap": UInt64(second)]) }
        #expect(try ["us", "eu", "ap"].map { try play.said($0) } == ["6000 stale", "0 fresh", "0 fresh"])
        #expect(play.changes.allSatisfy { $0.hasPrefix("us: ") }, "\(play.changes)")
        // With the next epoch counting begins anew, from below.
        rules.epoch = 3
        play.tracker.adopt(rules)
        #expect(try play.said("us") == "unknown")
        for second in 1...4 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": UInt64(second)]) }
        #expect(try play.said("eu") == "unknown", "without a new epoch it would have to pass 16 first")
        rules.epoch = 4
        play.tracker.adopt(rules)
        for second in 5...9 { try play.second(["us": UInt64(second), "eu": UInt64(second), "ap": UInt64(second)]) }
        #expect(try ["us", "eu", "ap"].map { try play.said($0) } == ["0 fresh", "0 fresh", "0 fresh"])
    }

    @Test("an owner that is not read, and a copy that was behind from the start")
    func beginnings() throws {
        var play = Play()
        #expect(
            try play.reading("eu").cause == "it was not read yet"
                && play.tracker.reading(of: "xx", now: play.now) == nil)
        for second in 1...10 { try play.second(["us": 100 + UInt64(second), "eu": 50, "ap": nil]) }
        #expect(
            try play.reading("eu").cause == "it has not reached where the owner was when the edge began to watch")
        #expect(
            play.changes == [
                "ap: orders is broken, at first sight: unknown: silent for 3 reads: refused",
                "eu: orders is broken, at first sight: unknown: "
                    + "it has not reached where the owner was when the edge began to watch",
            ])
        for second in 11...40 { try play.second(["us": 100 + UInt64(second), "eu": 50, "ap": nil]) }
        #expect(try play.said("eu") == "39000 broken", "so much at least")
        var rules = play.tracker.rules
        (rules.owner, rules.epoch) = ("xx", 9)
        play.tracker.adopt(rules)
        #expect(try play.reading("eu").cause == "no position is configured for the owner xx")
    }

    @Test("tiers of its own: a batch dataset is near at four hours")
    func tiers() throws {
        var play = Play(bounds: LagBounds(fresh: 3_600_000, near: 14_400_000, stale: 86_400_000))
        for second in 0..<20_000 {
            try play.second(["us": UInt64(second), "eu": UInt64(max(0, second - 7_200)), "ap": UInt64(second)])
        }
        let reading = try play.reading("eu")
        let step = (86_400_000 - 120_000) / OwnerHistory.coarseCount + 1_000
        #expect((7_200_000...(7_200_000 + step)).contains(reading.milliseconds ?? 0) && reading.tier == .near)
    }

    @Test("a reload keeps what stays, and forgets what is read elsewhere now")
    func reload() throws {
        var play = Play()
        for second in 1...10 { try play.second(["us": UInt64(second), "eu": 3, "ap": UInt64(second)]) }
        var rules = play.tracker.rules
        rules.bounds.fresh = 500
        rules.sources["ap"] = .header(url: "http://b/", name: "x")
        play.tracker.adopt(rules)
        #expect(try play.said("eu") == "7000 stale" && play.reading("ap").cause == "it was not read yet")
        rules.sources["ap"] = nil
        play.tracker.adopt(rules)
        #expect(play.tracker.reading(of: "ap", now: play.now) == nil)
        rules.sources["us"] = .header(url: "http://b/", name: "x")
        play.tracker.adopt(rules)
        #expect(try play.reading("eu").isUnknown)
    }

    /// Whatever is read: what the tracker says follows from all that was ever read, by routing.md's own words. Replay:
    /// PORTOLAN_SEED=<seed>.
    @Test func agreesWithEverythingEverRead() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            var (play, model) = (Play(), NaiveLag())
            var (here, there): (UInt64, UInt64) = (10, 10)
            var (isCut, ownerQuiet, copyQuiet) = (false, false, false)
            for second in 0..<260 {
                let note = Comment(rawValue: "seed \(random.seed), round \(round), second \(second)")
                if random.next(below: 20) == 0 { isCut.toggle() }
                if random.next(below: 30) == 0 { ownerQuiet.toggle() }
                if random.next(below: 40) == 0 { copyQuiet.toggle() }
                here += UInt64(random.next(below: 4)) * UInt64(random.next(below: 50))
                if !isCut { there += (here - there) * UInt64(random.next(below: 101)) / 100 }
                let said: [String: UInt64?] = ["us": ownerQuiet ? nil : here, "eu": copyQuiet ? nil : there]
                model.second(at: play.seconds, owner: said["us"] ?? nil, copy: said["eu"] ?? nil)
                try play.second(said)
                let reading = try play.reading("eu")
                guard let bounds = model.lag(now: play.seconds) else {
                    try #require(reading.isUnknown, note)
                    continue
                }
                let lag = Double(try #require(reading.milliseconds, note)) / 1_000
                try #require(bounds.contains { $0.low - 0.001 <= lag && lag <= $0.high + 0.001 }, note)
                try #require(reading.isAsOfLoss == (model.ownerMisses >= 3), note)
            }
        }
    }
}

/// routing.md's definition, with nothing ever forgotten. A lag lies between that of the last reading at which the owner
/// was no further than the copy, and that of the one after it.
private struct NaiveLag {
    private var owner: [(time: Double, number: UInt64)] = []
    private var copy: (time: Double, number: UInt64)?
    private(set) var ownerMisses = 0
    private var copyMisses = 0

    mutating func second(at time: Double, owner: UInt64?, copy: UInt64?) {
        ownerMisses = owner == nil ? ownerMisses + 1 : 0
        copyMisses = copy == nil ? copyMisses + 1 : 0
        if let owner { self.owner.append((time, owner)) }
        if let copy { self.copy = (time, copy) }
    }

    /// What is allowed; nil: it must be unknown.
    func lag(now: Double) -> [(low: Double, high: Double)]? {
        guard copyMisses < 3, let copy, let last = owner.last else { return nil }
        if copy.number >= last.number { return [(0, 0)] }
        let instant = ownerMisses >= 3 ? last.time : copyMisses == 0 ? copy.time : now
        guard let place = owner.lastIndex(where: { $0.number <= copy.number }) else {
            let least = instant - (owner.first?.time ?? 0)
            return least >= 30 ? [(least, least)] : nil
        }
        let literal = instant - owner[place].time
        let gap = owner[place + 1].time - owner[place].time
        let isEven = gap <= 3
        // Once the reading is older than the history, the time that was known while it was not is kept.
        return [(isEven ? instant - owner[place + 1].time : literal, literal)]
            + (literal > 115 ? [(115, .infinity)] : [])
    }
}

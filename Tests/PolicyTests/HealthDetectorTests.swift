import Model
import Policy
import Support
import Testing

struct HealthDetectorTests {
    typealias Fate = ProbedEndpoint.Fate

    /// Healthy for a random while, at a random distance; from then on `fate`. Milliseconds until it is marked down.
    static func detection(_ random: inout SplitMix64, distance: UInt64, _ fate: Fate) -> Double? {
        let probed = ProbedEndpoint(seed: random.next())
        probed.fate = { _ in .answered(afterMilliseconds: distance) }
        probed.run(milliseconds: 20_000 + UInt64(random.next(below: 3_000)))
        let death = probed.now
        probed.fate = { _ in fate }
        probed.run(milliseconds: 20_000, untilMarked: true)
        guard let mark = probed.marks.last, !mark.isUp else { return nil }
        return Double(mark.at.nanoseconds(since: death)) / 1e6
    }

    @Test("a black hole is found in 2.6 s and a round trip, whenever it opens")
    func blackHole() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<2_000 {
            let distance = UInt64(random.next(below: 160))
            let taken = HealthDetectorTests.detection(&random, distance: distance, .swallowed)
            let found = try #require(taken, "seed \(random.seed), round \(round)")
            try #require(found <= 2_600 + Double(distance), "seed \(random.seed), round \(round)")
        }
    }

    @Test("a refusal is found in 1.6 s and one round trip, whenever it begins")
    func refusal() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<2_000 {
            let distance = UInt64(random.next(below: 200))
            let fate = Fate.refused(afterMilliseconds: distance)
            let taken = HealthDetectorTests.detection(&random, distance: distance, fate)
            let found = try #require(taken, "seed \(random.seed), round \(round)")
            try #require(found <= 1_600 + Double(distance), "seed \(random.seed), round \(round)")
        }
    }

    @Test("an endpoint far away is given two round trips before it is doubted")
    func distantEndpoint() {
        let probed = ProbedEndpoint(seed: 3)
        probed.fate = { _ in .answered(afterMilliseconds: 400) }
        probed.run(milliseconds: 60_000)
        // Its first probes have no mean to go by and are doubted; after that one an interval.
        #expect((54...70).contains(probed.starts.count))
        #expect(probed.marks.count == 1 && probed.detector.smoothedNanoseconds == 400_000_000)
    }

    /// One letter a probe: + answered, - refused; and after each what the detector thinks: u(p), d(own).
    static let tables: [(probes: String, states: String)] = [
        ("+", "u"), ("-", "d"),
        ("+--+--+--+", "uuuuuuuuuu"),
        ("+---", "uuud"), ("+--+---", "uuuuuud"),
        ("-+++++", "dddddu"), ("-++++-+++++", "dddddddddd" + "u"),
        ("+---+++++--", "uuud" + "dddd" + "uuu"),
        ("+-+-+-+-+-+-", "uuuuuuuuuuuu"), ("--++--++++", "dddddddddd"),
    ]

    @Test("fall, rise, and the first result ever", arguments: tables)
    func counts(probes: String, states: String) {
        let letters = Array(probes)
        let probed = ProbedEndpoint(seed: 1)
        var said = ""
        for letter in letters {
            let begun = probed.starts.count
            probed.fate = { _ in letter == "+" ? .answered(afterMilliseconds: 1) : .refused(afterMilliseconds: 1) }
            while probed.starts.count == begun { probed.run(milliseconds: 1) }
            probed.run(milliseconds: 2)
            said += probed.detector.state == .up ? "u" : "d"
        }
        #expect(said == states)
    }

    @Test("up: one probe in 0.9 to 1.1 intervals, never the same; the doubts of one that failed come 250 ms apart")
    func paces() {
        let probed = ProbedEndpoint(seed: 5)
        probed.run(milliseconds: 100_000)
        let gaps = zip(probed.starts, probed.starts.dropFirst()).map { $1.nanoseconds(since: $0) / 1_000_000 }
        #expect(gaps.allSatisfy { (900...1_100).contains($0) } && Set(gaps).count > 50)
        #expect(gaps.contains { $0 < 930 } && gaps.contains { $0 > 1_070 })
        let before = probed.starts.count
        probed.fate = { _ in .refused(afterMilliseconds: 1) }
        probed.run(milliseconds: 5_000, untilMarked: true)
        let doubts = probed.starts[before...]
        #expect(doubts.count == 3)
        #expect(zip(doubts, doubts.dropFirst()).allSatisfy { $1.nanoseconds(since: $0) == 250_000_000 })
    }

    @Test("down: one probe an interval, answered or not, and back after five answers")
    func whileDown() {
        let probed = ProbedEndpoint(seed: 6)
        probed.fate = { _ in .swallowed }
        probed.run(milliseconds: 1_000)
        #expect(probed.detector.state == .down && probed.starts.count == 1 + (probed.detector.probesInFlight))
        probed.run(milliseconds: 60_000)
        #expect((55...68).contains(probed.starts.count))
        let (before, recovery) = (probed.starts.count, probed.now)
        probed.fate = { _ in .answered(afterMilliseconds: 1) }
        probed.run(milliseconds: 20_000, untilMarked: true)
        #expect(probed.starts.count == before + 5 && probed.marks.map(\.isUp) == [false, true])
        #expect(probed.now.milliseconds(since: recovery) <= 5_500 + 1)
    }

    @Test("at most four probes are out, and no more than the verdict needs", arguments: [1, 2, 3, 4, 10])
    func inFlight(fall: Int) {
        let probed = ProbedEndpoint(seed: 7, settings: .init(timeoutMilliseconds: 5_000, fall: fall))
        probed.run(milliseconds: 3_000)
        probed.fate = { _ in .swallowed }
        probed.run(milliseconds: 20_000)
        #expect(probed.mostInFlight <= 4 && probed.detector.state == .down)
        probed.fate = { _ in .answered(afterMilliseconds: 1) }
        probed.run(milliseconds: 20_000)
        #expect(probed.detector.state == .up)
    }

    @Test("losing every third probe is not being down; losing nine in ten is")
    func lossy() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        for _ in 0..<20 {
            let probed = ProbedEndpoint(seed: random.next())
            var count = 0
            probed.fate = { _ in
                count += 1
                return count % 3 == 0 ? .swallowed : .answered(afterMilliseconds: 2)
            }
            probed.run(milliseconds: 120_000)
            try #require(probed.marks.map(\.isUp) == [true], "seed \(seed)")
            probed.fate = { _ in
                count += 1
                return count % 10 == 0 ? .answered(afterMilliseconds: 2) : .swallowed
            }
            probed.run(milliseconds: 30_000, untilMarked: true)
            try #require(probed.detector.state == .down, "seed \(seed)")
        }
    }
}

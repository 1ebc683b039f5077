import Model
import Support
import Testing

@testable import Policy

struct OutlierDetectorTests {
    static func second(_ seconds: Double) -> LoopTime { LoopTime(nanoseconds: UInt64(seconds * 1e9)) }

    /// One observation of endpoint 0: how many succeeded, failed (at the end), were refused, at a second.
    struct Step: Sendable {
        var at: Double
        var good: UInt32 = 0
        var bad: UInt32 = 0
        var refused: UInt32 = 0
    }

    /// Cells of so many endpoints, all up; whether endpoint 0 is out in the end.
    static let rows: [(name: String, endpoints: Int, steps: [Step], cause: String?)] = [
        ("four in a row stay", 2, [Step(at: 1, bad: 4)], nil),
        ("five in a row go", 2, [Step(at: 1, bad: 5)], "5 requests in a row failed"),
        ("over two spans", 2, [Step(at: 1, good: 9, bad: 3), Step(at: 1.25, bad: 2)], "5 requests in a row failed"),
        ("a success between", 2, [Step(at: 1, good: 1, bad: 4), Step(at: 1.25, good: 1, bad: 4)], nil),
        ("the last stays", 1, [Step(at: 1, bad: 50)], nil),
        ("unless it refuses", 1, [Step(at: 1, bad: 5, refused: 5)], "5 connections in a row were refused"),
        ("mixed failures are no refusal", 1, [Step(at: 1, bad: 9, refused: 8)], nil),
        (
            "a fifth of 19 says nothing", 2,
            (0..<4).map { Step(at: Double($0), good: 3, bad: 1) } + [Step(at: 5, good: 3)], nil
        ),
        (
            "a quarter of 20 goes", 2, (0..<5).map { Step(at: Double($0), good: 3, bad: 1) },
            "5 of 20 requests failed in 10 s"
        ),
        ("a fifth of 20 stays", 2, (0..<4).map { Step(at: Double($0), good: 4, bad: 1) }, nil),
        (
            "what is older than the window is forgotten", 2,
            [Step(at: 0, good: 12, bad: 4), Step(at: 10, good: 3, bad: 1)], nil
        ),
    ]

    @Test("what ejects and what does not", arguments: rows.indices)
    func ejects(row: Int) {
        let (name, endpoints, steps, cause) = Self.rows[row]
        var cell = OutlierCell(endpoints: endpoints)
        for step in steps {
            let observation = EndpointObservation(
                endpoint: EndpointID(rawValue: 0), successes: step.good, failures: step.bad,
                consecutiveFailures: step.bad, refusals: step.refused)
            cell.observe(observation, now: Self.second(step.at))
        }
        #expect(cell.verdicts == (cause.map { [.eject(EndpointID(rawValue: 0), cause: $0)] } ?? []), "\(name)")
    }

    /// Bucket numbers are the time over a tenth of the window: those of a longer one are smaller.
    @Test("a window slides on when another length is put in force", arguments: [1_000, 10_000, 60_000] as [UInt64])
    func changesWindow(milliseconds: UInt64) {
        var cell = OutlierCell(endpoints: 2)
        let id = EndpointID(rawValue: 0)
        func observe(good: UInt32, bad: UInt32, _ seconds: Double) {
            let seen = EndpointObservation(endpoint: id, successes: good, failures: bad, consecutiveFailures: bad)
            cell.observe(seen, now: Self.second(seconds))
        }
        observe(good: 1_000, bad: 0, 3_600)
        cell.detector.settings.windowMilliseconds = milliseconds
        // What the other window held is gone, and so is what the new one held when it has passed.
        observe(good: 1_000, bad: 0, 3_601)
        let later = 3_602 + 2 * Double(milliseconds) / 1_000
        for step in 0..<6 { observe(good: 3, bad: 1, later + Double(step) / 1_000) }
        #expect(cell.verdicts == [.eject(id, cause: "5 of 20 requests failed in \(milliseconds / 1_000) s")])
    }

    @Test("spans grow with the count up to the longest, and it comes down again in time spent well")
    func spans() {
        var cell = OutlierCell(endpoints: 2)
        var now = Self.second(1)
        func eject() -> UInt64 {
            cell.fail(0, now: now)
            let until = cell.detector.ejection(of: EndpointID(rawValue: 0))?.until ?? .zero
            #expect(cell.detector.nextWake == until)
            let span = until.milliseconds(since: now)
            now = until
            cell.advance(now: now)
            #expect(!cell.detector.isEjected(EndpointID(rawValue: 0)))
            return span
        }
        let first = (0..<12).map { _ in eject() }
        #expect(first == (1...10).map { $0 * 30_000 } + [300_000, 300_000])
        // Twelve ejections, the last of 300 s: after 299 s it counts twelve still, after 600 s ten.
        now = now.advanced(milliseconds: 299_000)
        var again = eject()
        #expect(again == 300_000)
        now = now.advanced(milliseconds: 9 * 300_000)
        again = eject()
        #expect(again == 150_000)  // 13 − 9 + 1
        now = now.advanced(milliseconds: 3_600_000)
        again = eject()
        #expect(again == 30_000)
    }

    @Test("time while probes find it down does not count as spent well")
    func illness() {
        var cell = OutlierCell(endpoints: 2)
        let id = EndpointID(rawValue: 0)
        cell.fail(0, now: Self.second(1))
        cell.advance(now: Self.second(31))
        cell.detector.probed(id, isUp: false, now: Self.second(40))
        cell.detector.probed(id, isUp: true, now: Self.second(3_000))
        cell.fail(0, now: Self.second(3_010))
        #expect(cell.detector.ejection(of: id)?.until == Self.second(3_070))
    }

    static let shares: [(endpoints: Int, percent: Int, out: Int)] = [
        (2, 50, 1), (3, 50, 1), (4, 50, 2), (5, 50, 2), (10, 50, 5), (4, 100, 3), (4, 0, 0), (4, 10, 1), (1, 50, 0),
    ]

    @Test("one that probes find up again is in at once")
    func probesRestore() {
        var cell = OutlierCell(endpoints: 2)
        let failures = EndpointObservation(
            endpoint: EndpointID(rawValue: 0), successes: 0, failures: 5, consecutiveFailures: 5, refusals: 5)
        cell.observe(failures, now: Self.second(1))
        #expect(cell.detector.isEjected(EndpointID(rawValue: 0)))
        cell.detector.probed(EndpointID(rawValue: 0), isUp: false, now: Self.second(2))
        #expect(cell.detector.isEjected(EndpointID(rawValue: 0)))
        cell.detector.probed(EndpointID(rawValue: 0), isUp: true, now: Self.second(9))
        #expect(!cell.detector.isEjected(EndpointID(rawValue: 0)))
    }

    @Test("one that refused and takes connections again is in after as many probes as a recovery takes")
    func takesConnectionsAgain() {
        for (refusals, isIn) in [(UInt32(5), true), (0, false)] {
            var cell = OutlierCell(endpoints: 2)
            let id = EndpointID(rawValue: 0)
            cell.observe(
                EndpointObservation(
                    endpoint: id, successes: 0, failures: 5, consecutiveFailures: 5, refusals: refusals),
                now: Self.second(1))
            var verdicts: [OutlierDetector.Verdict] = []
            for (second, succeeded) in [(2.0, true), (3, false), (4, true), (5, true)] {
                cell.detector.probeEnded(
                    id, succeeded: succeeded, rise: 3, now: Self.second(second), into: &verdicts)
            }
            #expect(cell.detector.isEjected(id) && verdicts.isEmpty)
            cell.detector.probeEnded(id, succeeded: true, rise: 3, now: Self.second(6), into: &verdicts)
            #expect(cell.detector.isEjected(id) != isIn && verdicts == (isIn ? [.restore(id)] : []))
        }
    }

    @Test("only a share of a cell is out at once", arguments: shares)
    func caps(endpoints: Int, percent: Int, out: Int) {
        var cell = OutlierCell(endpoints: endpoints)
        cell.detector.settings.maxEjectedPercent = percent
        for index in 0..<endpoints { cell.fail(index, now: Self.second(1)) }
        #expect(cell.verdicts.count == out)
    }

    @Test("an endpoint whose siblings are down by probes is the last")
    func lastUp() {
        var cell = OutlierCell(endpoints: 4)
        cell.states = [.up, .down, .down, .unknown]
        cell.fail(0, now: Self.second(1))
        #expect(cell.verdicts.isEmpty)
        cell.states[3] = .up
        cell.fail(0, now: Self.second(2))
        #expect(cell.verdicts.count == 1)
    }

    @Test("a cell that changes keeps what is known of those that stay")
    func changes() {
        var cell = OutlierCell(endpoints: 2)
        cell.fail(0, now: Self.second(1))
        cell.detector.watch([[0, 5].map { EndpointID(rawValue: $0) }])
        #expect(cell.detector.isEjected(EndpointID(rawValue: 0)))
        cell.detector.watch([[EndpointID(rawValue: 5)]])
        #expect(!cell.detector.isEjected(EndpointID(rawValue: 0)) && cell.detector.nextWake == .distantFuture)
    }

    /// A gray failure passes probes: it fails 30 % of its requests, or answers at least 20 times slower than its
    /// siblings. It is out within 15 s, and nobody else ever is.
    @Test func findsGrayFailures() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            var world = GrayWorld(seed: random.next())
            let found = world.run(isSlow: round % 2 == 0)
            try #require(found.map { $0 <= 15 } ?? false, "seed \(random.seed), round \(round): \(world)")
            try #require(world.othersOut == 0, "seed \(random.seed), round \(round): \(world)")
        }
    }

    @Test("one pause is not slowness")
    func pause() {
        var cell = OutlierCell(endpoints: 3)
        for tick in 0..<80 {
            for index in 0..<3 {
                let isPause = index == 0 && tick == 40
                cell.answer(index, count: 5, nanoseconds: isPause ? 900_000_000 : 1_000_000, tick: tick)
            }
        }
        #expect(cell.verdicts.isEmpty)
    }

    @Test("a slow endpoint that is hardly asked any more is found when its last fast answers are forgotten")
    func starved() {
        var cell = OutlierCell(endpoints: 2)
        for tick in 0..<40 { for index in 0..<2 { cell.answer(index, count: 50, nanoseconds: 1_000_000, tick: tick) } }
        for tick in 40..<48 { cell.answer(0, count: 3, nanoseconds: 30_000_000, tick: tick) }
        var tick = 40
        while cell.verdicts.isEmpty, tick < 200 {
            cell.answer(1, count: 50, nanoseconds: 1_000_000, tick: tick)
            cell.advance(now: LoopTime(nanoseconds: UInt64(tick) * 250_000_000))
            tick += 1
        }
        #expect(tick - 40 <= 4 * 15)
    }
}

/// One cell with endpoints 0, 1, … in front of a detector.
struct OutlierCell {
    var detector = OutlierDetector(Configuration.Outliers())
    var states: [HealthState]
    private(set) var verdicts: [OutlierDetector.Verdict] = []

    init(endpoints: Int) {
        states = Array(repeating: .up, count: endpoints)
        detector.watch([(0..<UInt32(endpoints)).map { EndpointID(rawValue: $0) }])
    }

    mutating func observe(_ observation: EndpointObservation, now: LoopTime) {
        detector.observe(observation, states: states, now: now, into: &verdicts)
    }

    mutating func fail(_ index: Int, now: LoopTime) {
        let id = EndpointID(rawValue: UInt32(index))
        observe(EndpointObservation(endpoint: id, failures: 5, consecutiveFailures: 5), now: now)
    }

    mutating func answer(_ index: Int, count: UInt32, nanoseconds: UInt64, tick: Int) {
        let observation = EndpointObservation(
            endpoint: EndpointID(rawValue: UInt32(index)), successes: count,
            firstByteNanosecondsSum: nanoseconds * UInt64(count), firstByteCount: count)
        observe(observation, now: LoopTime(nanoseconds: UInt64(tick) * 250_000_000))
    }

    mutating func advance(now: LoopTime) {
        detector.advance(states: states, now: now, into: &verdicts)
    }
}

/// A cell of 2–8 endpoints that serve 5–200 requests a second each, observed every 250 ms; one turns gray at 20 s.
struct GrayWorld: CustomStringConvertible {
    private var random: SplitMix64
    private var cell: OutlierCell
    private let endpoints: Int
    private let perSecond: UInt32
    private let slowFactor: UInt64
    private(set) var othersOut = 0

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        endpoints = 2 + Int(random.next(below: 7))
        perSecond = 5 + random.next(below: 196)
        slowFactor = 22 + UInt64(random.next(below: 40))
        cell = OutlierCell(endpoints: endpoints)
    }

    var description: String { "\(endpoints) endpoints, \(perSecond) requests/s each, \(slowFactor) times slower" }

    /// Seconds from the fault to the ejection; nil when it was not found in 20 s.
    mutating func run(isSlow: Bool) -> Double? {
        for tick in 0..<160 {
            let now = LoopTime(nanoseconds: UInt64(tick) * 250_000_000)
            for index in 0..<endpoints { observe(index, isGray: index == 0 && tick >= 80, isSlow: isSlow, now) }
            cell.advance(now: now)
            let out = (0..<endpoints).filter { cell.detector.isEjected(EndpointID(rawValue: UInt32($0))) }
            othersOut += out.count { $0 != 0 }
            if out.contains(0) { return Double(tick - 80) / 4 }
        }
        return nil
    }

    private mutating func observe(_ index: Int, isGray: Bool, isSlow: Bool, _ now: LoopTime) {
        var observation = EndpointObservation(endpoint: EndpointID(rawValue: UInt32(index)))
        let due = random.next(below: 2 * perSecond)  // of so many quarters, on average the rate
        for _ in 0..<(due + 2) / 4 {
            let failsPerMille: UInt32 = isGray && !isSlow ? 300 : 5
            if random.next(below: 1_000) < failsPerMille {
                observation.failures += 1
                observation.consecutiveFailures += 1
                continue
            }
            observation.consecutiveFailures = 0
            observation.successes += 1
            observation.firstByteCount += 1
            let usual = UInt64(500_000 + random.next(below: 1_000_000))
            observation.firstByteNanosecondsSum += isGray && isSlow ? usual * slowFactor : usual
        }
        if observation.successes + observation.failures > 0 { cell.observe(observation, now: now) }
    }
}

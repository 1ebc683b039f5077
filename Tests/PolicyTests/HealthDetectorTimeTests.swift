import Model
import Policy
import Support
import Testing

/// Answers out of order, answers too late, and clocks that jump.
extension HealthDetectorTests {
    @Test("an answer at or after its deadline, to a strange probe, or told twice is ignored")
    func lateAnswers() {
        var detector = HealthDetector(settings: .init(), random: 1, now: .zero)
        #expect(
            Array(detector.advance(now: .zero)) == [
                .startProbe(id: 1, deadline: LoopTime.zero.advanced(milliseconds: 1_000))
            ])
        #expect(detector.probeEnded(9, succeeded: true, now: .zero, roundTripNanoseconds: 1).isEmpty)
        let deadline = LoopTime.zero.advanced(milliseconds: 1_000)
        #expect(detector.probeEnded(1, succeeded: true, now: deadline, roundTripNanoseconds: 1).isEmpty)
        #expect(detector.state == .unknown)
        #expect(Array(detector.advance(now: deadline)).first == .markDown)
        #expect(detector.probeEnded(1, succeeded: true, now: deadline, roundTripNanoseconds: 1).isEmpty)
        #expect(detector.successesInRow == 0)
    }

    @Test("an answer speaks for the probes before it too: their timeouts count no more")
    func answersOutOfOrder() {
        let probed = ProbedEndpoint(seed: 2)
        probed.run(milliseconds: 10_000)
        // Each probe that is swallowed is confirmed by one that is answered 250 ms later, before it times out.
        var count = 0
        probed.fate = { _ in
            count += 1
            return count % 2 == 1 ? .swallowed : .answered(afterMilliseconds: 5)
        }
        probed.run(milliseconds: 60_000)
        #expect(probed.marks.count == 1 && probed.detector.failuresInRow == 0)
    }

    @Test("when the process stood still, answers that wait to be read still count", arguments: [700, 5_000, 3_600_000])
    func standstill(milliseconds: UInt64) {
        for seed in 0..<50 as Range<UInt64> {
            let probed = ProbedEndpoint(seed: seed)
            probed.run(milliseconds: 10_000)
            probed.fate = { _ in .answered(afterMilliseconds: 20) }
            let begun = probed.starts.count
            while probed.starts.count == begun { probed.run(milliseconds: 1) }
            probed.standStill(milliseconds: milliseconds)
            #expect(probed.detector.failuresInRow == 0)
            probed.run(milliseconds: 5_000)
            #expect(probed.marks.count == 1 && probed.detector.failuresInRow == 0)
        }
    }

    @Test("a loop that is always late finds a dead endpoint all the same")
    func alwaysLate() {
        let probed = ProbedEndpoint(seed: 4)
        probed.run(milliseconds: 10_000)
        probed.fate = { _ in .swallowed }
        for _ in 0..<20 { probed.standStill(milliseconds: 600) }
        #expect(probed.detector.state == .down)
    }

    /// Whatever is answered, and whenever: verdicts alternate, the count of probes holds, and each verdict follows from
    /// results in a row.
    @Test func staysSane() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<300 {
            let settings = HealthDetector.Settings(
                intervalMilliseconds: 50 + UInt64(random.next(below: 3_000)),
                timeoutMilliseconds: 10 + UInt64(random.next(below: 3_000)), fall: 1 + Int(random.next(below: 5)),
                rise: 1 + Int(random.next(below: 5)))
            let probed = ProbedEndpoint(seed: random.next(), settings: settings)
            var dice = SplitMix64(seed: random.next())
            probed.fate = { _ in
                let delay = UInt64(dice.next(below: 4_000))
                return [.answered(afterMilliseconds: delay), .refused(afterMilliseconds: delay), .swallowed][
                    Int(dice.next(below: 3))]
            }
            for _ in 0..<60 {
                if random.next(below: 10) == 0 { probed.standStill(milliseconds: UInt64(random.next(below: 9_000))) }
                probed.run(milliseconds: UInt64(random.next(below: 2_000)))
            }
            try #require(probed.mostInFlight <= 4, "seed \(random.seed), round \(round)")
            let marks = probed.marks.map(\.isUp)
            try #require(zip(marks, marks.dropFirst()).allSatisfy { $0 != $1 }, "seed \(random.seed), round \(round)")
            try #require(marks.last == (probed.detector.state == .up), "seed \(random.seed), round \(round)")
            // Never busier than the confirming pace, or the interval where that is shorter.
            let pace = min(250, settings.intervalMilliseconds * 9 / 10)
            let tooClose = zip(probed.starts, probed.starts.dropFirst()).contains { $1.milliseconds(since: $0) < pace }
            try #require(!tooClose, "seed \(random.seed), round \(round)")
        }
    }
}

import Model
import Support
import Testing

@testable import Policy

struct SlowStartTests {
    private static let endpoint = EndpointID(rawValue: 3)

    /// What is seen at each growth, and when.
    private static func ramp(from start: LoopTime, _ settings: Configuration.Outliers = .init()) -> [(UInt64, UInt8)] {
        var warmth = SlowStart(settings)
        warmth.begin(endpoint, now: start)
        var seen: [(UInt64, UInt8)] = [(0, warmth.percents[endpoint] ?? 100)]
        while warmth.nextWake < .distantFuture {
            let now = warmth.nextWake
            if warmth.advance(now: now) {
                seen.append((now.milliseconds(since: start), warmth.percents[endpoint] ?? 100))
            }
        }
        return seen
    }

    @Test("from 10 to 100 % over 30 s, in at most 20 steps of 5 %, whenever it begins")
    func ramps() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<100 {
            let seen = Self.ramp(from: LoopTime(nanoseconds: 1 + random.next() % 1_000_000_000_000))
            try #require(seen.first?.1 == 10 && seen.last?.1 == 100, "seed \(random.seed), round \(round)")
            try #require(seen.count <= 20, "seed \(random.seed), round \(round)")
            try #require((30_000...31_700).contains(seen.last?.0 ?? 0), "seed \(random.seed), round \(round)")
            for (elapsed, percent) in seen.dropLast() {
                // Never ahead of the straight line, at most two steps behind it.
                let line = 10 + 90 * Double(elapsed) / 30_000
                let isNear = Double(percent) <= line + 0.01 && Double(percent) >= line - 10
                try #require(isNear, "seed \(random.seed), round \(round): \(percent) % after \(elapsed) ms")
            }
        }
    }

    @Test("all grow at the same moments")
    func shared() {
        var warmth = SlowStart(Configuration.Outliers())
        for index in 0..<50 as Range<UInt32> {
            let now = LoopTime(nanoseconds: UInt64(index) * 37_000_000)
            warmth.begin(EndpointID(rawValue: index), now: now)
        }
        var growths = 0
        while warmth.nextWake < .distantFuture { growths += warmth.advance(now: warmth.nextWake) ? 1 : 0 }
        #expect(growths <= 22)
    }

    @Test("off, stopped, and begun anew")
    func edges() {
        var settings = Configuration.Outliers()
        settings.slowStartMilliseconds = 0
        #expect(Self.ramp(from: .zero, settings).map(\.1) == [100])
        var warmth = SlowStart(Configuration.Outliers())
        warmth.begin(Self.endpoint, now: .zero)
        _ = warmth.advance(now: LoopTime(nanoseconds: 15_000_000_000))
        #expect(warmth.percents == [Self.endpoint: 55])
        warmth.stop(Self.endpoint)
        #expect(warmth.percents.isEmpty && warmth.nextWake == .distantFuture)
        warmth.begin(Self.endpoint, now: LoopTime(nanoseconds: 20_000_000_000))
        #expect(warmth.percents == [Self.endpoint: 10])
    }
}

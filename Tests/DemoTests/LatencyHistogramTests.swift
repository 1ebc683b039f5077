import Model
import Testing

@testable import Demo

struct LatencyHistogramTests {
    @Test func emptyIsZero() { #expect(LatencyHistogram().percentile(50) == 0) }

    /// A percentile is never below the true one and at most 1/32 above. Replay: the seed that is printed.
    @Test func percentilesAreCloseFromAbove() throws {
        var random = SplitMix64(seed: .random(in: 0...UInt64.max))
        for round in 0..<200 {
            var histogram = LatencyHistogram()
            let shift = random.next() % 40 + 24
            let values = (0...random.next() % 300).map { _ in random.next() >> shift }.sorted()
            for value in values { histogram.record(microseconds: value) }
            for percent in [1.0, 50, 90, 99, 100] {
                let rank = max(1, Int((Double(values.count) * percent / 100).rounded(.up)))
                let (exact, told) = (values[rank - 1], histogram.percentile(percent))
                let most = min(exact + exact / 32 + 1, values[values.count - 1])
                let isBeyond = exact >= 1 << 36
                try #require(
                    isBeyond || (exact...max(exact, most)).contains(told),
                    "seed \(random.seed), round \(round): \(percent) % is \(exact), told \(told)")
            }
        }
    }
}

import Model
import Testing

@testable import Admin

struct RateHistoryTests {
    private func history(_ samples: [(UInt64, UInt64, UInt64)]) -> RateHistory {
        var history = RateHistory()
        for (milliseconds, requests, failures) in samples {
            history.add(
                RateHistory.Sample(
                    time: LoopTime(nanoseconds: milliseconds * 1_000_000), requests: requests, failures: failures))
        }
        return history
    }

    @Test("rates are of the last seconds")
    func rates() {
        let reading = history((0...20).map { ($0 * 1_000, $0 * $0 * 10, $0 * $0) }).reading
        #expect(reading.requestsPerSecond == Double(400 - 225) * 10 / 5)
        #expect(reading.errorPercent == 10)
        #expect(reading.points.count == 20 && reading.points.last == 390)
    }

    @Test("nothing is told of a time when nobody looked, nor over a restart")
    func gaps() {
        #expect(history([]).reading == RateHistory.Reading())
        #expect(history([(0, 5, 0)]).reading.requestsPerSecond == nil)
        #expect(history([(0, 5, 0), (20_000, 900, 0)]).reading.requestsPerSecond == nil)
        #expect(history([(0, 500, 0), (1_000, 20, 0)]).reading.requestsPerSecond == nil)
        #expect(history([(0, 500, 0), (1_000, 500, 0)]).reading.errorPercent == nil)
        #expect(history([(0, 0, 0), (100, 9, 0), (1_000, 10, 0)]).samples.count == 2)
    }

    @Test func keepsTwoMinutes() {
        #expect(history((0...500).map { ($0 * 1_000, $0, 0) }).samples.count == RateHistory.capacity + 1)
    }
}

import Model
import Testing

@testable import Admin

struct SourceRatesTests {
    /// How many of so many calls pass.
    private func passing(_ count: Int, _ rates: inout SourceRates, _ address: String, _ now: LoopTime) -> Int {
        var passed = 0
        for _ in 0..<count where rates.take(from: address, now: now) { passed += 1 }
        return passed
    }

    @Test("a burst, then so many a second, each address for itself")
    func rates() {
        var rates = SourceRates(perSecond: 10, burst: 20)
        var now = LoopTime(nanoseconds: 5)
        #expect(passing(30, &rates, "a", now) == 20)
        #expect(passing(1, &rates, "b", now) == 1)
        now = now.advanced(milliseconds: 1_000)
        #expect(passing(30, &rates, "a", now) == 10)
        now = now.advanced(milliseconds: 3_600_000)
        #expect(passing(30, &rates, "a", now) == 20)
    }

    @Test("strangers beyond those remembered share one bucket, until others are idle")
    func bounded() {
        var rates = SourceRates(perSecond: 1, burst: 2)
        let now = LoopTime.zero
        for address in 0..<SourceRates.addresses { _ = rates.take(from: "\(address)", now: now) }
        #expect(passing(9, &rates, "x", now) == 2)
        #expect(passing(1, &rates, "y", now) == 0, "it shares with x")
        let later = now.advanced(milliseconds: 5_000)
        #expect(passing(9, &rates, "y", later) == 2)
        #expect(passing(9, &rates, "z", later) == 2)
    }
}

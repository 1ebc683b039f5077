import Model
import Testing

@testable import ControlPlane

struct DecisionSampleTests {
    private func request(_ number: UInt64) -> ReplayedRequest {
        var record = RequestRecord()
        record.decision.key = number
        return withUnsafeBytes(of: 0) { empty in
            let none = UnsafeRawBufferPointer(rebasing: empty[..<0])
            let texts = RecordTexts(requestID: none, authority: none, path: none, tenant: none, xRegion: none)
            return ReplayedRequest(record, texts, route: "")
        }
    }

    private func fill(_ sample: inout DecisionSample, second: UInt64, _ count: Int) {
        for number in 0..<count {
            guard let place = sample.admit(at: second * 1_000_000_000 + UInt64(number)) else { continue }
            sample.put(request(UInt64(number)), at: place)
        }
    }

    @Test("of each second the same part, at most so many, of the last minute alone")
    func isEven() {
        var sample = DecisionSample(seed: 1)
        fill(&sample, second: 1_000, 300)
        fill(&sample, second: 1_040, 16_600)
        fill(&sample, second: 1_041, 1_660)
        fill(&sample, second: 1_061, 100)
        let (requests, seen) = sample.drawn(at: 1_061)
        // The second of 1,000 is over a minute ago; the busiest one gives one in a hundred.
        #expect(seen == 18_360 && requests.count == 166 + 17 + 1)
        #expect(sample.drawn(at: 1_200).requests.isEmpty)
    }

    @Test("early and late ones of a second are as likely")
    func isUniform() {
        var late = 0
        for seed in 0..<50 as Range<UInt64> {
            var sample = DecisionSample(seed: seed)
            fill(&sample, second: 7, 1_660)
            late += sample.drawn(at: 7).requests.count { $0.decision.key >= 830 }
        }
        // Half of 8,300, within six standard deviations.
        #expect((3_876...4_424).contains(late), "\(late)")
    }

    @Test("what comes after its second's place was taken is not counted")
    func comesTooLate() {
        var sample = DecisionSample(seed: 1)
        fill(&sample, second: 100, 1)
        fill(&sample, second: 40, 5)
        #expect(sample.drawn(at: 100).seen == 1)
        fill(&sample, second: 99, 2)
        #expect(sample.drawn(at: 100).seen == 3)
    }
}

import Model
import Support
import Testing

struct SnapshotRulesTests {
    @Test("a bucket is the hash mod 10,000, a slot comes from its upper half")
    func bucketAndSlot() {
        #expect(KeyHash(123_456_789).bucket == 6_789 && KeyHash(.max).bucket == Int(UInt64.max % 10_000))
        #expect(KeyHash(0).slot == 0 && KeyHash(.max).slot == 9_999)
        #expect(KeyHash(UInt64(1) << 63).slot == 5_000 && KeyHash(0xFF_FFFF_FFFF).slot == 0)
    }

    @Test("no hold names no region")
    func noHold() {
        #expect(SessionHold.none.isNone)
        #expect(!SessionHold(region: RegionID(rawValue: 0), cell: .none).isNone)
    }

    /// 40,000 keys over 4 × 4 fields; each field within 5 σ of its share, whichever two questions are put together.
    @Test("what a key answers to one question says nothing of its answer to another")
    func independence() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let questions: [(KeyHash) -> Int] = [
            { $0.bucket / 2_500 }, { Int($0.slot) / 2_500 }, { Int($0.draw(.bucket, number: 1, below: 4)) },
            { Int($0.draw(.bucket, number: 2, below: 4)) }, { Int($0.draw(.band, below: 4)) },
            { Int($0.draw(.dial, number: 1, below: 4)) }, { Int($0.draw(.dial, number: 2, below: 4)) },
        ]
        let keys = (0..<40_000).map { _ in KeyHash(random.next()) }
        for one in questions.indices {
            for other in questions.indices where other > one {
                var counts = Array(repeating: 0, count: 16)
                for key in keys { counts[questions[one](key) * 4 + questions[other](key)] += 1 }
                let isEven = counts.allSatisfy { abs($0 - 2_500) < 250 }
                try #require(isEven, "seed \(random.seed), questions \(one) and \(other): \(counts)")
            }
        }
    }

    @Test("a draw is the same each time, and stays below its bound")
    func draw() {
        for bound in [1, 2, 10_000, 1 << 32] as [UInt64] {
            for value in 0..<100 as Range<UInt64> {
                let draw = KeyHash(value).draw(.dial, number: 63, below: bound)
                #expect(draw < bound && draw == KeyHash(value).draw(.dial, number: 63, below: bound))
            }
        }
    }
}

import Model
import Testing

struct SplitMix64Tests {
    /// What the published algorithm gives for this seed.
    @Test func givesTheKnownSequence() {
        var random = SplitMix64(seed: 1_234_567)
        let expected: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        #expect((0..<3).map { _ in random.next() } == expected)
        #expect(random.seed == 1_234_567)
    }

    @Test("stays below its bound and comes everywhere", arguments: [1, 2, 7, 64])
    func staysBelow(bound: UInt32) {
        var random = SplitMix64(seed: 1)
        var seen: Set<UInt32> = []
        for _ in 0..<2_000 { seen.insert(random.next(below: bound)) }
        #expect(seen == Set(0..<bound))
    }

    @Test func staysBelowTheLargestBound() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<1_000 { #expect(random.next(below: .max) < .max) }
    }
}

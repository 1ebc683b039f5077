import Model
import Support
import Testing

@testable import Store

struct SecretKeysTests {
    @Test func comesBackAsItWent() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let first = SecretKeys.make(nowSeconds: 1_000, &random)
        let second = first.rotated(nowSeconds: 2_000, &random)
        for keys in [first, second, second.rotated(nowSeconds: 3_000, &random)] {
            try #require(SecretKeys(text: keys.text) == keys, "seed \(random.seed)")
        }
        #expect(second.previous == first.current && second.hashKey == first.hashKey)
        #expect(second.current.generation == 2 && second.current.secret != first.current.secret)
    }

    @Test func nothingElseIsRead() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let text = SecretKeys.make(nowSeconds: 1_000, &random).rotated(nowSeconds: 2_000, &random).text
        let bytes = Array(text.utf8)
        for end in 0..<bytes.count {
            try #require(SecretKeys(text: String(decoding: bytes[..<end], as: UTF8.self)) == nil, "cut at \(end)")
        }
        for _ in 0..<500 {
            var bad = bytes
            bad[Int(random.next(below: UInt32(bad.count)))] = UInt8(truncatingIfNeeded: random.next())
            // Whatever is there, reading it does not trap; and what is read is whole.
            if let keys = SecretKeys(text: String(decoding: bad, as: UTF8.self)) {
                try #require(keys.current.secret.count == SecretKeys.secretCount, "seed \(random.seed)")
            }
        }
    }

    static let times: [(made: UInt64, now: UInt64, isDue: Bool)] = [
        (1_000, 0, false), (1_000, 1_000, false), (1_000, 87_399, false), (1_000, 87_400, true),
        (100_000, 13_600, false), (100_000, 13_599, true), (.max, 100_000, true),
    ]

    @Test(
        "due after its time, not when the clock goes back a little, but when it was made in the future",
        arguments: times)
    func due(made: UInt64, now: UInt64, isDue: Bool) {
        var random = SplitMix64(seed: 1)
        let keys = SecretKeys.make(nowSeconds: made, &random)
        #expect(keys.isDue(nowSeconds: now, rotationSeconds: 86_400) == isDue)
    }
}

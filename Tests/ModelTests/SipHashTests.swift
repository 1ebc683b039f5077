import Model
import Support
import Testing

struct SipHashTests {
    /// The paper's description, a byte at a time, with any number of rounds.
    static func reference(_ message: [UInt8], _ key: SipHash.Key, rounds: Int, last: Int) -> UInt64 {
        var v: [UInt64] = [
            key.low ^ 0x736F_6D65_7073_6575, key.high ^ 0x646F_7261_6E64_6F6D, key.low ^ 0x6C79_6765_6E65_7261,
            key.high ^ 0x7465_6462_7974_6573,
        ]
        func rotate(_ index: Int, _ count: UInt64) { v[index] = v[index] << count | v[index] >> (64 - count) }
        func mix(_ count: Int) {
            for _ in 0..<count {
                for (a, b, shift) in [(0, 1, 13), (2, 3, 16)] as [(Int, Int, UInt64)] {
                    v[a] &+= v[b]
                    rotate(b, shift)
                    v[b] ^= v[a]
                }
                rotate(0, 32)
                for (a, b, shift) in [(2, 1, 17), (0, 3, 21)] as [(Int, Int, UInt64)] {
                    v[a] &+= v[b]
                    rotate(b, shift)
                    v[b] ^= v[a]
                }
                rotate(2, 32)
            }
        }
        let padding = Array(repeating: UInt8(0), count: 7 - message.count % 8)
        let padded = message + padding + [UInt8(truncatingIfNeeded: message.count)]
        for start in stride(from: 0, to: padded.count, by: 8) {
            let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(padded[start + $1]) << UInt64(8 * $1) }
            v[3] ^= word
            mix(rounds)
            v[0] ^= word
        }
        v[2] ^= 0xFF
        mix(last)
        return v[0] ^ v[1] ^ v[2] ^ v[3]
    }

    @Test("the reference is right: the paper's vector of SipHash-2-4 (appendix A)")
    func paper() {
        let key = SipHash.Key(low: 0x0706_0504_0302_0100, high: 0x0F0E_0D0C_0B0A_0908)
        #expect(SipHashTests.reference(Array(0...14), key, rounds: 2, last: 4) == 0xA129_CA61_49BE_45E5)
    }

    @Test("every length up to 70 bytes, under many keys")
    func matchesTheReference() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<40 {
            let key = SipHash.Key(low: random.next(), high: random.next())
            for count in 0...70 {
                let message = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                let hash = message.withUnsafeBytes { SipHash.hash(ByteView($0), key: key) }
                let expected = SipHashTests.reference(message, key, rounds: 1, last: 3)
                try #require(hash == expected, "seed \(random.seed), round \(round), \(count) bytes")
            }
        }
    }
}

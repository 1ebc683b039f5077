import Crypto

/// SHA-256 of a credential's secret, as four machine words: compared without a branch that depends on them.
struct SecretDigest: Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    init(of secret: String) {
        self.init(bytes: Array(SHA256.hash(data: Array(secret.utf8))))
    }

    /// - Parameter bytes: 32; fewer (a damaged record) never match a secret's.
    init(bytes: [UInt8]) {
        func word(_ index: Int) -> UInt64 {
            bytes.count == 32 ? bytes[index * 8..<index * 8 + 8].reduce(0) { $0 << 8 | UInt64($1) } : 0
        }
        words = (word(0), word(1), word(2), word(3))
    }

    var bytes: [UInt8] {
        [words.0, words.1, words.2, words.3].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }

    /// 0 where they are equal.
    @inline(__always) func difference(from other: SecretDigest) -> UInt64 {
        (words.0 ^ other.words.0) | (words.1 ^ other.words.1) | (words.2 ^ other.words.2) | (words.3 ^ other.words.3)
    }

    /// Place of the one that equals this; −1: none. Looks at all of them, and takes the same time wherever it is.
    func place(in digests: [SecretDigest]) -> Int {
        var place = -1
        for index in digests.indices {
            let difference = difference(from: digests[index])
            // All ones where nothing differs: only 0 has a top bit of 0 both as it is and negated.
            let isEqual = Int(bitPattern: UInt(truncatingIfNeeded: ((difference | (0 &- difference)) >> 63) &- 1))
            place = (place & ~isEqual) | (index & isEqual)
        }
        return place
    }
}

/// SipHash-1-3 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012, with one round a word and three at the
/// end): keyed, so that nobody outside can make keys that collide. Allocates nothing.
public enum SipHash {
    /// Secret; the same in every edge of a fleet.
    public struct Key: Equatable, Hashable, Sendable, BitwiseCopyable {
        public var low: UInt64
        public var high: UInt64
        /// For tests and for edges without a store: hashes anybody could compute.
        public static var zero: Key { Key(low: 0, high: 0) }
        @inlinable public init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }
    }

    @usableFromInline struct State {
        @usableFromInline var v0, v1, v2, v3: UInt64

        @inlinable @inline(__always) init(_ key: Key) {
            v0 = key.low ^ 0x736F_6D65_7073_6575
            v1 = key.high ^ 0x646F_7261_6E64_6F6D
            v2 = key.low ^ 0x6C79_6765_6E65_7261
            v3 = key.high ^ 0x7465_6462_7974_6573
        }

        @inlinable @inline(__always) mutating func round() {
            v0 &+= v1
            v1 = (v1 << 13 | v1 >> 51) ^ v0
            v0 = v0 << 32 | v0 >> 32
            v2 &+= v3
            v3 = (v3 << 16 | v3 >> 48) ^ v2
            v0 &+= v3
            v3 = (v3 << 21 | v3 >> 43) ^ v0
            v2 &+= v1
            v1 = (v1 << 17 | v1 >> 47) ^ v2
            v2 = v2 << 32 | v2 >> 32
        }

        @inlinable @inline(__always) mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            v0 ^= word
        }

        @inlinable @inline(__always) mutating func finish() -> UInt64 {
            v2 ^= 0xFF
            round()
            round()
            round()
            return v0 ^ v1 ^ v2 ^ v3
        }
    }

    /// The hash of the bytes.
    @inlinable @inline(__always) public static func hash(_ bytes: ByteView, key: Key) -> UInt64 {
        var state = State(key)
        var offset = 0
        let wordEnd = bytes.count & ~7
        while offset != wordEnd {
            state.absorb(bytes.word(at: offset))
            offset &+= 8
        }
        state.absorb(UInt64(truncatingIfNeeded: bytes.count) << 56 | rest(of: bytes, from: offset))
        return state.finish()
    }

    /// Up to seven bytes, the first lowest. Read as one word that ends where the bytes end, where there are eight.
    @inlinable @inline(__always) static func rest(of bytes: ByteView, from offset: Int) -> UInt64 {
        let count = bytes.count & 7
        if count == 0 { return 0 }
        if offset > 0 { return bytes.word(at: bytes.count &- 8) &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count) }
        var rest: UInt64 = 0
        for index in 0..<count { rest |= UInt64(bytes[index]) << UInt64(truncatingIfNeeded: 8 * index) }
        return rest
    }
}

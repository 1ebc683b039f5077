/// A small, fast, seedable generator (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
/// Not for secrets. The same seed gives the same run, which is what the property tests print.
public struct SplitMix64: RandomNumberGenerator, Equatable, Sendable, BitwiseCopyable {
    /// What the generator was made from; printed by a failing property test.
    public let seed: UInt64
    @usableFromInline var state: UInt64

    @inlinable public init(seed: UInt64) {
        self.seed = seed
        state = seed
    }

    @inlinable public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A value in `0..<bound`, by multiplication; its bias is below 2⁻³² for bounds below 2³².
    @inlinable public mutating func next(below bound: UInt32) -> UInt32 {
        UInt32(truncatingIfNeeded: ((next() >> 32) &* UInt64(bound)) >> 32)
    }
}

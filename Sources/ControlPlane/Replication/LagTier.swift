/// How good a copy still is, the best first (routing.md, Replication lag).
public enum LagTier: UInt8, Comparable, CaseIterable, Sendable, CustomStringConvertible {
    case fresh, near, stale
    /// Further behind than any use, or not known.
    case broken

    public static func < (a: LagTier, b: LagTier) -> Bool { a.rawValue < b.rawValue }
    public var description: String { ["fresh", "near", "stale", "broken"][Int(rawValue)] }
}

/// Where a dataset's tiers end: a lag of so many milliseconds is the next one's.
struct LagBounds: Equatable, Sendable {
    var fresh: UInt64 = 1_000
    var near: UInt64 = 5_000
    var stale: UInt64 = 30_000

    func tier(milliseconds lag: UInt64) -> LagTier {
        lag < fresh ? .fresh : lag < near ? .near : lag < stale ? .stale : .broken
    }
}

/// What a session token names a cell by, and the cell.
public struct CellTag: Sendable, BitwiseCopyable {
    public var tag: UInt64
    public var cell: CellID
    public init(tag: UInt64, cell: CellID) { (self.tag, self.cell) = (tag, cell) }
}

/// Where a tenant's name is found, and what becomes of a tenant away from home.
public struct TenantRules: Sendable, BitwiseCopyable {
    /// Lower case; ranges of the snapshot's bytes.
    public var header = TableRange.empty
    /// Begins with the dot of `*.example.com`; empty: hosts name no tenant.
    public var hostSuffix = TableRange.empty
    public var fromCertificate = false
    public var misroute = MisrouteMode.forward
    public init() {}
}

/// How long sessions last, and the header that names producers.
public struct SessionRules: Sendable, BitwiseCopyable {
    /// Lower case.
    public var producerHeader = TableRange.empty
    public var idleSeconds: UInt32 = 1_800
    public var lifeSeconds: UInt32 = 86_400
    public init() {}
}

/// Where a session is held.
public struct SessionHold: Equatable, Sendable, BitwiseCopyable {
    public var region: RegionID
    /// `.none` when the cell it names is gone: the region still holds.
    public var cell: CellID
    public static var none: SessionHold { SessionHold(region: .none, cell: .none) }
    @inlinable public init(region: RegionID, cell: CellID) { (self.region, self.cell) = (region, cell) }
    @inlinable public var isNone: Bool { region == .none }
}

/// The hash of what keys a request, with `Snapshot.hashKey`. Its parts are used for different questions, so that the
/// answers do not go together: which bucket of a region's cells, which region of a band, which slot of a drain.
public struct KeyHash: Equatable, Sendable, BitwiseCopyable {
    public var value: UInt64
    @inlinable public init(_ value: UInt64) { self.value = value }
    /// What else a key is asked; the answers to two questions, or to two numbers of one, do not go together.
    public enum Question: UInt64, Sendable, CaseIterable {
        case bucket = 1
        case band, dial
    }

    /// An even choice of `0..<bound`, the same each time. `bound` is at most 2³². (The mixing step of `SplitMix64` is
    /// enough for a value that nobody outside can choose: it is a keyed hash.)
    @inlinable public func draw(_ question: Question, number: UInt64 = 0, below bound: UInt64) -> UInt64 {
        var random = SplitMix64(seed: value ^ (question.rawValue << 56 | number << 40))
        return ((random.next() >> 32) &* bound) >> 32
    }

    /// 0–9,999: `hash mod 10,000` (routing.md).
    @inlinable public var bucket: Int { Int(value % 10_000) }
    /// 0–9,999, from the upper half: a drain that has come to n moves the sessions whose slot is below n.
    @inlinable public var slot: UInt16 { UInt16(truncatingIfNeeded: ((value >> 40) &* 10_000) >> 24) }
}

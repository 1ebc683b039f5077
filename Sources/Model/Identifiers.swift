/// Ids are dense indices into a `Snapshot`'s tables. The control plane gives them out by name (an endpoint's: cell and
/// address) and never reuses one while the process lives, so they mean the same in every snapshot.
public struct RegionID: Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable public static var none: RegionID { RegionID(rawValue: .max) }
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public var index: Int { Int(rawValue) }
}

public struct CellID: Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable public static var none: CellID { CellID(rawValue: .max) }
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public var index: Int { Int(rawValue) }
}

public struct EndpointID: Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt32
    @inlinable public static var none: EndpointID { EndpointID(rawValue: .max) }
    @inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }
    @inlinable public var index: Int { Int(rawValue) }
}

/// Position of a route in the configuration's list. Unlike the others it may mean another route after a reload.
public struct RouteID: Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    @inlinable public static var none: RouteID { RouteID(rawValue: .max) }
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }
    @inlinable public var index: Int { Int(rawValue) }
}

/// A set of at most 64 regions, the most a configuration may name.
public struct RegionSet: Equatable, Sendable, BitwiseCopyable {
    public var bits: UInt64
    @inlinable public static var empty: RegionSet { RegionSet(bits: 0) }
    /// The most regions a configuration may have.
    public static let capacity = 64
    @inlinable public init(bits: UInt64) { self.bits = bits }
    @inlinable public var isEmpty: Bool { bits == 0 }
    @inlinable public var count: Int { bits.nonzeroBitCount }
    @inlinable public func contains(_ region: RegionID) -> Bool {
        region.rawValue < 64 && bits & (1 << UInt64(region.rawValue)) != 0
    }
    @inlinable public mutating func insert(_ region: RegionID) { bits |= 1 << UInt64(region.rawValue) }
    @inlinable public mutating func remove(_ region: RegionID) { bits &= ~(1 << UInt64(region.rawValue)) }
    @inlinable public func intersection(_ other: RegionSet) -> RegionSet { RegionSet(bits: bits & other.bits) }
    /// The one member of a set of one, else `RegionID.none`.
    @inlinable public var only: RegionID {
        count == 1 ? RegionID(rawValue: UInt16(bits.trailingZeroBitCount)) : .none
    }
}

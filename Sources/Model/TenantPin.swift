/// Where a tenant's data belongs.
public struct TenantPin: Equatable, Sendable, BitwiseCopyable {
    public var home: RegionID
    /// Bit n: the data may be in regions of `Snapshot.jurisdictions[n]`.
    public var jurisdictions: UInt64
    @inlinable public init(home: RegionID, jurisdictions: UInt64) {
        (self.home, self.jurisdictions) = (home, jurisdictions)
    }
}

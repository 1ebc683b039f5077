public import ControlPlane

/// `GET /v1/regions`.
public struct RegionList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// In the configuration's order.
    public var regions: [Status.Region]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(generation: UInt64, regions: [Status.Region], next: String? = nil) {
        (self.generation, self.regions, self.next) = (generation, regions, next)
    }
}

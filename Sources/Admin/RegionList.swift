public import ControlPlane

/// `GET /v1/regions`.
public struct RegionList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// In the configuration's order.
    public var regions: [Status.Region]
    public init(generation: UInt64, regions: [Status.Region]) {
        (self.generation, self.regions) = (generation, regions)
    }
}

public import ControlPlane

/// `GET /v1/drains`.
public struct DrainList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// By id: those in force, and the latest that ended.
    public var drains: [Status.Drain]
    public init(generation: UInt64, drains: [Status.Drain]) { (self.generation, self.drains) = (generation, drains) }
}

public import ControlPlane

/// `GET /v1/drains`.
public struct DrainList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// By id: those in force, and the latest that ended.
    public var drains: [Status.Drain]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(generation: UInt64, drains: [Status.Drain], next: String? = nil) {
        (self.generation, self.drains, self.next) = (generation, drains, next)
    }
}

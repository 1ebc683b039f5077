public import ControlPlane

/// `GET /v1/cells`.
public struct CellList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// In the configuration's order.
    public var cells: [Status.Cell]
    public init(generation: UInt64, cells: [Status.Cell]) { (self.generation, self.cells) = (generation, cells) }
}

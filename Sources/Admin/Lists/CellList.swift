public import ControlPlane

/// `GET /v1/cells`.
public struct CellList: Codable, Equatable, Sendable {
    /// Of the snapshot that it tells of.
    public var generation: UInt64
    /// In the configuration's order.
    public var cells: [Status.Cell]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(generation: UInt64, cells: [Status.Cell], next: String? = nil) {
        (self.generation, self.cells, self.next) = (generation, cells, next)
    }
}

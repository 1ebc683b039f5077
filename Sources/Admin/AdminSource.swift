public import ControlPlane

/// What the admin API shows, asked for anew with each request. Each closure answers within seconds whatever happens.
public struct AdminSource: Sendable {
    /// Whether requests should come here.
    public enum Readiness: Equatable, Sendable {
        case ready
        /// In words for an operator.
        case notReady(reason: String)
    }

    public var readiness: @Sendable () async -> Readiness
    public var status: @Sendable () async -> Status.Edge
    public var regions: @Sendable () async -> RegionList
    public var cells: @Sendable () async -> CellList
    public var metrics: @Sendable () async -> MetricsReading
    public var operations: AdminOperations

    public init(
        readiness: @escaping @Sendable () async -> Readiness, status: @escaping @Sendable () async -> Status.Edge,
        regions: @escaping @Sendable () async -> RegionList, cells: @escaping @Sendable () async -> CellList,
        metrics: @escaping @Sendable () async -> MetricsReading, operations: AdminOperations
    ) {
        (self.readiness, self.status, self.regions) = (readiness, status, regions)
        (self.cells, self.metrics, self.operations) = (cells, metrics, operations)
    }
}

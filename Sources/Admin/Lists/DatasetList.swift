public import ControlPlane

/// `GET /v1/datasets`.
public struct DatasetList: Codable, Equatable, Sendable {
    /// In the configuration's order.
    public var datasets: [Status.Dataset]
    /// What `?after=` takes to go on; absent at the end.
    public var next: String?
    public init(datasets: [Status.Dataset], next: String? = nil) { (self.datasets, self.next) = (datasets, next) }
}

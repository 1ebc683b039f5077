public import Model

/// What the present moment adds to a configuration: the part of a snapshot that changes without a reload. What is not
/// said is as the configuration has it.
public struct Conditions: Sendable {
    /// By endpoint id; those beyond its end are `unknown`.
    public var health: [HealthState] = []
    /// Of endpoints that are not warm yet, 1–99.
    public var warmth: [EndpointID: UInt8] = [:]
    /// Of cells that share otherwise than the configuration says.
    public var shares: [CellShare] = []
    /// By dials and drains of whole regions, 10,000ths; a region not named keeps all.
    public var kept: [RegionID: UInt16] = [:]
    /// The dials among `kept`, whole percent: what other shares of the same cells would have to be held back by.
    public var dials: [RegionID: UInt8] = [:]
    /// 10,000 a region that has cells, in the file's order; empty: one slice a cell, as configured.
    public var buckets: [CellID] = []
    /// Nil: the local region, then the others as configured; every region is alone in its band.
    public var latency: LatencyOrder?
    /// Owners learnt since the configuration was written, by the dataset's place in it.
    public var owners: [Int: DatasetOwner] = [:]
    public init() {}

    func health(of endpoint: EndpointID) -> HealthState {
        endpoint.index < health.count ? health[endpoint.index] : .unknown
    }
}

/// Who takes a dataset's writes, and since which change of owner.
public struct DatasetOwner: Equatable, Sendable {
    public var region: RegionID
    /// Only grows.
    public var epoch: UInt64
    public init(region: RegionID, epoch: UInt64) { (self.region, self.epoch) = (region, epoch) }
}

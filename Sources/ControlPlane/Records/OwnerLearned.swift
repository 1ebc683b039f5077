public import Model

/// What a replication backend's 421 taught a worker: who owns a dataset now (routing.md, Writes).
public struct OwnerLearned: Equatable, Sendable {
    /// Its name: places change with the configuration.
    public let dataset: String
    public let owner: RegionID
    public let epoch: UInt64

    init(dataset: String, owner: RegionID, epoch: UInt64) {
        (self.dataset, self.owner, self.epoch) = (dataset, owner, epoch)
    }
}

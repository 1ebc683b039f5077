public import Model

/// What a replication backend's 421 taught a worker: who owns a dataset now (routing.md, Writes).
public struct OwnerLearned: Equatable, Sendable {
    /// Index into `Snapshot.datasets`.
    public let dataset: Int
    public let owner: RegionID
    public let epoch: UInt64

    init(dataset: Int, owner: RegionID, epoch: UInt64) {
        (self.dataset, self.owner, self.epoch) = (dataset, owner, epoch)
    }
}

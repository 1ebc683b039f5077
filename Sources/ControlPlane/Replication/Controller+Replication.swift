public import Model

/// Replication lag: positions come in, tiers and events go out. Routing does not use them yet.
extension Controller {
    /// What came of a read of a region's position, which was begun at `asked`.
    public func positionRead(
        dataset: String, region: String, _ outcome: Result<Position, PositionFailure>, asked: LoopTime
    ) {
        adoptOwners()
        lag.read(dataset, region, outcome, asked: asked)
    }

    /// Once a second: tells which copies changed their tier.
    public func judgeLag() {
        adoptOwners()
        for change in lag.judge(now: clock.now()) {
            emit(.lagTierChanged, subject: change.region, cause: change.cause)
        }
    }

    /// A reload and an answer of a backend may both have named another owner.
    private func adoptOwners() {
        let datasets = steering.configuration.datasets
        lag.adopt(
            datasets.enumerated().compactMap { place, dataset in
                let entry = snapshot.datasets[place]
                let owner = entry.isMulti || entry.owner == .none ? nil : snapshot.name(of: entry.owner)
                return LagTracker.Rules(dataset, owner: owner, epoch: entry.epoch)
            })
    }

    /// In the file's order; those that nobody measures are left out.
    func replication(of dataset: Configuration.Dataset, now: LoopTime) -> [Status.Replication] {
        steering.configuration.regions.compactMap { replication(of: dataset, in: $0.name, now: now) }
    }

    func replication(inRegion region: String, now: LoopTime) -> [Status.Replication] {
        steering.configuration.datasets.compactMap { replication(of: $0, in: region, now: now) }
    }

    private func replication(
        of dataset: Configuration.Dataset, in region: String, now: LoopTime
    ) -> Status.Replication? {
        lag.reading(dataset.name, region, now: now).map {
            Status.Replication($0, dataset: dataset.name, region: region)
        }
    }
}

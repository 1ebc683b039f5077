public import Model

/// What becomes of the detectors' words.
extension Steering {
    mutating func takeProbes(now: LoopTime, into actions: inout [Action]) {
        if said.isEmpty { return }
        for action in said {
            switch action {
            case .startProbe(let request): actions.append(.startProbe(request))
            case .changed(let endpoint, let state, _, let cause):
                outliers.probed(endpoint, isUp: state == .up, now: now)
                guard overrides[endpoint.index] == nil else { continue }
                probed[endpoint.index] = state
                settle(endpoint, cause: cause, now: now)
            }
        }
        said.removeAll(keepingCapacity: true)
    }

    mutating func takeVerdicts(now: LoopTime) {
        if verdicts.isEmpty { return }
        for verdict in verdicts {
            switch verdict {
            case .eject(let endpoint, let cause):
                let until = outliers.ejection(of: endpoint)?.until ?? now
                let seconds = until.milliseconds(since: now) / 1_000
                settle(endpoint, cause: "\(cause); out for \(seconds) s", now: now)
            case .restore(let endpoint): settle(endpoint, cause: "its ejection is over", now: now)
            }
        }
        verdicts.removeAll(keepingCapacity: true)
    }

    /// Joins the sources for one endpoint; a change is told after the snapshot that carries it out.
    private mutating func settle(_ endpoint: EndpointID, cause: String, now: LoopTime) {
        let (before, after) = (health[endpoint.index], word(on: endpoint))
        if before == after { return }
        health[endpoint.index] = after
        isStale = true
        if after == .up {
            // The first word on an endpoint is no recovery.
            if before == .down { warmth.begin(endpoint, now: now) }
        } else {
            warmth.stop(endpoint)
        }
        guard after == .down || before == .down else { return }
        let kind: EventKind = after == .down ? .endpointEjected : .endpointReturned
        news.append(.event(kind, subject: subject(of: endpoint), cause: cause))
    }

    /// The word that requests go by.
    private func word(on endpoint: EndpointID) -> HealthState {
        let state = probed[endpoint.index]
        return state == .up && outliers.isEjected(endpoint) && overrides[endpoint.index] == nil ? .down : state
    }

    /// `cell/address`.
    private func subject(of endpoint: EndpointID) -> String {
        let cell = snapshot.endpoints[endpoint.index].cell
        return "\(snapshot.name(of: cell))/\(snapshot.name(of: endpoint))"
    }

    /// A probe was answered after so long.
    mutating func probeAnswered(_ endpoint: EndpointID, after nanoseconds: UInt64, now: LoopTime) {
        let region = snapshot.endpoints[endpoint.index].region
        guard region != .none,
            distances.probed(
                endpoint, in: region, after: nanoseconds, countsForRegion: countsForRegion(endpoint), now: now)
        else { return }
        place(region)
    }

    /// Requests were answered after so long.
    mutating func requestsAnswered(_ endpoint: EndpointID, after nanoseconds: UInt64, now: LoopTime) {
        let region = snapshot.endpoints[endpoint.index].region
        guard region != .none,
            distances.answered(
                endpoint, in: region, after: nanoseconds, countsForRegion: countsForRegion(endpoint), now: now)
        else { return }
        place(region)
    }

    private func countsForRegion(_ endpoint: EndpointID) -> Bool {
        health[endpoint.index] == .up && !isReplication[endpoint.index]
    }

    /// The region was measured for the first time.
    private mutating func place(_ region: RegionID) {
        guard let distance = distances.distance(of: region) else { return }
        latency.measured(region, distance)
        isStale = true
    }

    // MARK: Snapshots

    /// Makes a snapshot if requests would notice, then tells why.
    mutating func publish(into actions: inout [Action]) {
        if isStale {
            renewSnapshot()
            actions.append(.publish(snapshot))
            actions += news
            news.removeAll(keepingCapacity: true)
            actions += announceFitness()
        } else if !news.isEmpty {
            actions += news
            news.removeAll(keepingCapacity: true)
        }
    }

    mutating func renewSnapshot() {
        isStale = false
        snapshot = builder.snapshot(conditions, generation: snapshot.generation + 1)
    }

    var conditions: Conditions {
        var conditions = Conditions()
        (conditions.health, conditions.latency) = (health, latency)
        conditions.warmth = warmth.percents
        (conditions.shares, conditions.kept, conditions.buckets) = (operated.cells, operated.kept, operated.buckets)
        conditions.dials = operated.dials
        for (index, dataset) in configuration.datasets.enumerated() {
            conditions.owners[index] = owner(of: dataset)
        }
        return conditions
    }

    // MARK: Owners

    /// A region that owns a dataset made itself known, or an operator did. Ignored unless the epoch is newer.
    /// - Parameter dataset: its place in the configuration.
    public mutating func learnOwner(dataset: Int, owner: RegionID, epoch: UInt64, now: LoopTime) -> [Action] {
        guard configuration.datasets.indices.contains(dataset), owner.index < snapshot.regions.count,
            snapshot.regions[owner.index].isPresent, epoch > snapshot.datasets[dataset].epoch,
            !snapshot.datasets[dataset].isMulti
        else { return [] }
        let name = configuration.datasets[dataset].name
        // One that the configuration no longer has may have been the newest.
        guard epoch > owners[name]?.epoch ?? 0 else { return [] }
        let before = snapshot.datasets[dataset]
        owners[name] = LearntOwner(region: snapshot.name(of: owner), epoch: epoch)
        isStale = true
        let names = "\(snapshot.name(of: before.owner)) → \(snapshot.name(of: owner))"
        news.append(.event(.ownerChanged, subject: name, cause: "\(names), epoch \(before.epoch) → \(epoch)"))
        var actions: [Action] = []
        publish(into: &actions)
        return actions
    }

    /// Nil: as the configuration says, which is not older than what was learnt.
    private func owner(of dataset: Configuration.Dataset) -> DatasetOwner? {
        guard dataset.owner != nil, let learnt = owners[dataset.name], learnt.epoch > dataset.epoch else { return nil }
        return builder.plan.region(named: learnt.region).map { DatasetOwner(region: $0, epoch: learnt.epoch) }
    }
}

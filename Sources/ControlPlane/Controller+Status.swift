import Model
import Policy

/// What the admin API shows of the controller.
extension Controller {
    /// Generation in force, the edge's name and its region's.
    public var identity: (generation: UInt64, edge: String, region: String) {
        (snapshot.generation, steering.configuration.edge.name, steering.configuration.edge.region)
    }

    /// Why `isReady` is not, in words; nil when it is.
    public var notReadyReason: String? {
        if isReady { return nil }
        let waiting = steering.endpoints.filter { steering.monitor.state(of: $0.id) == .unknown }.count
        return "first round of probes: \(waiting) of \(steering.endpoints.count) endpoints have not answered yet"
    }

    /// In the file's order.
    public var regions: [Status.Region] {
        let moment = Moment(clock)
        return steering.configuration.regions.map { status(of: $0, moment) }
    }

    private func status(of region: Configuration.Region, _ moment: Moment) -> Status.Region {
        let endpoints = region.servingCells.flatMap { steering.endpoints(of: $0, in: region) }
        let up = endpoints.count { steering.word(on: $0, now: moment.loop).name == "\(HealthState.up)" }
        let id = steering.registry.region(region.name) ?? .none
        let entry = id == .none ? RegionEntry() : snapshot.regions[id.index]
        var status = Status.Region(
            name: region.name, jurisdiction: region.jurisdiction, mode: region.mode.rawValue,
            isLocal: region.name == steering.configuration.edge.region, isFit: entry.isFit, isOpen: entry.isOpen,
            cells: region.servingCells.map(\.name), endpointsUp: up,
            endpoints: endpoints.count, rttMicroseconds: (steering.distance(of: id) ?? 0) / 1_000,
            keptPercent: Double(entry.keptShare) / 100, isDialed: entry.isDialed,
            band: snapshot.order.indices.map { snapshot.order[$0] }.filter(entry.band.contains)
                .map(snapshot.name(of:)))
        status.dialSet = steering.intent.dial(of: region.name).map { Status.Setting($0, at: moment) }
        status.drain = steering.intent.drain(of: .region(id)).map(Controller.words)
        status.replication = replication(inRegion: region.name, now: moment.loop)
        return status
    }

    /// In the file's order, with their requests in flight.
    public var cells: [Status.Cell] {
        get async {
            let open = await inFlight?()
            let moment = Moment(clock)
            return steering.configuration.regions.flatMap { region in
                region.servingCells.map { status(of: $0, in: region, open, moment) }
            }
        }
    }

    private func status(
        of cell: Configuration.Cell, in region: Configuration.Region, _ open: [UInt32]?, _ moment: Moment
    ) -> Status.Cell {
        let ids = steering.endpoints(of: cell, in: region)
        let endpoints = ids.map { self.status(of: $0, moment) }
        let tally = HealthTally(ids.map { snapshot.endpoints[$0.index].health })
        let healthyPercent = steering.configuration.spill.healthyPercent
        let health = tally.isHealthy(percent: healthyPercent).map { $0 ? "healthy" : "unhealthy" } ?? "unknown"
        let id = steering.registry.region(region.name).flatMap { steering.registry.cell(cell.name, in: $0) }
        var status = Status.Cell(
            name: cell.name, region: region.name, health: health, weightConfigured: cell.weightPercent,
            weightEffective: id.map { Int(snapshot.cells[$0.index].weightPercent) } ?? 0, capacity: cell.capacity,
            rttMicroseconds: Controller.mean(endpoints.map(\.rttMicroseconds)), endpoints: endpoints)
        guard let id, let regionID = steering.registry.region(region.name) else { return status }
        status.share = Int(snapshot.cells[id.index].share)
        status.drain = drainWords(id, in: regionID)
        status.weightSet = steering.intent.weight(of: cell.name, in: region.name).map {
            Status.Setting($0, at: moment)
        }
        let (rate, errors) = steering.rate(of: id, now: moment.loop)
        (status.requestsPerSecond, status.errorPercent) = (rate, errors * 100)
        status.requestsInFlight = open.map { Controller.count($0, id) }
        return status
    }

    private func status(of endpoint: EndpointID, _ moment: Moment) -> Status.Endpoint {
        let health = steering.monitor.health(of: endpoint)
        let word = steering.word(on: endpoint, now: moment.loop)
        let warmth = Int(snapshot.endpoints[endpoint.index].warmthPercent)
        return Status.Endpoint(
            address: snapshot.name(of: endpoint), health: word.name,
            rttMicroseconds: steering.distance(of: endpoint) / 1_000,
            lastFailure: health.lastFailure.isEmpty ? nil : health.lastFailure, cause: word.cause,
            ejectedForSeconds: word.leftMilliseconds.map { ($0 + 999) / 1_000 },
            warmthPercent: warmth < 100 ? warmth : nil)
    }

    /// Of those that are known.
    private static func mean(_ values: [UInt64]) -> UInt64 {
        let known = values.filter { $0 > 0 }
        return known.isEmpty ? 0 : known.reduce(0, +) / UInt64(known.count)
    }

    /// In the file's order, and who owns each.
    public func datasets() -> [Status.Dataset] {
        let now = clock.now()
        return steering.configuration.datasets.enumerated().map { place, dataset in
            let entry = snapshot.datasets[place]
            var status = Status.Dataset(
                name: dataset.name, mode: entry.isMulti ? "multi" : "single",
                owner: entry.isMulti || entry.owner == .none ? nil : snapshot.name(of: entry.owner),
                epoch: entry.epoch, source: entry.epoch > dataset.epoch ? "learnt" : "file")
            status.replication = replication(of: dataset, now: now)
            return status
        }
    }
}

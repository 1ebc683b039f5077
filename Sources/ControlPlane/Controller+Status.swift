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
    public var regions: [Status.Region] { steering.configuration.regions.map(status) }

    private func status(of region: Configuration.Region) -> Status.Region {
        let cells = region.servingCells.map { status(of: $0, in: region) }
        let endpoints = cells.flatMap(\.endpoints)
        let id = steering.registry.region(region.name) ?? .none
        let entry = id == .none ? RegionEntry() : snapshot.regions[id.index]
        return Status.Region(
            name: region.name, jurisdiction: region.jurisdiction, mode: region.mode.rawValue,
            isLocal: region.name == steering.configuration.edge.region, isFit: entry.isFit, isOpen: entry.isOpen,
            cells: cells.map(\.name), endpointsUp: endpoints.filter { $0.health == "\(HealthState.up)" }.count,
            endpoints: endpoints.count, rttMicroseconds: (steering.distance(of: id) ?? 0) / 1_000,
            keptPercent: Double(entry.keptShare) / 100, isDialed: entry.isDialed,
            band: snapshot.order.indices.map { snapshot.order[$0] }.filter(entry.band.contains)
                .map(snapshot.name(of:)))
    }

    /// In the file's order.
    public var cells: [Status.Cell] {
        steering.configuration.regions.flatMap { region in region.servingCells.map { status(of: $0, in: region) } }
    }

    private func status(of cell: Configuration.Cell, in region: Configuration.Region) -> Status.Cell {
        let endpoints = steering.endpoints(of: cell, in: region).map(status)
        let id = steering.registry.region(region.name).flatMap { steering.registry.cell(cell.name, in: $0) }
        let tally = HealthTally(
            steering.endpoints(of: cell, in: region).map { snapshot.endpoints[$0.index].health })
        let healthyPercent = steering.configuration.spill.healthyPercent
        let health = tally.isHealthy(percent: healthyPercent).map { $0 ? "healthy" : "unhealthy" } ?? "unknown"
        var status = Status.Cell(
            name: cell.name, region: region.name, health: health, weightConfigured: cell.weightPercent,
            weightEffective: id.map { Int(snapshot.cells[$0.index].weightPercent) } ?? 0, capacity: cell.capacity,
            rttMicroseconds: Controller.mean(endpoints.map(\.rttMicroseconds)), endpoints: endpoints)
        guard let id, let regionID = steering.registry.region(region.name) else { return status }
        status.share = Int(snapshot.cells[id.index].share)
        status.drain = drainWords(id, in: regionID)
        return status
    }

    private func status(of endpoint: EndpointID) -> Status.Endpoint {
        let health = steering.monitor.health(of: endpoint)
        let word = steering.word(on: endpoint, now: clock.now())
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
}

import Model

/// A configuration with the ids and addresses that its names stand for.
struct AppliedConfiguration: Sendable {
    let configuration: Configuration
    let registry: Registry
    let builder: SnapshotBuilder
    let resolved: [Address: Address]
    let standbyRegions: Set<String>

    /// - Parameter registry: of the configuration before; it is not changed when this throws.
    init(
        _ configuration: Configuration, after registry: Registry, resolved: [Address: Address]
    ) throws(ApplyError) {
        var next = registry
        do { try next.admit(configuration) } catch { throw ApplyError(reasons: [error.description]) }
        (self.configuration, self.registry, self.resolved) = (configuration, next, resolved)
        builder = SnapshotBuilder(configuration, next)
        standbyRegions = Set(configuration.regions.filter { $0.mode == .standby }.map(\.name))
    }

    func snapshot(health: [EndpointID: HealthState], generation: UInt64) -> Snapshot {
        builder.snapshot(health: health, resolved: resolved, generation: generation)
    }

    /// What the health monitor is to watch: every endpoint that has an address, once.
    func watches(_ snapshot: Snapshot) -> [HealthMonitor.Watch] {
        var seen = Set<EndpointID>()
        var watches: [HealthMonitor.Watch] = []
        for entry in endpoints where seen.insert(entry.id).inserted {
            guard let target = snapshot.upstreams[entry.id.index] else { continue }
            watches.append(HealthMonitor.Watch(endpoint: entry.id, target: target, health: entry.cell.health))
        }
        return watches
    }

    /// Every endpoint with its cell and region, in the file's order.
    var endpoints: [(region: Configuration.Region, cell: Configuration.Cell, id: EndpointID)] {
        configuration.regions.flatMap { region in
            region.cells.flatMap { cell in endpoints(of: cell, in: region).map { (region, cell, $0) } }
        }
    }

    func endpoints(of cell: Configuration.Cell, in region: Configuration.Region) -> [EndpointID] {
        guard let regionID = registry.region(region.name), let cellID = registry.cell(cell.name, in: regionID) else {
            return []
        }
        return cell.endpoints.compactMap { registry.endpoint($0, in: cellID) }
    }
}

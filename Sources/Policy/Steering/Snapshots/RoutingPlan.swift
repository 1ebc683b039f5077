import Model

/// A configuration's regions, cells and endpoints under their ids, in the file's order.
struct RoutingPlan: Equatable, Sendable {
    struct Region: Equatable, Sendable {
        let id: RegionID
        let configuration: Configuration.Region
        let isActive: Bool
        let cells: [Cell]
        let replication: Cell?
    }

    struct Cell: Equatable, Sendable {
        let id: CellID
        let configuration: Configuration.Cell
        /// The same address twice is one endpoint.
        let endpoints: [EndpointID]
        /// How to connect to each of them.
        let targets: [UpstreamTarget]
    }

    let regions: [Region]
    let localRegion: RegionID
    /// Distinct names in the order in which regions say them; a region's index among them is in its entry.
    let jurisdictions: [String]
    /// Ids given out so far.
    let regionCount: Int
    let cellCount: Int
    let endpointCount: Int

    /// The registry must have admitted the configuration with these addresses.
    init(_ configuration: Configuration, _ registry: Registry, _ resolved: [Address: [Address]]) {
        regions = configuration.regions.map { RoutingPlan.region($0, registry, resolved) }
        localRegion = RoutingPlan.id(configuration.edge.region, registry)
        jurisdictions = RoutingPlan.jurisdictions(of: configuration)
        (regionCount, cellCount, endpointCount) = (registry.regionCount, registry.cellCount, registry.endpointCount)
    }

    static func jurisdictions(of configuration: Configuration) -> [String] {
        var names: [String] = []
        for region in configuration.regions where !names.contains(region.jurisdiction) {
            names.append(region.jurisdiction)
        }
        return names
    }

    var homes: [String: RegionID] {
        var homes: [String: RegionID] = [:]
        for region in regions { homes[region.configuration.name] = region.id }
        return homes
    }

    /// The local region, then the others in the file's order.
    var configuredOrder: [RegionID] { [localRegion] + regions.map(\.id).filter { $0 != localRegion } }

    /// Serving cells and replication backends, region by region.
    var cells: [Cell] { regions.flatMap { region in region.cells + (region.replication.map { [$0] } ?? []) } }

    func region(named name: String) -> RegionID? { regions.first { $0.configuration.name == name }?.id }

    private static func id(_ name: String, _ registry: Registry) -> RegionID {
        guard let id = registry.region(name) else {
            preconditionFailure("region \(name) of a configuration that the registry has not admitted")
        }
        return id
    }

    private static func region(
        _ region: Configuration.Region, _ registry: Registry, _ resolved: [Address: [Address]]
    ) -> Region {
        let id = id(region.name, registry)
        return Region(
            id: id, configuration: region, isActive: region.mode == .active,
            cells: region.servingCells.map { cell($0, registry.cell($0.name, in: id), registry, resolved) },
            replication: region.replicationCell.map {
                cell($0, registry.replicationCell(in: id), registry, resolved)
            })
    }

    private static func cell(
        _ cell: Configuration.Cell, _ id: CellID?, _ registry: Registry, _ resolved: [Address: [Address]]
    ) -> Cell {
        guard let id else { preconditionFailure("cell \(cell.name) was not admitted") }
        var endpoints: [EndpointID] = []
        var targets: [UpstreamTarget] = []
        for configured in cell.endpoints {
            let name = cell.upstream.serverName ?? serverName(configured)
            for address in configured.targets(resolved) {
                guard let endpoint = registry.endpoint(address, in: id) else {
                    preconditionFailure("endpoint \(address) was not admitted")
                }
                if endpoints.contains(endpoint) { continue }
                endpoints.append(endpoint)
                targets.append(UpstreamTarget(address: address, settings: cell.upstream, serverName: name))
            }
        }
        return Cell(id: id, configuration: cell, endpoints: endpoints, targets: targets)
    }

    /// A Unix socket has no name of its own that a certificate could carry.
    private static func serverName(_ address: Address) -> String {
        switch address {
        case .ip(let address, _): address.description
        case .name(let name, _): name
        case .unix: "localhost"
        }
    }
}

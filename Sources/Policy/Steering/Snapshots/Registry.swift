public import Model

/// Gives out the ids of regions, cells and endpoints, and remembers them: the same name gets the same id in every
/// later configuration, and an id whose owner is gone is not used again, because workers keep counts and turns under
/// it. A cell is known by its region and name, an endpoint by its cell and the address it is connected at: one of a
/// name's addresses that is still among them after the next resolution is the same endpoint.
public struct Registry: Sendable, Equatable {
    private struct CellKey: Hashable {
        let region: RegionID
        /// Nil: the region's replication backends.
        let name: String?
    }

    private struct EndpointKey: Hashable {
        let cell: CellID
        let address: Address
    }

    private var regions: [String: RegionID] = [:]
    private var cells: [CellKey: CellID] = [:]
    private var endpoints: [EndpointKey: EndpointID] = [:]

    public init() {}

    /// Ids given out so far, which is how long a snapshot's tables are.
    public var regionCount: Int { regions.count }
    public var cellCount: Int { cells.count }
    public var endpointCount: Int { endpoints.count }

    /// Gives an id to everything new in the configuration. Changes nothing when it throws: the ids of a process are
    /// used up, and the configuration must be refused.
    /// - Parameter resolved: where the endpoints that are configured by name are.
    public mutating func admit(
        _ configuration: Configuration, resolved: [Address: [Address]] = [:]
    ) throws(RegistryError) {
        var next = self
        for region in configuration.regions { try next.admit(region, resolved) }
        self = next
    }

    public func region(_ name: String) -> RegionID? { regions[name] }

    public func cell(_ name: String, in region: RegionID) -> CellID? { cells[CellKey(region: region, name: name)] }

    /// Of the region's replication backends.
    public func replicationCell(in region: RegionID) -> CellID? { cells[CellKey(region: region, name: nil)] }

    /// - Parameter address: an IP address or a Unix socket.
    public func endpoint(_ address: Address, in cell: CellID) -> EndpointID? {
        endpoints[EndpointKey(cell: cell, address: address)]
    }

    private mutating func admit(
        _ region: Configuration.Region, _ resolved: [Address: [Address]]
    ) throws(RegistryError) {
        if regions[region.name] == nil {
            guard regions.count < RegionSet.capacity else { throw .tooManyRegions }
            regions[region.name] = RegionID(rawValue: UInt16(regions.count))
        }
        guard let id = regions[region.name] else { return }
        for cell in region.servingCells { try admit(cell, CellKey(region: id, name: cell.name), resolved) }
        if let cell = region.replicationCell { try admit(cell, CellKey(region: id, name: nil), resolved) }
    }

    private mutating func admit(
        _ cell: Configuration.Cell, _ key: CellKey, _ resolved: [Address: [Address]]
    ) throws(RegistryError) {
        if cells[key] == nil {
            guard cells.count < Int(CellID.none.rawValue) else { throw .tooManyCells }
            cells[key] = CellID(rawValue: UInt16(cells.count))
        }
        guard let id = cells[key] else { return }
        for address in cell.endpoints.flatMap({ $0.targets(resolved) }) {
            let key = EndpointKey(cell: id, address: address)
            if endpoints[key] == nil { endpoints[key] = EndpointID(rawValue: UInt32(endpoints.count)) }
        }
    }
}

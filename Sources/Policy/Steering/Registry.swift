public import Model

/// Gives out the ids of regions, cells and endpoints, and remembers them: the same name gets the same id in every
/// later configuration, and an id whose owner is gone is not used again, because workers keep counts and turns under
/// it. A cell is known by its region and name, an endpoint by its cell and address as configured.
public struct Registry: Sendable, Equatable {
    private struct CellKey: Hashable {
        let region: RegionID
        let name: String
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
    public mutating func admit(_ configuration: Configuration) throws(RegistryError) {
        var next = self
        for region in configuration.regions { try next.admit(region) }
        self = next
    }

    public func region(_ name: String) -> RegionID? { regions[name] }

    public func cell(_ name: String, in region: RegionID) -> CellID? { cells[CellKey(region: region, name: name)] }

    public func endpoint(_ address: Address, in cell: CellID) -> EndpointID? {
        endpoints[EndpointKey(cell: cell, address: address)]
    }

    private mutating func admit(_ region: Configuration.Region) throws(RegistryError) {
        if regions[region.name] == nil {
            guard regions.count < RegionSet.capacity else { throw .tooManyRegions }
            regions[region.name] = RegionID(rawValue: UInt16(regions.count))
        }
        guard let id = regions[region.name] else { return }
        for cell in region.cells { try admit(cell, in: id) }
    }

    private mutating func admit(_ cell: Configuration.Cell, in region: RegionID) throws(RegistryError) {
        let key = CellKey(region: region, name: cell.name)
        if cells[key] == nil {
            guard cells.count < Int(CellID.none.rawValue) else { throw .tooManyCells }
            cells[key] = CellID(rawValue: UInt16(cells.count))
        }
        guard let id = cells[key] else { return }
        for address in cell.endpoints {
            let key = EndpointKey(cell: id, address: address)
            if endpoints[key] == nil { endpoints[key] = EndpointID(rawValue: UInt32(endpoints.count)) }
        }
    }
}

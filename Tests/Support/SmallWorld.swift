public import Model

/// Two regions, `us-east` (local) with the cells `use-a` and `use-b` of 50 % each and `eu-west` with `euw-a`, two
/// endpoints a cell on 127.0.0.1 from port 7101 on, one route `default`.
public struct SmallWorld: Sendable {
    public static let cellNames = ["use-a", "use-b", "euw-a"]
    public var health = [HealthState](repeating: .up, count: 6)
    public var generation: UInt64 = 1
    public init() {}

    public var snapshot: Snapshot {
        var parts = SnapshotParts()
        parts.localRegion = RegionID(rawValue: 0)
        for (index, name) in SmallWorld.cellNames.enumerated() { addCell(index, name, to: &parts) }
        addRegion("us-east", cells: [0, 1], to: &parts)
        addRegion("eu-west", cells: [2], to: &parts)
        var route = RouteEntry()
        route.name = parts.intern("default")
        parts.routes = [route]
        parts.order = [RegionID(rawValue: 0), RegionID(rawValue: 1)]
        parts.edgeName = "edge-1"
        return Snapshot(parts, generation: generation)
    }

    private func addCell(_ index: Int, _ name: String, to parts: inout SnapshotParts) {
        let ids = [EndpointID(rawValue: UInt32(2 * index)), EndpointID(rawValue: UInt32(2 * index + 1))]
        var cell = CellEntry()
        cell.region = RegionID(rawValue: index < 2 ? 0 : 1)
        cell.weightPercent = index < 2 ? 50 : 100
        cell.share = UInt16(cell.weightPercent) * 100
        cell.name = parts.intern(name)
        cell.endpoints = parts.list(ids)
        cell.available = parts.list(ids.filter { health[$0.index] == .up })
        cell.isFit = !cell.available.isEmpty
        parts.cells.append(cell)
        for id in ids {
            var endpoint = EndpointEntry()
            endpoint.cell = CellID(rawValue: UInt16(index))
            endpoint.region = cell.region
            endpoint.health = health[id.index]
            parts.endpoints.append(endpoint)
            let address = Address.ip(.loopback, port: 7_101 + UInt16(id.rawValue))
            parts.upstreams.append(UpstreamTarget(address: address, settings: .init(), serverName: "127.0.0.1"))
        }
    }

    private func addRegion(_ name: String, cells: [Int], to parts: inout SnapshotParts) {
        var region = RegionEntry()
        region.name = parts.intern(name)
        region.cells = parts.list(cells.map { CellID(rawValue: UInt16($0)) })
        region.isFit = cells.contains { parts.cells[$0].isFit }
        region.isOpen = region.isFit
        parts.regions.append(region)
    }
}

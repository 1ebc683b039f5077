public import Model

extension SnapshotFixture {
    public func snapshot(generation: UInt64 = 1) -> Snapshot { Snapshot(parts(), generation: generation) }

    /// For a test that wants to spoil something before it becomes a snapshot.
    public func parts() -> SnapshotParts {
        var parts = SnapshotParts()
        (parts.edgeName, parts.exposesDecision, parts.trust) = (edgeName, exposesDecision, trust)
        parts.localRegion = region(local)
        for region in regions { add(region, to: &parts) }
        let others = regions.filter { $0.name != local }
        parts.order = ([local] + others.map(\.name)).map { region($0) }
        parts.routes = routes.map { $0.entry(&parts) }
        return parts
    }

    private func add(_ region: Region, to parts: inout SnapshotParts) {
        let id = RegionID(rawValue: UInt16(parts.regions.count))
        var entry = RegionEntry()
        entry.name = parts.intern(region.name)
        (entry.isPresent, entry.takesNewWork) = (region.isPresent, region.takesNewWork)
        var ids: [CellID] = []
        for cell in region.cells {
            let cellID = add(cell, in: id, to: &parts)
            guard cell.isPresent else { continue }
            ids.append(cellID)
            let isFit = region.takesNewWork && parts.cells[cellID.index].isFit
            entry.isFit = entry.isFit || isFit
            entry.isOpen = entry.isOpen || (isFit && cell.weight > 0)
        }
        entry.cells = parts.list(ids)
        parts.regions.append(entry)
    }

    private func add(_ cell: Cell, in region: RegionID, to parts: inout SnapshotParts) -> CellID {
        let id = CellID(rawValue: UInt16(parts.cells.count))
        var entry = CellEntry()
        entry.name = parts.intern(cell.name)
        (entry.region, entry.weightPercent, entry.isPresent) = (region, UInt8(cell.weight), cell.isPresent)
        entry.share = UInt16(cell.weight * 100)
        let ids = cell.endpoints.map { endpoint in
            let id = EndpointID(rawValue: UInt32(parts.endpoints.count))
            var entry = EndpointEntry()
            (entry.health, entry.region, entry.isPresent) = (endpoint.health, region, cell.isPresent)
            entry.cell = CellID(rawValue: UInt16(parts.cells.count))
            parts.endpoints.append(entry)
            let address = endpoint.address ?? .ip(.loopback, port: UInt16(40_000 + parts.endpoints.count - 1))
            parts.upstreams.append(
                UpstreamTarget(address: address, settings: cell.upstream, serverName: "\(cell.name).test"))
            return id
        }
        let available = ids.filter { parts.endpoints[$0.index].health == .up }
        (entry.endpoints, entry.available) = (parts.list(ids), parts.list(available))
        entry.isFit = cell.isPresent && !available.isEmpty
        parts.cells.append(entry)
        return id
    }
}

public import Model

extension SnapshotFixture {
    public func snapshot(generation: UInt64 = 1) -> Snapshot { Snapshot(parts(), generation: generation) }

    /// For a test that wants to spoil something before it becomes a snapshot.
    public func parts() -> SnapshotParts {
        var parts = SnapshotParts()
        (parts.edgeName, parts.exposesDecision) = (edgeName, exposesDecision)
        parts.localRegion = region(local)
        for region in regions { add(region, to: &parts) }
        for region in regions where !region.replication.isEmpty { addReplication(of: region, to: &parts) }
        let others = regions.filter { $0.name != local }
        parts.order = (order ?? [local] + others.map(\.name)).map { region($0) }
        addData(to: &parts)
        parts.routes = routes.map { $0.entry(&parts) }
        return parts
    }

    private func add(_ region: Region, to parts: inout SnapshotParts) {
        let id = RegionID(rawValue: UInt16(parts.regions.count))
        var entry = RegionEntry()
        entry.name = parts.intern(region.name)
        (entry.isPresent, entry.takesNewWork) = (region.isPresent, region.takesNewWork && region.dial > 0)
        (entry.jurisdiction, entry.capacity) = (UInt8(region.jurisdiction), UInt32(region.capacity))
        (entry.keptShare, entry.isDialed) = (UInt16(region.kept * region.dial / 100), region.dial < 100)
        for name in region.band { entry.band.insert(self.region(name)) }
        entry.edge = parts.intern(region.edge)
        var ids: [CellID] = []
        for cell in region.cells {
            let cellID = add(cell, in: id, to: &parts)
            guard cell.isPresent else { continue }
            ids.append(cellID)
            let isFit = region.takesNewWork && parts.cells[cellID.index].isFit
            entry.isFit = entry.isFit || isFit
            entry.isOpen = entry.isOpen || (isFit && region.dial > 0 && cell.effectiveShare > 0)
        }
        entry.cells = parts.list(ids)
        entry.buckets = addBuckets(of: ids, to: &parts)
        parts.regions.append(entry)
    }

    private func add(_ cell: Cell, in region: RegionID, to parts: inout SnapshotParts) -> CellID {
        let id = CellID(rawValue: UInt16(parts.cells.count))
        var entry = CellEntry()
        entry.name = parts.intern(cell.name)
        (entry.region, entry.weightPercent, entry.isPresent) = (region, UInt8(cell.weight), cell.isPresent)
        (entry.share, entry.leavingSlots) = (UInt16(cell.effectiveShare), UInt16(cell.leavingSlots))
        entry.tag = SipHash.hash(tag: cell.name)
        let ids = cell.endpoints.map { endpoint in
            let id = EndpointID(rawValue: UInt32(parts.endpoints.count))
            var entry = EndpointEntry()
            (entry.health, entry.region, entry.isPresent) = (endpoint.health, region, cell.isPresent)
            entry.cell = CellID(rawValue: UInt16(parts.cells.count))
            entry.warmthPercent = UInt8(endpoint.warmth)
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

    private func addReplication(of region: Region, to parts: inout SnapshotParts) {
        let cell = Cell(name: "\(region.name)-replication", weight: 0, endpoints: region.replication)
        let id = add(cell, in: self.region(region.name), to: &parts)
        parts.cells[id.index].isReplication = true
        parts.regions[self.region(region.name).index].replication = id
    }

    /// A slice a cell, in their order.
    private func addBuckets(of ids: [CellID], to parts: inout SnapshotParts) -> TableRange {
        let sum = ids.reduce(0) { $0 + Int(parts.cells[$1.index].share) }
        guard sum > 0 else { return .empty }
        let start = parts.buckets.count
        var (handed, end) = (0, 0)
        for id in ids {
            handed += Int(parts.cells[id.index].share)
            let next = handed * 10_000 / sum
            parts.buckets += Array(repeating: id, count: next - end)
            end = next
        }
        return TableRange(start: start, count: end)
    }

    private func addData(to parts: inout SnapshotParts) {
        parts.jurisdictions = Array(repeating: .empty, count: (regions.map(\.jurisdiction).max() ?? 0) + 1)
        for region in regions where region.isPresent {
            parts.jurisdictions[region.jurisdiction].insert(self.region(region.name))
        }
        let pins = tenants.map { (name: $0.name, pin: $0.pin(home: region($0.home))) }
        (parts.pins, parts.hashKey, parts.tenants.misroute) = (PinTable(pins, key: hashKey), hashKey, misroute)
        parts.datasets = datasets.map { dataset in
            var entry = DatasetEntry()
            entry.name = parts.intern(dataset.name)
            (entry.owner, entry.isMulti) = (dataset.owner.map { region($0) } ?? .none, dataset.isMulti)
            entry.epoch = dataset.epoch
            return entry
        }
    }
}

extension SipHash {
    /// What tokens name a test's cell by.
    fileprivate static func hash(tag name: String) -> UInt64 {
        Array(name.utf8).withUnsafeBytes { hash(ByteView($0), key: .zero) }
    }
}

import Model

/// The part of a snapshot that only a reload changes. Nothing is known of any endpoint in it.
extension SnapshotParts {
    /// Tables as long as ids were given out; what the configuration does not name is absent.
    init(_ configuration: Configuration, _ plan: RoutingPlan) {
        self.init()
        addAbsent(plan)
        for region in plan.regions { add(region, plan) }
        addCapacities(plan)
        jurisdictions = plan.jurisdictions.map { name in
            plan.regions.reduce(into: RegionSet.empty) { set, region in
                if region.configuration.jurisdiction == name { set.insert(region.id) }
            }
        }
        (localRegion, order) = (plan.localRegion, plan.configuredOrder)
        datasets = configuration.datasets.map { entry($0, plan) }
        routes = configuration.routes.map { entry($0, configuration) }
        (edgeName, exposesDecision) = (configuration.edge.name, configuration.edge.exposesDecision)
        addRules(configuration)
    }

    private mutating func addAbsent(_ plan: RoutingPlan) {
        var (region, cell, endpoint) = (RegionEntry(), CellEntry(), EndpointEntry())
        (region.isPresent, region.takesNewWork) = (false, false)
        (cell.isPresent, endpoint.isPresent) = (false, false)
        regions = Array(repeating: region, count: plan.regionCount)
        cells = Array(repeating: cell, count: plan.cellCount)
        endpoints = Array(repeating: endpoint, count: plan.endpointCount)
        upstreams = Array(repeating: nil, count: plan.endpointCount)
    }

    private mutating func addRules(_ configuration: Configuration) {
        let tenants = configuration.tenants
        self.tenants.header = intern(tenants.header.lowercased())
        // `*.example.com` names the tenant by what stands for the star.
        if let host = tenants.host { self.tenants.hostSuffix = intern(String(host.lowercased().drop { $0 == "*" })) }
        self.tenants.fromCertificate = tenants.fromCertificate
        self.tenants.misroute =
            switch tenants.misroute {
            case .forward: .forward
            case .redirect: .redirect
            case .reject: .reject
            }
        sessions.producerHeader = intern(configuration.sessions.producerHeader.lowercased())
        sessions.idleSeconds = UInt32(clamping: configuration.sessions.idleMilliseconds / 1_000)
        sessions.lifeSeconds = UInt32(clamping: configuration.sessions.lifeMilliseconds / 1_000)
    }

    // MARK: Regions

    private mutating func add(_ region: RoutingPlan.Region, _ plan: RoutingPlan) {
        var entry = RegionEntry()
        entry.name = intern(region.configuration.name)
        entry.takesNewWork = region.isActive
        entry.jurisdiction = UInt8(clamping: plan.jurisdictions.firstIndex(of: region.configuration.jurisdiction) ?? 0)
        entry.band = RegionSet(bits: 1 << UInt64(region.id.rawValue))
        if let edge = region.configuration.edge { entry.edge = intern(edge) }
        for cell in region.cells { add(cell, in: region, isReplication: false) }
        entry.cells = list(region.cells.map(\.id))
        if !region.cells.isEmpty {
            var slices = SliceMap()
            slices.rebalance(to: region.cells.map { ($0.id, cells[$0.id.index].share) })
            entry.buckets = TableRange(start: buckets.count, count: SliceMap.bucketCount)
            buckets += slices.buckets
        }
        if let cell = region.replication {
            add(cell, in: region, isReplication: true)
            entry.replication = cell.id
        }
        regions[region.id.index] = entry
    }

    /// Requests a second that a region's cells carry. Where that is unknown of any cell, all regions count alike: next
    /// to known ones a guess would get all of a band's requests, or none.
    private mutating func addCapacities(_ plan: RoutingPlan) {
        let cells = plan.regions.flatMap(\.cells)
        guard cells.allSatisfy({ $0.configuration.capacity != nil }) else { return }
        for region in plan.regions {
            let sum = region.cells.reduce(0) { $0 + ($1.configuration.capacity ?? 0) }
            regions[region.id.index].capacity = UInt32(clamping: max(1, sum))
        }
    }

    private mutating func add(_ cell: RoutingPlan.Cell, in region: RoutingPlan.Region, isReplication: Bool) {
        var entry = CellEntry()
        (entry.region, entry.name, entry.isReplication) = (region.id, intern(cell.configuration.name), isReplication)
        entry.weightPercent = UInt8(clamping: cell.configuration.weightPercent)
        entry.share = isReplication ? 0 : UInt16(entry.weightPercent) * 100
        entry.tag = SnapshotParts.tag(region: region.configuration.name, cell: cell.configuration.name)
        entry.endpoints = list(cell.endpoints)
        cells[cell.id.index] = entry
        for (id, target) in zip(cell.endpoints, cell.targets) {
            var endpoint = EndpointEntry()
            (endpoint.cell, endpoint.region) = (cell.id, region.id)
            endpoints[id.index] = endpoint
            upstreams[id.index] = target
        }
    }

    /// The same in every process.
    private static func tag(region: String, cell: String) -> UInt64 {
        Array("\(region)/\(cell)".utf8).withUnsafeBytes { SipHash.hash(ByteView($0), key: .zero) }
    }

    private mutating func entry(_ dataset: Configuration.Dataset, _ plan: RoutingPlan) -> DatasetEntry {
        var entry = DatasetEntry()
        entry.name = intern(dataset.name)
        entry.owner = dataset.owner.flatMap(plan.region(named:)) ?? .none
        (entry.epoch, entry.isMulti) = (dataset.epoch, dataset.owner == nil)
        return entry
    }
}

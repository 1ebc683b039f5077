public import Model

/// Who there is to watch.
extension Steering {
    /// Every endpoint with its cell and region, in the file's order; replication backends come after a region's cells.
    public var endpoints: [(region: Configuration.Region, cell: Configuration.Cell, id: EndpointID)] {
        builder.plan.regions.flatMap { region in
            (region.cells + (region.replication.map { [$0] } ?? [])).flatMap { cell in
                cell.endpoints.map { (region.configuration, cell.configuration, $0) }
            }
        }
    }

    public func endpoints(of cell: Configuration.Cell, in region: Configuration.Region) -> [EndpointID] {
        let found = builder.plan.regions.first { $0.configuration.name == region.name }
        return found?.cells.first { $0.configuration.name == cell.name }?.endpoints ?? []
    }

    /// The cells that a drain empties, those that are configured.
    public func cells(of target: DrainTarget) -> [CellID] {
        switch target {
        case .region(let id): builder.plan.regions.first { $0.id == id }?.cells.map(\.id) ?? []
        case .cell(let id): builder.plan.regions.flatMap(\.cells).contains { $0.id == id } ? [id] : []
        }
    }

    /// The word on an endpoint with its source.
    public func word(on endpoint: EndpointID, now: LoopTime) -> HealthWord {
        if let override = overrides[endpoint.index] {
            return HealthWord("\(override)", cause: "the configuration says so")
        }
        let state = probed[endpoint.index]
        guard state == .up, let ejection = outliers.ejection(of: endpoint) else { return HealthWord("\(state)") }
        return HealthWord(
            "ejected", cause: ejection.cause, leftMilliseconds: ejection.until.milliseconds(since: now))
    }

    /// Nanoseconds, smoothed; nil: never measured.
    public func distance(of region: RegionID) -> UInt64? { distances.distance(of: region) }

    /// Nanoseconds, smoothed; 0: never measured.
    public func distance(of endpoint: EndpointID) -> UInt64 { distances.distance(of: endpoint) }

    /// Hands the plan's endpoints to the detectors.
    mutating func watchPlan(now: LoopTime) {
        let cells = builder.plan.cells
        monitor.watch(
            cells.flatMap { cell in
                zip(cell.endpoints, cell.targets).map {
                    Watch(endpoint: $0, target: $1, health: cell.configuration.health)
                }
            }, now: now)
        outliers.watch(cells.map(\.endpoints))
        rates.grow(to: registry.cellCount)
        distances.grow(regions: registry.regionCount, endpoints: registry.endpointCount)
        overrides = Array(repeating: nil, count: registry.endpointCount)
        isReplication = Array(repeating: false, count: registry.endpointCount)
        probed = Array(repeating: .unknown, count: registry.endpointCount)
        for region in builder.plan.regions {
            for cell in region.cells { watch(cell) }
            guard let cell = region.replication else { continue }
            watch(cell)
            for endpoint in cell.endpoints { isReplication[endpoint.index] = true }
        }
        let before = health
        health = probed.indices.map { index in
            let isOut = outliers.isEjected(EndpointID(rawValue: UInt32(index))) && overrides[index] == nil
            return probed[index] == .up && isOut ? .down : probed[index]
        }
        for index in before.indices where health[index] != .up { warmth.stop(EndpointID(rawValue: UInt32(index))) }
        advanceIntent(now: now)
    }

    private mutating func watch(_ cell: RoutingPlan.Cell) {
        let override: HealthState? =
            switch cell.configuration.health.override {
            case nil: nil
            case .up: .up
            case .down: .down
            }
        for endpoint in cell.endpoints {
            overrides[endpoint.index] = override
            probed[endpoint.index] = override ?? monitor.state(of: endpoint)
        }
    }
}

public import Model

/// Makes snapshots of one configuration: what the operator wrote, under the registry's ids, with the conditions of now.
///
/// All that only a reload changes is laid out once, as a template; a snapshot fills in health, shares and distances.
public struct SnapshotBuilder: Sendable {
    /// Who the snapshot's regions, cells and endpoints are.
    let plan: RoutingPlan
    private var template: SnapshotParts
    /// Tenants that the file pins, and those that operators do.
    let pinned: PinnedTenants
    private var operatorPinned: PinnedTenants
    private let spill: Configuration.SpillRules

    /// The registry must have admitted the configuration with these addresses.
    /// - Parameters:
    ///   - resolved: addresses of the endpoints that are configured by `Address.name`; one without is not there.
    ///   - hashKey: what keys requests, sessions and tenants.
    ///   - pins: operators', over the file's.
    ///   - reusing: the builder before, whose tables of pins stand on while no pin changes.
    ///   - prepared: a table that may be the right one.
    public init(
        _ configuration: Configuration, _ registry: Registry, resolved: [Address: [Address]] = [:],
        hashKey: SipHash.Key = .zero, pins: [Configuration.Pin] = [], reusing before: SnapshotBuilder? = nil,
        prepared: PinnedTenants? = nil
    ) {
        plan = RoutingPlan(configuration, registry, resolved)
        pinned = PinnedTenants(
            configuration.tenants.pins, homes: plan.homes, jurisdictions: plan.jurisdictions, hashKey,
            reusing: [prepared, before?.pinned].compactMap(\.self))
        operatorPinned = before?.operatorPinned ?? PinnedTenants()
        template = SnapshotParts(configuration, plan)
        (template.pins, template.hashKey) = (pinned.table, hashKey)
        spill = configuration.spill
        pin(pins)
    }

    /// Operators' pins from now on, each tenant once.
    public mutating func pin(_ pins: [Configuration.Pin]) {
        operatorPinned = PinnedTenants(
            pins.map(complete), homes: plan.homes, jurisdictions: plan.jurisdictions, template.hashKey,
            reusing: [operatorPinned])
        (template.operatorPins, template.operatorsSaid) = (operatorPinned.table, pins)
    }

    /// With the jurisdiction of its home where it names none.
    func complete(_ pin: Configuration.Pin) -> Configuration.Pin {
        guard pin.residency.isEmpty else { return pin }
        let home = plan.regions.first { $0.configuration.name == pin.home }
        return Configuration.Pin(
            tenant: pin.tenant, home: pin.home, residency: home.map { [$0.configuration.jurisdiction] } ?? [])
    }

    /// - Parameter generation: one more than the last snapshot's; not 0.
    public func snapshot(_ conditions: Conditions = Conditions(), generation: UInt64) -> Snapshot {
        precondition(generation > 0, "generation 0 is never used")
        var parts = template
        for share in conditions.shares { fill(share, &parts) }
        if !conditions.buckets.isEmpty { parts.buckets = conditions.buckets }
        for region in plan.regions {
            for cell in region.cells { fill(cell, conditions, &parts) }
            if let cell = region.replication { fill(cell, conditions, &parts) }
            fill(region, conditions, &parts)
        }
        if let latency = conditions.latency { parts.order = latency.order }
        for (dataset, owner) in conditions.owners {
            (parts.datasets[dataset].owner, parts.datasets[dataset].epoch) = (owner.region, owner.epoch)
        }
        return Snapshot(parts, generation: generation)
    }

    private func fill(_ share: CellShare, _ parts: inout SnapshotParts) {
        parts.cells[share.cell.index].weightPercent = UInt8(clamping: share.weightPercent)
        parts.cells[share.cell.index].share = share.share
        parts.cells[share.cell.index].leavingSlots = share.leavingSlots
        parts.cells[share.cell.index].resetsStreams = share.resetsStreams
        parts.cells[share.cell.index].setPercent = share.setPercent.map { UInt8(clamping: $0) } ?? .max
        parts.cells[share.cell.index].admissionPercent = UInt8(clamping: share.admissionPercent)
    }

    private func fill(_ cell: RoutingPlan.Cell, _ conditions: Conditions, _ parts: inout SnapshotParts) {
        let first = parts.endpointLists.count
        for endpoint in cell.endpoints {
            let health = conditions.health(of: endpoint)
            parts.endpoints[endpoint.index].health = health
            parts.endpoints[endpoint.index].warmthPercent = conditions.warmth[endpoint] ?? 100
            if health == .up { parts.endpointLists.append(endpoint) }
        }
        let count = parts.endpointLists.count - first
        parts.cells[cell.id.index].available = TableRange(start: first, count: count)
        parts.cells[cell.id.index].isFit = count > 0
    }

    /// Fit: active, and a cell that no drain has emptied has an endpoint known to be up. Open: its dial is not 0, and
    /// one such cell takes new work.
    private func fill(_ region: RoutingPlan.Region, _ conditions: Conditions, _ parts: inout SnapshotParts) {
        var entry = parts.regions[region.id.index]
        let dial = min(10_000, conditions.kept[region.id] ?? 10_000)
        entry.takesNewWork = region.isActive && dial > 0
        entry.dialPercent = conditions.dials[region.id] ?? 100
        var spilling = Spill()
        for cell in region.cells {
            let state = parts.cells[cell.id.index]
            let isFit = region.isActive && state.isFit && state.leavingSlots < 10_000
            entry.isFit = entry.isFit || isFit
            entry.isOpen = entry.isOpen || (isFit && state.share > 0)
            spilling.add(share: state.share, HealthTally(cell.endpoints.map(conditions.health(of:))), spill)
        }
        entry.isOpen = entry.isOpen && dial > 0
        let kept = spilling.keptShare(spill) ?? 10_000
        entry.keptShare = UInt16(UInt32(dial) * UInt32(kept) / 10_000)
        entry.isDialed = dial < kept
        if let latency = conditions.latency { entry.band = latency.band(of: region.id) }
        parts.regions[region.id.index] = entry
    }
}

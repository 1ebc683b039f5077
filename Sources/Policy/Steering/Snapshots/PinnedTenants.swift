import Model

/// A table of pins with all that it was made from, so that snapshots share it while none of that changes.
struct PinnedTenants: Sendable {
    let table: PinTable
    private let pins: [Configuration.Pin]
    private let homes: [String: RegionID]
    private let jurisdictions: [String]
    private let hashKey: SipHash.Key

    /// - Parameter before: its table is kept where it would come out the same.
    init(_ configuration: Configuration, _ plan: RoutingPlan, _ hashKey: SipHash.Key, reusing before: PinnedTenants?) {
        (pins, jurisdictions, self.hashKey) = (configuration.tenants.pins, plan.jurisdictions, hashKey)
        var homes: [String: RegionID] = [:]
        for region in plan.regions { homes[region.configuration.name] = region.id }
        self.homes = homes
        if let before, before.hashKey == hashKey, before.homes == homes, before.jurisdictions == jurisdictions,
            before.pins == pins
        {
            table = before.table
            return
        }
        var bits: [String: UInt64] = [:]
        for (index, name) in jurisdictions.enumerated() { bits[name] = 1 << UInt64(index) }
        // A home or a jurisdiction that no region has stands for nothing: the fence leaves what is left.
        let entries = pins.map { pin in
            let allowed = pin.residency.reduce(UInt64(0)) { $0 | (bits[$1] ?? 0) }
            return (name: pin.tenant, pin: TenantPin(home: homes[pin.home] ?? .none, jurisdictions: allowed))
        }
        table = entries.isEmpty ? .empty : PinTable(entries, key: hashKey)
    }
}

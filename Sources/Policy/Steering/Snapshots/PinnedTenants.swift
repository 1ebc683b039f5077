import Model

/// A table of pins with all that it was made from, so that snapshots share it while none of that changes.
public struct PinnedTenants: Sendable {
    let table: PinTable
    private let pins: [Configuration.Pin]
    private let homes: [String: RegionID]
    private let jurisdictions: [String]
    private let hashKey: SipHash.Key

    /// Of nobody.
    init() { (table, pins, homes, jurisdictions, hashKey) = (.empty, [], [:], [], .zero) }

    /// - Parameter before: its table is kept where it would come out the same.
    init(
        _ pins: [Configuration.Pin], homes: [String: RegionID], jurisdictions: [String], _ hashKey: SipHash.Key,
        reusing before: [PinnedTenants]
    ) {
        (self.pins, self.homes, self.jurisdictions, self.hashKey) = (pins, homes, jurisdictions, hashKey)
        let same = before.first {
            $0.hashKey == hashKey && $0.homes == homes && $0.jurisdictions == jurisdictions && $0.pins == pins
        }
        if let same {
            table = same.table
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

    /// The configuration's own. The registry must know its regions.
    init(
        _ configuration: Configuration, _ registry: Registry, _ hashKey: SipHash.Key, reusing before: PinnedTenants
    ) {
        var homes: [String: RegionID] = [:]
        for region in configuration.regions { homes[region.name] = registry.region(region.name) }
        self.init(
            configuration.tenants.pins, homes: homes, jurisdictions: RoutingPlan.jurisdictions(of: configuration),
            hashKey, reusing: [before])
    }
}

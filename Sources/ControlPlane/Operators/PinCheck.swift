import Model

/// What a tenant's pin must agree with: the same as in the file.
enum PinCheck {
    /// In words with what would be right; nil: nothing is wrong.
    static func problem(with pin: Configuration.Pin, _ configuration: Configuration) -> String? {
        let isName = pin.tenant.utf8.allSatisfy { (33...126).contains($0) && $0 != 44 }
        guard isName, (1...128).contains(pin.tenant.utf8.count) else {
            return "a tenant's name is 1 to 128 visible ASCII characters without a comma, such as acme"
        }
        guard let home = configuration.regions.first(where: { $0.name == pin.home }) else {
            let names = configuration.regions.map(\.name).joined(separator: ", ")
            return "no region “\(pin.home)” to be the home of \(pin.tenant); there are \(names)"
        }
        let jurisdictions = Set(configuration.regions.map(\.jurisdiction))
        if let unknown = pin.residency.first(where: { !jurisdictions.contains($0) }) {
            let names = jurisdictions.sorted().joined(separator: ", ")
            return "no region lies in the jurisdiction “\(unknown)”; there are \(names)"
        }
        if !pin.residency.isEmpty, !pin.residency.contains(home.jurisdiction) {
            return "the residency keeps \(pin.tenant) out of its home \(home.name), which lies in "
                + "\(home.jurisdiction): give \(home.jurisdiction) among them, or another home"
        }
        return problem(withHome: home, configuration)
    }

    /// It owns the tenant's writes, and receives what came to another region's edge.
    private static func problem(withHome home: Configuration.Region, _ configuration: Configuration) -> String? {
        if home.edge != nil { return nil }
        let owned = Set(configuration.datasets.filter { $0.owner != nil }.map(\.name))
        if home.replicationBackends.isEmpty,
            let route = configuration.routes.first(where: { $0.dataset.map(owned.contains) ?? false })
        {
            return "\(home.name) has nothing to take the writes of route \(route.name): configure "
                + "regions.\(home.name).replication, or choose another home"
        }
        if configuration.tenants.misroute == .redirect, home.name != configuration.edge.region {
            return "misroute is redirect, but \(home.name) has no edge to redirect to: configure "
                + "regions.\(home.name).edge, or choose another home"
        }
        return nil
    }
}

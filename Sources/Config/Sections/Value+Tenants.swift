import Model

extension Value {
    /// `tenants:` — whose data must stay where.
    func tenants(_ configuration: Configuration) -> Configuration.Tenants {
        var tenants = Configuration.Tenants()
        let rules = PinRules(configuration.regions)
        section { section in
            section.read("header", .keyHeader, into: &tenants.header)
            section.read("host", .tenantHost, into: &tenants.host)
            section.readCertificate(configuration.listeners, into: &tenants)
            section.read("misroute", .choice, into: &tenants.misroute)
            defer { section.checkHomes(of: tenants, configuration) }
            if let pins = section["pins"] { tenants.pins = pins.pins(rules) }
            guard let file = section["pins_file"], let path = file.read(.path(reading)) else { return }
            if section.has("pins") {
                file.report("is there beside pins", right: "pins: or pins_file:")
            } else {
                tenants.pins = PinsFile.read(path, named: file, rules)
            }
        }
        return tenants
    }

    private func pins(_ rules: PinRules) -> [Configuration.Pin] {
        (entries(right: "a mapping of tenants to {home: REGION, residency: [JURISDICTION]}") ?? []).map { entry in
            entry.checkName(.tenant)
            var pin = Configuration.Pin(tenant: entry.name, home: "", residency: [])
            entry.value.section { section in
                section.require("home", .known(rules.regions), into: &pin.home)
                section.readList("residency", .known(rules.jurisdictions), into: &pin.residency)
                if !section.has("residency") { pin.residency = [rules.jurisdiction(of: pin.home)].compactMap { $0 } }
                if let problem = rules.problem(with: pin) {
                    section["residency"]?.report(problem.what, right: problem.right)
                }
            }
            return pin
        }
    }
}

extension Section {
    /// A tenant known by a certificate takes a listener that asks for one.
    fileprivate func readCertificate(
        _ listeners: [Configuration.Listener], into tenants: inout Configuration.Tenants
    ) {
        let names = Kind("common_name", orNil: { $0 == "common_name" ? true : nil })
        read("certificate", names, into: &tenants.fromCertificate)
        guard tenants.fromCertificate, !listeners.isEmpty else { return }
        if listeners.contains(where: { $0.clientAuthoritiesPath != nil }) { return }
        self["certificate"]?.report(
            "is there, but no listener asks clients for one", right: "listeners[].tls.clients: {authorities: PATH}")
    }

    /// A pinned tenant's home owns its writes and receives what came to another region's edge. Said once a region:
    /// a file of pins may name it a million times.
    fileprivate func checkHomes(of tenants: Configuration.Tenants, _ configuration: Configuration) {
        let owned = Set(configuration.datasets.filter { $0.owner != nil }.map(\.name))
        let route = configuration.routes.first { $0.dataset.map(owned.contains) ?? false }
        for region in configuration.regions where region.edge == nil {
            let isElsewhere = region.name != configuration.edge.region && tenants.misroute == .redirect
            let lacksBackend = route != nil && region.replicationBackends.isEmpty
            guard isElsewhere || lacksBackend, let pin = tenants.pins.first(where: { $0.home == region.name }) else {
                continue
            }
            if lacksBackend, let route {
                value.report(
                    "make \(region.name) the home of \(pin.tenant), which has nothing to take the writes of route "
                        + route.name,
                    right: "regions.\(region.name).replication: {backend: [ADDRESS]}")
            }
            if isElsewhere {
                self["misroute"]?.report(
                    "is redirect, but \(region.name), the home of \(pin.tenant), has no edge",
                    right: "regions.\(region.name).edge: HOST:PORT, or forward")
            }
        }
    }
}

extension Kind where T == String {
    /// A host whose first label is the tenant's name.
    fileprivate static var tenantHost: Kind {
        Kind("*. and a host without a port, such as *.example.com") { text in
            guard text.hasPrefix("*."), case .value(let host) = matchHost.parse(text) else { return .wrong() }
            return .value(host)
        }
    }
}

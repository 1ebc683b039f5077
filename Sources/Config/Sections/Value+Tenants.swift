import Model

extension Value {
    /// `tenants:` — whose data must stay where.
    func tenants(_ regions: [Configuration.Region]) -> Configuration.Tenants {
        var tenants = Configuration.Tenants()
        let rules = PinRules(regions)
        section { section in
            section.read("header", .keyHeader, into: &tenants.header)
            section.read("misroute", .choice, into: &tenants.misroute)
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

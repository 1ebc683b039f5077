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
            if let value = section["pins_file"], let path = value.read(.path(reading)) {
                tenants.pins = PinsFile.read(path, named: value, rules)
            }
            if section.has("pins"), section.has("pins_file") {
                reading.report(
                    "\(value(of: section)) and \(section.value.path).pins exclude each other", right: "one of them",
                    at: section.place(of: "pins_file"))
            }
        }
        return tenants
    }

    private func value(of section: Section) -> String { "\(section.value.path).pins_file" }

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

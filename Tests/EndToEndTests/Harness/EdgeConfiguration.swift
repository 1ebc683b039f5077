/// The configuration of an edge under test, as its YAML is written. Ports are the kernel's choice.
struct EdgeConfiguration {
    struct Cell {
        var name: String
        var endpoints: [String]
        /// Further keys of the cell, each `key: value`.
        var settings: [String] = []
    }

    struct Region {
        var name: String
        var cells: [Cell]
    }

    var regions: [Region] = []
    /// Each `key: value` of its section.
    var upstream: [String] = []
    var health: [String] = []
    var limits: [String] = []
    /// Further sections, a line each.
    var sections: [String] = []
    var drains: [String] = []
    /// Each a route in flow style; the default route follows.
    var routes: [String] = []
    var defaultRoute = "{name: default, match: {}}"
    var grace = "5s"
    var exposesDecision = true
    /// PEM files of the TLS listener; the first is the default.
    var certificates: [TestCertificates.Pair] = []

    /// One region with one cell.
    func with(endpoints: [String]) -> EdgeConfiguration {
        var copy = self
        copy.regions = [Region(name: "us-east", cells: [Cell(name: "use-a", endpoints: endpoints)])]
        return copy
    }

    func with(regions: [Region]) -> EdgeConfiguration {
        var copy = self
        copy.regions = regions
        return copy
    }

    var yaml: String {
        var lines = [
            "version: 1",
            "edge: {name: edge-1, region: \(regions[0].name), expose_decision: \(exposesDecision), grace: \(grace)}",
            "listeners:",
        ]
        let pairs = certificates.map { "{certificate: \($0.certificate), key: \($0.key)}" }
        let trust = "    trust: {x_region: true, tenant: true, from: [\"127.0.0.0/8\"]}"
        lines += ["  - name: secure", "    address: \"127.0.0.1:0\"", trust]
        lines += ["    tls: {certificates: [\(pairs.joined(separator: ", "))]}"]
        lines += ["  - name: plain", "    address: \"127.0.0.1:0\"", trust]
        lines += ["  - name: strangers", "    address: \"127.0.0.1:0\""]
        lines += ["admin: {socket: admin.sock}", "access_log: {path: access.log}", "regions:"]
        for region in regions {
            lines += ["  \(region.name):", "    jurisdiction: us", "    cells:"]
            for cell in region.cells {
                let endpoints = cell.endpoints.map { "\"\($0)\"" }.joined(separator: ", ")
                let settings = ["endpoints: [\(endpoints)]"] + cell.settings
                lines.append("      \(cell.name): {\(settings.joined(separator: ", "))}")
            }
        }
        for (name, settings) in [("upstream", upstream), ("health", health), ("limits", limits), ("drains", drains)]
        where !settings.isEmpty {
            lines.append("\(name): {\(settings.joined(separator: ", "))}")
        }
        lines += sections
        lines.append("routes:")
        lines += (routes + [defaultRoute]).map { "  - \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

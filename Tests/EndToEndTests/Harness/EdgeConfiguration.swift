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
        var jurisdiction = "us"
        /// Further keys of the region, each `key: value`.
        var settings: [String] = []
    }

    var regions: [Region] = []
    /// Each `key: value` of its section.
    var upstream: [String] = []
    var health: [String] = []
    var limits: [String] = []
    /// Further sections, a line each.
    var sections: [String] = []
    var drains: [String] = []
    var tenants: [String] = []
    var datasets: [String] = []
    /// Of the TLS listener: who signs its clients' certificates; nil: none are asked for.
    var clientAuthority: String?
    /// Each a route in flow style; the default route follows.
    var routes: [String] = []
    var defaultRoute = "{name: default, match: {}}"
    var grace = "5s"
    /// Where the admin API listens besides its socket; nil: nowhere.
    var adminAddress: String?
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
        let clients = clientAuthority.map { ", clients: {authorities: \($0), required: false}" } ?? ""
        lines += ["    tls: {certificates: [\(pairs.joined(separator: ", "))]\(clients)}"]
        lines += ["  - name: plain", "    address: \"127.0.0.1:0\"", trust]
        lines += ["  - name: strangers", "    address: \"127.0.0.1:0\""]
        let adminAddress = adminAddress.map { ", address: \"\($0)\"" } ?? ""
        lines += ["admin: {socket: admin.sock\(adminAddress)}", "access_log: {path: access.log}", "regions:"]
        for region in regions {
            lines += ["  \(region.name):", "    jurisdiction: \(region.jurisdiction)"]
            lines += region.settings.map { "    \($0)" } + ["    cells:"]
            for cell in region.cells {
                let endpoints = cell.endpoints.map { "\"\($0)\"" }.joined(separator: ", ")
                let settings = ["endpoints: [\(endpoints)]"] + cell.settings
                lines.append("      \(cell.name): {\(settings.joined(separator: ", "))}")
            }
        }
        let keyed = [
            ("upstream", upstream), ("health", health), ("limits", limits), ("tenants", tenants),
            ("datasets", datasets), ("drains", drains),
        ]
        for (name, settings) in keyed where !settings.isEmpty {
            lines.append("\(name): {\(settings.joined(separator: ", "))}")
        }
        lines += sections
        lines.append("routes:")
        lines += (routes + [defaultRoute]).map { "  - \($0)" }
        return lines.joined(separator: "\n") + "\n"
    }
}

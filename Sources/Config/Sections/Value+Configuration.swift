import Model

/// The kinds of time a configuration speaks of.
let second: UInt64 = 1_000
let minute = 60 * second
let hour = 60 * minute
let day = 24 * hour

extension Value {
    private static let sections = [
        "version", "edge", "listeners", "admin", "state", "regions", "upstream", "health", "sessions", "routes",
        "access_log", "events", "tenants", "datasets", "limits", "outliers", "latency", "spill", "drains", "retries",
    ]

    /// The whole file. Sections come in the order in which they refer to each other, not in the file's.
    func configuration() -> Configuration {
        var configuration = Configuration()
        section { root in
            root.expect(Value.sections)
            var version = "1"
            root.require(
                "version", Kind("1, the only version there is") { $0 == "1" ? .value($0) : .wrong() }, into: &version)
            let upstream = root["upstream"]?.upstream(Configuration.Upstream()) ?? Configuration.Upstream()
            let health = root["health"]?.health(Configuration.Health()) ?? Configuration.Health()
            let expected = "regions by name, each with cells or an edge"
            configuration.regions = root.required("regions", right: expected)?.regions(upstream, health) ?? []
            let regions = KnownNames.regions(configuration.regions.map(\.name))
            if let edge = root.required("edge", right: "a mapping with name and region") {
                configuration.edge = edge.edge(regions)
            }
            var addresses = BoundAddresses()
            if let listeners = root.required("listeners", right: "a list of at least one listener") {
                configuration.listeners = listeners.listeners(&addresses)
            }
            if let admin = root["admin"] { configuration.admin = admin.admin(&addresses) }
            configuration.statePath = root["state"]?.statePath()
            if let sessions = root["sessions"] { configuration.sessions = sessions.sessions() }
            configuration.datasets = root["datasets"]?.datasets(configuration.regions) ?? []
            configuration.routes = root["routes"]?.routes(datasets(configuration, root)) ?? [.catchAll]
            configuration.accessLog = root["access_log"]?.accessLog()
            if let events = root["events"] { configuration.events = events.events() }
            if let tenants = root["tenants"] { configuration.tenants = tenants.tenants(configuration) }
            if let limits = root["limits"] { configuration.limits = limits.limits() }
            root.readRules(into: &configuration)
        }
        return configuration
    }

    private func datasets(_ configuration: Configuration, _ root: Section) -> KnownNames {
        let isComplete = !root.has("datasets") || !configuration.datasets.isEmpty
        return KnownNames(what: "dataset", names: configuration.datasets.map(\.name), isComplete: isComplete)
    }
}

extension Configuration.Route {
    /// What serves everything where the file has no `routes`.
    static var catchAll: Configuration.Route {
        var route = Configuration.Route()
        route.name = "default"
        return route
    }
}

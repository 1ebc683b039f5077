public import Model

/// What a reload changes, one line a change, in the file's order: printed and logged when it is applied.
public struct ConfigurationDifference: Equatable, Sendable {
    public private(set) var changes: [String] = []
    /// Changes that a running edge cannot make: with one of them the whole reload is refused.
    public private(set) var restarts: [String] = []

    public init(from old: Configuration, to new: Configuration) {
        compareEdge(old, new)
        compareListeners(old, new)
        for (before, after) in pair(old.regions, new.regions, \.name, "region") { compareRegion(before, after) }
        compareRoutes(old, new)
        compareRest(old, new)
    }

    private mutating func compareEdge(_ old: Configuration, _ new: Configuration) {
        change("edge name", old.edge.name, new.edge.name)
        change("edge region", old.edge.region, new.edge.region)
        change("edge expose_decision", old.edge.exposesDecision, new.edge.exposesDecision)
        change("edge grace", "\(old.edge.graceMilliseconds)ms", "\(new.edge.graceMilliseconds)ms")
        restart("admin address", old.admin.address?.description ?? "none", new.admin.address?.description ?? "none")
        restart("admin socket", old.admin.socketPath ?? "none", new.admin.socketPath ?? "none")
        restart("admin tls", files(old.admin.certificate), files(new.admin.certificate))
        restart("admin metrics", old.admin.opensMetrics ? "open" : "token", new.admin.opensMetrics ? "open" : "token")
        restart("state", old.statePath ?? "none", new.statePath ?? "none")
        restart("access_log path", old.accessLog?.path ?? "none", new.accessLog?.path ?? "none")
        change("access_log sample", old.accessLog?.sample ?? 1, new.accessLog?.sample ?? 1)
    }

    private func files(_ certificate: Configuration.Certificate?) -> String {
        certificate.map { "\($0.certificatePath) with \($0.keyPath)" } ?? "off"
    }

    private mutating func compareListeners(_ old: Configuration, _ new: Configuration) {
        restart("listeners", ConfigurationDifference.names(old.listeners), ConfigurationDifference.names(new.listeners))
        for (before, after) in zip(old.listeners, new.listeners) where before.name == after.name {
            let name = "listener \(after.name)"
            restart("\(name) address", before.address, after.address)
            if before.certificates == nil || after.certificates == nil {
                restart(
                    "\(name) tls", before.certificates == nil ? "off" : "on", after.certificates == nil ? "off" : "on")
            } else if before.certificates != after.certificates {
                changes.append("\(name): certificates")
            }
            change(
                "\(name) client authorities", before.clientAuthoritiesPath ?? "none",
                after.clientAuthoritiesPath ?? "none")
            change(
                "\(name) client certificate required", before.requiresClientCertificate,
                after.requiresClientCertificate)
            if before.trust != after.trust { changes.append("\(name): trust") }
        }
    }

    private static func names(_ listeners: [Configuration.Listener]) -> String {
        listeners.map(\.name).joined(separator: ", ")
    }

    private mutating func compareRegion(_ old: Configuration.Region, _ new: Configuration.Region) {
        let name = "region \(new.name)"
        change("\(name): mode", old.mode.rawValue, new.mode.rawValue)
        change("\(name): jurisdiction", old.jurisdiction, new.jurisdiction)
        change("\(name): edge", old.edge ?? "none", new.edge ?? "none")
        if old.replicationBackends != new.replicationBackends { changes.append("\(name): replication") }
        if old.replicationUpstream != new.replicationUpstream {
            changes.append("\(name): replication upstream settings")
        }
        if old.replicationHealth != new.replicationHealth { changes.append("\(name): replication health settings") }
        for (before, after) in pair(old.cells, new.cells, \.name, "cell") { compareCell(before, after) }
    }

    private mutating func compareCell(_ old: Configuration.Cell, _ new: Configuration.Cell) {
        let name = "cell \(new.name)"
        change("\(name): weight", "\(old.weightPercent) %", "\(new.weightPercent) %")
        change("\(name): capacity", old.capacity.map(String.init) ?? "none", new.capacity.map(String.init) ?? "none")
        let (before, after) = (Set(old.endpoints), Set(new.endpoints))
        for address in new.endpoints where !before.contains(address) {
            changes.append("\(name): endpoint \(address) added")
        }
        for address in old.endpoints where !after.contains(address) {
            changes.append("\(name): endpoint \(address) removed")
        }
        change("\(name): endpoints_file", old.endpointsPath ?? "none", new.endpointsPath ?? "none")
        if old.upstream != new.upstream { changes.append("\(name): upstream settings") }
        if old.health != new.health { changes.append("\(name): health settings") }
    }

    private mutating func compareRoutes(_ old: Configuration, _ new: Configuration) {
        for (before, after) in pair(old.routes, new.routes, \.name, "route") where before != after {
            changes.append("route \(after.name): changed")
        }
        let (before, after) = (old.routes.map(\.name), new.routes.map(\.name))
        if before != after, before.sorted() == after.sorted() { changes.append("routes: another order") }
    }

    private mutating func compareRest(_ old: Configuration, _ new: Configuration) {
        if old.sessions != new.sessions { changes.append("sessions: changed") }
        if old.events != new.events { changes.append("events: changed") }
        if old.tenants != new.tenants { changes.append("tenants: changed") }
        if old.datasets != new.datasets { changes.append("datasets: changed") }
        if old.limits != new.limits { changes.append("limits: changed") }
        if old.outliers != new.outliers { changes.append("outliers: changed") }
        if old.latency != new.latency { changes.append("latency: changed") }
        if old.spill != new.spill { changes.append("spill: changed") }
        if old.drains != new.drains { changes.append("drains: changed") }
        if old.retries != new.retries { changes.append("retries: changed") }
    }

    /// Those of the same name in both, in the new one's order; tells which came and went.
    private mutating func pair<Item>(
        _ old: [Item], _ new: [Item], _ name: KeyPath<Item, String>, _ word: String
    ) -> [(Item, Item)] {
        var pairs: [(Item, Item)] = []
        let before = Dictionary(old.map { ($0[keyPath: name], $0) }) { first, _ in first }
        let names = Set(new.map { $0[keyPath: name] })
        for item in new {
            if let old = before[item[keyPath: name]] {
                pairs.append((old, item))
            } else {
                changes.append("\(word) \(item[keyPath: name]) added")
            }
        }
        for item in old where !names.contains(item[keyPath: name]) {
            changes.append("\(word) \(item[keyPath: name]) removed")
        }
        return pairs
    }

    private mutating func change(_ what: String, _ old: some Equatable, _ new: some Equatable) {
        let (before, after) = ("\(old)", "\(new)")
        if before != after { changes.append("\(what): \(before) → \(after)") }
    }

    private mutating func restart(_ what: String, _ old: some Equatable, _ new: some Equatable) {
        let (before, after) = ("\(old)", "\(new)")
        if before != after { restarts.append("\(what): \(before) → \(after)") }
    }
}

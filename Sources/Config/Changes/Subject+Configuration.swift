import Model

extension Subject {
    /// Every part of a configuration, in the order of the file's sections.
    static func all(of configuration: Configuration) -> [Subject] {
        var subjects = [edge(configuration.edge)]
        subjects += configuration.listeners.map(listener)
        subjects += admin(configuration.admin) + [state(configuration.statePath)]
        for region in configuration.regions {
            subjects.append(Subject.region(region))
            subjects += region.cells.map { cell($0, of: region) }
        }
        subjects += [sessions(configuration.sessions), order(of: configuration.routes)]
        subjects += configuration.routes.map(route)
        subjects += [
            accessLog(configuration.accessLog), events(configuration.events), tenants(configuration.tenants),
        ]
        subjects += configuration.datasets.map(dataset)
        return subjects + [limits(configuration.limits)] + rules(configuration)
    }

    private static func edge(_ edge: Configuration.Edge) -> Subject {
        var subject = Subject("edge")
        subject.state("name", edge.name)
        subject.state("region", edge.region)
        subject.state("expose_decision", edge.exposesDecision)
        subject.state("grace", milliseconds: edge.graceMilliseconds)
        subject.state("workers", edge.workers.map(String.init))
        return subject
    }

    private static func listener(_ listener: Configuration.Listener) -> Subject {
        var subject = Subject("listener \(listener.name)")
        subject.state("address", listener.address.description)
        subject.state("TLS", listener.certificates != nil)
        let certificates = (listener.certificates ?? []).map { "\($0.certificatePath) with \($0.keyPath)" }
        if listener.certificates != nil { subject.state("certificates", list: certificates) }
        subject.state("client authorities", listener.clientAuthoritiesPath)
        subject.state("client certificate required", listener.requiresClientCertificate)
        subject.state("trust of x-region", listener.trust.xRegion)
        subject.state("trust of the tenant", listener.trust.tenant)
        subject.state("trusted ranges", list: listener.trust.from)
        return subject
    }

    /// Its sockets stay as they are; who may come in, and what the server shows of itself, is a reload's to change.
    private static func admin(_ admin: Configuration.Admin) -> [Subject] {
        var subject = Subject("admin", needsRestart: true)
        subject.state("address", admin.address?.description)
        subject.state("socket", admin.socketPath)
        subject.state("TLS", admin.certificate != nil)
        var access = Subject("admin access")
        access.state("certificate", admin.certificate.map { "\($0.certificatePath) with \($0.keyPath)" })
        access.state("client authorities", admin.clientAuthoritiesPath)
        access.state("clients", list: admin.clients.map { "\($0.name) as \($0.role.rawValue)" })
        access.state("metrics without a token", admin.opensMetrics)
        return [subject, access]
    }

    /// Opened when the process starts: what is held of it in memory is what stands there.
    private static func state(_ path: String?) -> Subject {
        var subject = Subject("state", needsRestart: true)
        subject.state("sqlite", path)
        return subject
    }

    private static func region(_ region: Configuration.Region) -> Subject {
        var subject = Subject("region \(region.name)")
        subject.state("jurisdiction", region.jurisdiction)
        subject.state("mode", region.mode.rawValue)
        subject.state("edge", region.edge)
        subject.state("replication backends", list: region.replicationBackends)
        if !region.replicationBackends.isEmpty {
            subject.add(region.replicationUpstream, of: "replication ")
            subject.add(region.replicationHealth, of: "replication ")
        }
        return subject
    }

    private static func cell(_ cell: Configuration.Cell, of region: Configuration.Region) -> Subject {
        var subject = Subject("cell \(cell.name)", in: "region \(region.name)")
        subject.state("region", region.name)
        subject.state("weight", cell.weightPercent)
        subject.state("capacity", cell.capacity.map(String.init))
        subject.state("endpoints", list: cell.endpoints)
        subject.state("endpoints_file", cell.endpointsPath)
        subject.add(cell.upstream)
        subject.add(cell.health)
        return subject
    }

    /// - Parameter owner: stands before each name: nothing, or `replication `.
    private mutating func add(_ upstream: Configuration.Upstream, of owner: String = "") {
        state("\(owner)protocol", upstream.protocol.rawValue)
        state("\(owner)connect_timeout", milliseconds: upstream.connectTimeoutMilliseconds)
        state("\(owner)response_timeout", milliseconds: upstream.responseTimeoutMilliseconds)
        state("\(owner)idle_timeout", milliseconds: upstream.idleTimeoutMilliseconds)
        state("\(owner)pending_timeout", milliseconds: upstream.pendingTimeoutMilliseconds)
        state("\(owner)max_connections", upstream.maxConnections)
        state("\(owner)max_pending", upstream.maxPending)
        state("\(owner)max_requests", upstream.maxRequests)
        state("\(owner)adaptive_concurrency", upstream.adaptsConcurrency)
        state("\(owner)server_name", upstream.serverName)
        state("\(owner)authorities", upstream.authoritiesPath)
    }

    private mutating func add(_ health: Configuration.Health, of owner: String = "") {
        state("\(owner)health kind", health.kind.rawValue)
        state("\(owner)health service", health.grpcService.isEmpty ? nil : health.grpcService)
        state("\(owner)health override", health.override?.rawValue)
        state("\(owner)health path", health.path)
        state("\(owner)health authority", health.authority)
        state("\(owner)health interval", milliseconds: health.intervalMilliseconds)
        state("\(owner)health timeout", milliseconds: health.timeoutMilliseconds)
        state("\(owner)fall", health.fall)
        state("\(owner)rise", health.rise)
        let statuses = health.expectedStatuses.map {
            $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)"
        }
        state("\(owner)expected statuses", list: statuses)
        state("\(owner)expected body", health.bodyContains)
    }
}

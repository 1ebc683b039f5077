import Model

extension Subject {
    static func sessions(_ sessions: Configuration.Sessions) -> Subject {
        var subject = Subject("sessions")
        subject.state("idle", milliseconds: sessions.idleMilliseconds)
        subject.state("life", milliseconds: sessions.lifeMilliseconds)
        subject.state("key_rotation", milliseconds: sessions.keyRotationMilliseconds)
        subject.state("producer_header", sessions.producerHeader)
        return subject
    }

    static func order(of routes: [Configuration.Route]) -> Subject {
        var subject = Subject("routes")
        subject.state("order", list: routes.map(\.name))
        return subject
    }

    static func route(_ route: Configuration.Route) -> Subject {
        var subject = Subject("route \(route.name)")
        subject.add(route.match)
        subject.state("sticky", route.sticky?.rawValue)
        subject.state("on_x_region", route.onXRegion.rawValue)
        subject.state("class", route.routeClass?.rawValue)
        subject.state("dataset", route.dataset)
        subject.state("max_lag", route.maxLagMilliseconds.map(Units.duration))
        subject.state("strict", route.isStrict)
        subject.state("read_local", route.readsLocal)
        subject.state("idempotent", route.isIdempotent)
        subject.state("streaming", route.isStreaming)
        subject.state("idempotency_key added", route.addsIdempotencyKey)
        subject.state("retries", route.retries)
        subject.state("retry_on", list: route.retryOn.map(\.word))
        subject.state("timeout", milliseconds: route.timeoutMilliseconds)
        subject.state("per_try_timeout", route.perTryTimeoutMilliseconds.map(Units.duration))
        subject.state("hedge_after", route.hedgeAfterMilliseconds.map(Units.duration))
        subject.state("panic", route.panic.rawValue)
        subject.state("hash_by header", route.hashByHeader)
        subject.add(route.requestHeaders, of: "request")
        subject.add(route.responseHeaders, of: "response")
        return subject
    }

    private mutating func add(_ match: Configuration.Match) {
        state("host", match.host)
        state("path_prefix", match.pathPrefix)
        state("methods", list: match.methods)
        state("matched headers", list: match.headers.map { $0.value.isEmpty ? $0.name : "\($0.name): \($0.value)" })
    }

    /// What is added may be a credential: only its name is printed.
    private mutating func add(_ changes: Configuration.HeaderChanges, of side: String) {
        state("\(side) headers added", list: changes.add.map(\.name))
        state("\(side) headers removed", list: changes.remove)
        state(secret: "values of \(side) headers added", changes.add.map(\.value).joined(separator: "\n"))
    }

    static func accessLog(_ log: Configuration.AccessLog?) -> Subject {
        var subject = Subject("access_log")
        subject.state("path", log?.path)
        subject.state("sample", log.map { "\($0.sample)" })
        return subject
    }

    static func events(_ events: Configuration.Events) -> Subject {
        var subject = Subject("events")
        subject.state("keep", milliseconds: events.keepMilliseconds)
        let words = events.webhooks.map { "\($0.place) of \($0.patterns.joined(separator: " "))" }
        subject.state("webhooks", list: words)
        let hidden = events.webhooks.map { "\($0.url) \($0.secret)" }
        subject.state(secret: "URLs or secrets of webhooks", hidden.joined(separator: "\n"))
        return subject
    }

    static func tenants(_ tenants: Configuration.Tenants) -> Subject {
        var subject = Subject("tenants")
        subject.state("header", tenants.header)
        subject.state("host", tenants.host)
        subject.state("by certificate", tenants.fromCertificate)
        subject.state("misroute", tenants.misroute.rawValue)
        return subject
    }

    static func dataset(_ dataset: Configuration.Dataset) -> Subject {
        var subject = Subject("dataset \(dataset.name)")
        subject.state("owner", dataset.owner ?? "any region")
        subject.state("epoch", "\(dataset.epoch)")
        let positions = dataset.positions.sorted { $0.key < $1.key }.map { "\($0.key) from \(text($0.value))" }
        subject.state("positions", list: positions)
        subject.state("fresh", milliseconds: dataset.freshMilliseconds)
        subject.state("near", milliseconds: dataset.nearMilliseconds)
        subject.state("stale", milliseconds: dataset.staleMilliseconds)
        return subject
    }

    private static func text(_ source: Configuration.PositionSource) -> String {
        switch source {
        case .prometheus(let url, let metric): "\(metric) at \(url)"
        case .json(let url, let pointer): "\(pointer) at \(url)"
        case .header(let url, let name): "header \(name) at \(url)"
        }
    }

    static func limits(_ limits: Limits) -> Subject {
        var subject = Subject("limits")
        for setting in LimitSetting.all { subject.state(setting.key, setting.text(in: limits)) }
        return subject
    }

    /// The sections of rules, each a subject.
    static func rules(_ configuration: Configuration) -> [Subject] {
        ["outliers", "latency", "spill", "drains", "retries"].map { section in
            var subject = Subject(section)
            for setting in RuleSetting.all where setting.section == section {
                subject.state(setting.key, setting.text(in: configuration))
            }
            return subject
        }
    }
}

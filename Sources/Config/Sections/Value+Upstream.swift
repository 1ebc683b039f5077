import Model

extension Value {
    /// `upstream:` — how endpoints are spoken to; a cell's own starts from the file's.
    func upstream(_ inherited: Configuration.Upstream) -> Configuration.Upstream {
        var upstream = inherited
        section { section in
            section.read("protocol", .upstreamProtocol, into: &upstream.protocol)
            section.read("connect_timeout", .duration(10...minute), into: &upstream.connectTimeoutMilliseconds)
            section.read("response_timeout", .duration(10...hour), into: &upstream.responseTimeoutMilliseconds)
            section.read("idle_timeout", .duration(100...day), into: &upstream.idleTimeoutMilliseconds)
            section.read("pending_timeout", .duration(1...minute), into: &upstream.pendingTimeoutMilliseconds)
            section.read("max_connections", .count(1...10_000), into: &upstream.maxConnections)
            section.read("max_pending", .count(0...1_000_000), into: &upstream.maxPending)
            section.read("max_requests", .count(1...1_000_000), into: &upstream.maxRequests)
            section.read("adaptive_concurrency", .flag, into: &upstream.adaptsConcurrency)
            section.read("server_name", .serverName, into: &upstream.serverName)
            section.readAuthorities(into: &upstream)
            for key in ["server_name", "authorities"] where section.has(key) && upstream.protocol != .h2 {
                section[key]?.report("is there without TLS", right: "protocol: h2, or no \(key)")
            }
        }
        return upstream
    }
}

extension Section {
    fileprivate func readAuthorities(into upstream: inout Configuration.Upstream) {
        guard let value = self["authorities"], let path = value.read(.path(reading)) else { return }
        upstream.authoritiesPath = path
        reading.needFile(path, key: value.path, at: value.place, holdsSecret: false)
    }
}

extension Kind where T == Configuration.UpstreamProtocol {
    fileprivate static var upstreamProtocol: Kind {
        Kind("h2c or h2") { text in
            if text == "http/1.1" { return .wrong(", which is not supported yet") }
            return Configuration.UpstreamProtocol(rawValue: text).map { .value($0) } ?? .wrong()
        }
    }
}

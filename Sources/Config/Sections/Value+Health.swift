import Model

extension Value {
    /// `health:` — how endpoints are probed; a cell's own starts from the file's.
    func health(_ inherited: Configuration.Health) -> Configuration.Health {
        var health = inherited
        section { section in
            section.read("kind", .choice, into: &health.kind)
            section.read("service", .grpcService, into: &health.grpcService)
            section.read("override", .choice, into: &health.override)
            section.read("path", .requestPath("/healthz"), into: &health.path)
            section.read("authority", .authority, into: &health.authority)
            section.read("interval", .duration(100...hour), into: &health.intervalMilliseconds)
            section.read("timeout", .duration(10...hour), into: &health.timeoutMilliseconds)
            section.read("fall", .count(1...10), into: &health.fall)
            section.read("rise", .count(1...10), into: &health.rise)
            section.readList("expect", .statuses, into: &health.expectedStatuses)
            section.read("body_contains", .text(upTo: 1_024), into: &health.bodyContains)
            section.reportForeignKeys(health.kind)
            guard health.timeoutMilliseconds > health.intervalMilliseconds else { return }
            let interval = Units.duration(health.intervalMilliseconds)
            if let timeout = section["timeout"] {
                timeout.report(
                    "is longer than the interval of \(interval)", right: "a timeout of at most \(interval)")
            }
            health.timeoutMilliseconds = health.intervalMilliseconds  // a timeout not written here gives way
        }
        return health
    }
}

extension Section {
    /// What a probe of this kind never looks at. Only what is written here: a cell may inherit it beside another kind.
    fileprivate func reportForeignKeys(_ kind: Configuration.ProbeKind) {
        let foreign: [(key: String, kinds: [Configuration.ProbeKind])] = [
            ("service", [.grpc]), ("path", [.http]), ("authority", [.http, .grpc]), ("expect", [.http]),
            ("body_contains", [.http]),
        ]
        for (key, kinds) in foreign where !kinds.contains(kind) {
            let right = kinds.map { "kind: \($0.rawValue)" }.joined(separator: " or ")
            self[key]?.report("is there with kind: \(kind.rawValue)", right: "\(right), or no \(key)")
        }
    }
}

extension Kind where T == String {
    /// A full name of protobuf, as grpc.health.v1.HealthCheckRequest carries it.
    fileprivate static var grpcService: Kind {
        Kind("a service's full name such as orders.v1.Orders, of at most 256 letters, digits, _ and .") { text in
            let isName = text.utf8.allSatisfy {
                (97...122).contains($0 | 0x20) || (48...57).contains($0) || $0 == 95 || $0 == 46
            }
            return isName && (1...256).contains(text.utf8.count) ? .value(text) : .wrong()
        }
    }
}

import Model

extension Value {
    /// `health:` — how endpoints are probed; a cell's own starts from the file's.
    func health(_ inherited: Configuration.Health) -> Configuration.Health {
        var health = inherited
        section { section in
            section.read("path", .requestPath("/healthz"), into: &health.path)
            section.read("authority", .authority, into: &health.authority)
            section.read("interval", .duration(100...hour), into: &health.intervalMilliseconds)
            section.read("timeout", .duration(10...hour), into: &health.timeoutMilliseconds)
            section.read("fall", .count(1...10), into: &health.fall)
            section.read("rise", .count(1...10), into: &health.rise)
            section.readList("expect", .statuses, into: &health.expectedStatuses)
            section.read("body_contains", .text(upTo: 1_024), into: &health.bodyContains)
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

import Model

/// One key of `limits:`, its range and where it goes. docs/limits.md has a row for each; a test holds them together.
struct LimitSetting: Sendable {
    typealias Path<T> = any WritableKeyPath<Limits, T> & Sendable

    enum Target: Sendable {
        case count(Path<Int>, ClosedRange<Int>)
        case size(Path<Int>, ClosedRange<Int>)
        case duration(Path<UInt64>, ClosedRange<UInt64>)
    }
    let key: String
    let target: Target

    private static func count(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>) -> LimitSetting {
        LimitSetting(key: key, target: .count(path, range))
    }

    private static func size(_ key: String, _ path: Path<Int>, _ range: ClosedRange<Int>) -> LimitSetting {
        LimitSetting(key: key, target: .size(path, range))
    }

    private static func time(_ key: String, _ path: Path<UInt64>, _ range: ClosedRange<UInt64>) -> LimitSetting {
        LimitSetting(key: key, target: .duration(path, range))
    }

    private static let kibi = 1 << 10
    private static let mebi = 1 << 20
    private static let gibi = 1 << 30

    /// In the order of `Model.Limits`.
    static let all: [LimitSetting] = [
        count("max_concurrent_streams", \.maxConcurrentStreams, 1...10_000),
        size("max_header_list", \.maxHeaderListBytes, kibi...mebi),
        count("max_header_fields", \.maxHeaderFields, 10...1_000),
        count("early_reset_burst", \.earlyResetBurst, 1...1_000_000),
        count("early_resets_per_second", \.earlyResetsPerSecond, 1...1_000_000),
        count("glitch_burst", \.glitchBurst, 100...10_000_000),
        count("glitches_per_second", \.glitchesPerSecond, 1...1_000_000),
        size("overhead_allowance", \.overheadAllowanceBytes, 64 * kibi...gibi),
        time("connection_age", \.connectionAgeMilliseconds, second...7 * day),
        size("turn_read", \.turnReadBytes, 16 * kibi...64 * kibi),
        count("turn_frames", \.turnFrames, 1...10_000),
        count("turn_requests", \.turnRequests, 1...10_000),
        size("client_buffer", \.clientBufferBytes, 64 * kibi...gibi),
        size("client_buffer_max", \.clientBufferMaxBytes, 64 * kibi...gibi),
        size("upstream_stream_window", \.upstreamStreamWindowBytes, 16 * kibi...gibi),
        size("upstream_stream_window_max", \.upstreamStreamWindowMaxBytes, 16 * kibi...gibi),
        size("upstream_connection_window", \.upstreamConnectionWindowBytes, 64 * kibi...gibi),
        size("client_backlog", \.clientBacklogBytes, 64 * kibi...128 * kibi),
        time("stream_stall", \.streamStallMilliseconds, 100...hour),
        time("connection_stall", \.connectionStallMilliseconds, 100...hour),
        time("handshake", \.handshakeMilliseconds, 100...5 * minute),
        time("preface", \.prefaceMilliseconds, 100...5 * minute),
        time("header_block", \.headerBlockMilliseconds, 100...5 * minute),
        count("request_body_bytes_per_second", \.requestBodyBytesPerSecond, 0...1_000_000_000),
        time("idle", \.idleMilliseconds, 100...day),
        time("keepalive_interval", \.keepaliveIntervalMilliseconds, second...hour),
        time("keepalive_timeout", \.keepaliveTimeoutMilliseconds, 100...10 * minute),
        count("max_connections", \.maxConnections, 0...10_000_000),
        count("connections_per_address_percent", \.connectionsPerAddressPercent, 1...100),
    ]

    func read(_ section: Section, into limits: inout Limits) {
        switch target {
        case .count(let path, let range): section.read(key, .count(range), into: &limits[keyPath: path])
        case .size(let path, let range): section.read(key, .size(range), into: &limits[keyPath: path])
        case .duration(let path, let range): section.read(key, .duration(range), into: &limits[keyPath: path])
        }
    }

    /// The value in `limits`, as the file would say it.
    func text(in limits: Limits) -> String {
        switch target {
        case .count(let path, _): "\(limits[keyPath: path])"
        case .size(let path, _): Units.size(limits[keyPath: path])
        case .duration(let path, _): Units.duration(limits[keyPath: path])
        }
    }

    /// `1–10000`, `1KiB–1MiB`, `100ms–1h`.
    var range: String {
        switch target {
        case .count(_, let range): "\(range.lowerBound)–\(range.upperBound)"
        case .size(_, let range): "\(Units.size(range.lowerBound))–\(Units.size(range.upperBound))"
        case .duration(_, let range): "\(Units.duration(range.lowerBound))–\(Units.duration(range.upperBound))"
        }
    }

    /// Pairs of which the first must not exceed the second.
    static let ordered = [
        ("client_buffer", "client_buffer_max"), ("upstream_stream_window", "upstream_stream_window_max"),
        ("upstream_stream_window", "client_buffer"), ("upstream_stream_window_max", "upstream_connection_window"),
        ("stream_stall", "connection_stall"),
    ]

    fileprivate func number(in limits: Limits) -> UInt64 {
        switch target {
        case .count(let path, _), .size(let path, _): UInt64(max(0, limits[keyPath: path]))
        case .duration(let path, _): limits[keyPath: path]
        }
    }
}

extension Value {
    /// `limits:` — every key of docs/limits.md.
    func limits() -> Limits {
        var limits = Limits()
        section { section in
            for setting in LimitSetting.all { setting.read(section, into: &limits) }
            for (low, high) in LimitSetting.ordered {
                guard let lower = LimitSetting.all.first(where: { $0.key == low }),
                    let upper = LimitSetting.all.first(where: { $0.key == high }),
                    lower.number(in: limits) > upper.number(in: limits)
                else { continue }
                (section[low] ?? section[high])?.report(
                    "makes \(low) \(lower.text(in: limits)) exceed \(high) \(upper.text(in: limits))",
                    right: "\(low) of at most \(high)")
            }
        }
        return limits
    }
}

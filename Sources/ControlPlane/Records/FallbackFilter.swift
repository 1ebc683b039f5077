import Model

/// Keeps an outage from flooding the log: of the events of one kind, route and wanted region only the first in a
/// second becomes an event; the others are counted and told with the next. Bounded by routes × regions.
struct FallbackFilter: Sendable {
    private struct Key: Hashable {
        let route: RouteID
        let region: RegionID
    }
    private struct Window {
        var second: UInt64
        var suppressed: UInt64
    }
    private var windows: [Key: Window] = [:]
    /// All that did not become events.
    private(set) var suppressed: UInt64 = 0

    /// Nil: count it only. Else: an event, and how many were only counted since the one before.
    mutating func admit(_ record: RequestRecord) -> UInt64? {
        let key = Key(route: record.route, region: record.wantedRegion)
        let second = record.startedAt / 1_000_000_000
        guard let window = windows[key] else {
            windows[key] = Window(second: second, suppressed: 0)
            return 0
        }
        // Workers' rings are read one after another: a record a little older than the last belongs to its second.
        guard second > window.second else {
            windows[key]?.suppressed += 1
            suppressed += 1
            return nil
        }
        windows[key] = Window(second: second, suppressed: 0)
        return window.suppressed
    }
}

public import Model

/// Request durations by route, region and cell, for the metrics page. Series are bounded by what the configuration
/// names, times three; above `maxSeries` new ones fold into one without names.
public struct LatencyHistograms: Sendable {
    /// Upper bounds in microseconds; a last bucket takes the rest.
    public static let bounds: [UInt32] = [
        500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ]
    /// The most series kept.
    public static let maxSeries = 2_000

    /// Which requests a series counts.
    public struct Key: Hashable, Sendable {
        public let route: RouteID
        public let region: RegionID
        public let cell: CellID
        public init(route: RouteID, region: RegionID, cell: CellID) {
            (self.route, self.region, self.cell) = (route, region, cell)
        }
        static let other = Key(route: .none, region: .none, cell: .none)
    }

    /// One series.
    public struct Series: Equatable, Sendable {
        /// Requests by bucket, not cumulated; one more than `bounds`.
        public var buckets = [UInt64](repeating: 0, count: LatencyHistograms.bounds.count + 1)
        public var sumMicroseconds: UInt64 = 0
        public var count: UInt64 { buckets.reduce(0, +) }
    }

    private var indices: [Key: Int] = [:]
    public private(set) var keys: [Key] = []
    public private(set) var series: [Series] = []

    public init() {}

    public mutating func add(_ key: Key, microseconds: UInt32) {
        let index = indices[key] ?? makeSeries(key)
        var bucket = 0
        while bucket < LatencyHistograms.bounds.count, microseconds > LatencyHistograms.bounds[bucket] { bucket += 1 }
        series[index].buckets[bucket] += 1
        series[index].sumMicroseconds += UInt64(microseconds)
    }

    private mutating func makeSeries(_ key: Key) -> Int {
        let kept = series.count < LatencyHistograms.maxSeries ? key : .other
        if let index = indices[kept] { return index }
        indices[kept] = series.count
        keys.append(kept)
        series.append(Series())
        return series.count - 1
    }
}

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

    private static let stride = bounds.count + 1

    private var indices: [Key: Int] = [:]
    public private(set) var keys: [Key] = []
    /// `stride` counts a series, one series after another: one check for uniqueness a request, not two.
    private var counts: [UInt64] = []
    private var sums: [UInt64] = []
    /// A few keys with their indices, where their ids put them: a dictionary's hashing is dearer than all the rest.
    private var found = [(key: Key, index: Int)](repeating: (.other, -1), count: 64)

    public init() {}

    /// In the order of `keys`.
    public var series: [Series] {
        keys.indices.map { index in
            let start = index * LatencyHistograms.stride
            return Series(
                buckets: Array(counts[start..<start + LatencyHistograms.stride]), sumMicroseconds: sums[index])
        }
    }

    public mutating func add(_ key: Key, microseconds: UInt32) {
        let slot = (key.route.index &* 31 &+ key.region.index &* 7 &+ key.cell.index) & 63
        if found[slot].key != key || found[slot].index < 0 {
            found[slot] = (key, indices[key] ?? makeSeries(key))
        }
        let index = found[slot].index
        counts[index * LatencyHistograms.stride + LatencyHistograms.bucket(of: microseconds)] += 1
        sums[index] += UInt64(microseconds)
    }

    private static func bucket(of microseconds: UInt32) -> Int {
        var bucket = 0
        while bucket < bounds.count, microseconds > bounds[bucket] { bucket += 1 }
        return bucket
    }

    private mutating func makeSeries(_ key: Key) -> Int {
        let kept = keys.count < LatencyHistograms.maxSeries ? key : .other
        if let index = indices[kept] { return index }
        indices[kept] = keys.count
        keys.append(kept)
        counts += [UInt64](repeating: 0, count: LatencyHistograms.stride)
        sums.append(0)
        return keys.count - 1
    }
}

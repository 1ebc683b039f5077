/// Latencies in microseconds, each known to within 1/32: 32 steps to every power of two.
public struct LatencyHistogram: Equatable, Sendable {
    private static let stepBits = 5
    private static let steps = 1 << stepBits
    /// Up to 2³⁶ µs, 19 hours.
    private static let bucketCount = (36 - stepBits + 1) * steps

    private var counts = [Int](repeating: 0, count: bucketCount)
    public private(set) var count = 0
    public private(set) var maxMicroseconds: UInt64 = 0

    public init() {}

    public mutating func record(microseconds: UInt64) {
        counts[LatencyHistogram.bucket(of: microseconds)] += 1
        count += 1
        maxMicroseconds = max(maxMicroseconds, microseconds)
    }

    /// The latency that `percent` (0–100) of all stay at or below, rounded up to its step; 0 without any.
    public func percentile(_ percent: Double) -> UInt64 {
        let rank = max(1, Int((Double(count) * percent / 100).rounded(.up)))
        var seen = 0
        for (bucket, number) in counts.enumerated() {
            seen += number
            if number > 0, seen >= rank { return min(LatencyHistogram.upperEnd(of: bucket), maxMicroseconds) }
        }
        return 0
    }

    public mutating func merge(_ other: LatencyHistogram) {
        for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
        count += other.count
        maxMicroseconds = max(maxMicroseconds, other.maxMicroseconds)
    }

    private static func bucket(of value: UInt64) -> Int {
        guard value >= UInt64(steps) else { return Int(value) }
        let shift = 63 - value.leadingZeroBitCount - stepBits
        return min(bucketCount - 1, (shift + 1) * steps + Int(value >> UInt64(shift)) - steps)
    }

    private static func upperEnd(of bucket: Int) -> UInt64 {
        guard bucket >= steps else { return UInt64(bucket) }
        let shift = UInt64(bucket / steps - 1)
        return (UInt64(bucket % steps + steps + 1) << shift) - 1
    }
}

import Model

/// How often each address may call: so many a second, with a burst. Pure: the time is passed in.
struct SourceRates: Equatable, Sendable {
    /// Addresses remembered; beyond them strangers share one bucket.
    static let addresses = 1_024

    private struct Bucket: Equatable, Sendable {
        var left: Double
        var at: LoopTime
    }

    private let perSecond: Double
    private let burst: Double
    private var buckets: [String: Bucket] = [:]

    init(perSecond: Int, burst: Int) { (self.perSecond, self.burst) = (Double(perSecond), Double(burst)) }

    /// Whether a call from there may be worked on.
    mutating func take(from address: String, now: LoopTime) -> Bool {
        let name = hasRoom(for: address, now) ? address : ""
        var bucket = buckets[name] ?? Bucket(left: burst, at: now)
        bucket.left = min(burst, filled(bucket, now))
        bucket.at = now
        defer { buckets[name] = bucket }
        guard bucket.left >= 1 else { return false }
        bucket.left -= 1
        return true
    }

    private func filled(_ bucket: Bucket, _ now: LoopTime) -> Double {
        bucket.left + Double(now.nanoseconds(since: bucket.at)) / 1e9 * perSecond
    }

    /// Full buckets are the same as none.
    private mutating func hasRoom(for address: String, _ now: LoopTime) -> Bool {
        if buckets[address] != nil || buckets.count < SourceRates.addresses { return true }
        buckets = buckets.filter { filled($0.value, now) < burst }
        return buckets.count < SourceRates.addresses
    }
}

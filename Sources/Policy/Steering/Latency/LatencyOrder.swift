public import Model

/// Which regions count as nearest, and which as equally near (routing.md, Latency). Pure: distances come in at the end
/// of each window, the order and the bands that requests see come out.
///
/// Both are slow to change. Two regions change places, and one leaves or enters a band, when the distances have said so
/// at the end of `windows` windows in a row. After such a change everything stays for the dwell, so that near-equals do
/// not flap. A region measured for the first time takes its place at once. Who may serve is no matter here: health
/// takes regions away from request to request.
public struct LatencyOrder: Sendable {
    /// Nearer by less than this part of the distance is as near: what is left of the noise after smoothing.
    static let noticeablePart: UInt64 = 50

    private var rules: Configuration.LatencyRules
    /// Measured ones by distance, then the others as configured.
    public private(set) var order: [RegionID]
    /// By region id: those equally near when that one is the nearest; itself among them.
    private var bands: [RegionSet]
    private var distances: [UInt64?]
    /// Ends of windows in a row at which `later` was nearer than `earlier`; by pair.
    private var turns: [Int]
    /// The same for being out of a band, or for coming into it.
    private var changes: [Int]
    private var lastChange: LoopTime?
    /// When `windowEnded` is to be called next.
    public private(set) var nextWake: LoopTime

    /// - Parameters:
    ///   - configured: all regions in the order they have before they are measured.
    ///   - capacity: of region ids.
    public init(_ rules: Configuration.LatencyRules, configured: [RegionID], capacity: Int, now: LoopTime) {
        (self.rules, order) = (rules, configured)
        self.rules.windows = max(1, rules.windows)
        bands = (0..<capacity).map { RegionSet(bits: 1 << UInt64($0)) }
        distances = Array(repeating: nil, count: capacity)
        turns = Array(repeating: 0, count: capacity * capacity)
        changes = turns
        nextWake = now.advanced(milliseconds: rules.windowMilliseconds)
    }

    /// An order and bands that somebody else found, by region id: for a snapshot, not for measuring on.
    public init(order: [RegionID], bands: [RegionSet]) {
        self.init(Configuration.LatencyRules(), configured: order, capacity: bands.count, now: .zero)
        self.bands = bands
    }

    /// The regions within the band of `region`.
    public func band(of region: RegionID) -> RegionSet { bands[region.index] }

    /// The first word on a region's distance: it takes its place without waiting.
    public mutating func measured(_ region: RegionID, _ distance: UInt64) {
        guard distances[region.index] == nil else { return }
        distances[region.index] = distance
        order.removeAll { $0 == region }
        let place = order.firstIndex { other in distances[other.index].map { $0 > distance } ?? true } ?? order.endIndex
        order.insert(region, at: place)
        for other in order where other != region && distances[other.index] != nil {
            set(other, isInBandOf: region, isWithin(other, region))
            set(region, isInBandOf: other, isWithin(region, other))
        }
    }

    /// A window is over; says whether order or bands have changed. `current` is nil for a region never measured.
    public mutating func windowEnded(now: LoopTime, _ current: (RegionID) -> UInt64?) -> Bool {
        nextWake = now.advanced(milliseconds: rules.windowMilliseconds)
        for region in order { if let distance = current(region) { distances[region.index] = distance } }
        let isDue = count()
        let mayChange = lastChange.map { now.milliseconds(since: $0) >= rules.dwellMilliseconds } ?? true
        guard isDue, mayChange, change() else { return false }
        lastChange = now
        return true
    }

    // MARK: Counting windows

    /// Says whether any pair has been waiting long enough.
    private mutating func count() -> Bool {
        var isDue = false
        for (place, earlier) in order.enumerated() {
            guard let near = distances[earlier.index] else { break }
            for (otherPlace, later) in order.enumerated() where later != earlier {
                guard let far = distances[later.index] else { break }
                let pair = pair(earlier, later)
                turns[pair] = otherPlace > place && isNearer(far, near) ? turns[pair] + 1 : 0
                changes[pair] = isWithin(later, earlier) != bands[earlier.index].contains(later) ? changes[pair] + 1 : 0
                isDue = isDue || turns[pair] >= rules.windows || changes[pair] >= rules.windows
            }
        }
        return isDue
    }

    private mutating func change() -> Bool {
        var hasChanged = false
        for head in order where distances[head.index] != nil {
            for region in order where changes[pair(head, region)] >= rules.windows {
                set(region, isInBandOf: head, isWithin(region, head))
                changes[pair(head, region)] = 0
                hasChanged = true
            }
        }
        // Each exchange brings two nearer to their order, so this ends.
        var place = 1
        while place < order.count {
            let pair = pair(order[place - 1], order[place])
            if turns[pair] >= rules.windows {
                turns[pair] = 0
                order.swapAt(place - 1, place)
                hasChanged = true
                place = max(1, place - 1)
            } else {
                place += 1
            }
        }
        return hasChanged
    }

    private mutating func set(_ region: RegionID, isInBandOf head: RegionID, _ isIn: Bool) {
        if isIn { bands[head.index].insert(region) } else { bands[head.index].remove(region) }
    }

    private func isNearer(_ distance: UInt64, _ other: UInt64) -> Bool {
        distance + other / LatencyOrder.noticeablePart < other
    }

    private func isWithin(_ region: RegionID, _ head: RegionID) -> Bool {
        guard let near = distances[head.index], let far = distances[region.index] else { return region == head }
        let share = near / 100 * UInt64(rules.bandPercent)
        return far <= near + max(rules.bandFloorMilliseconds * 1_000_000, share)
    }

    private func pair(_ one: RegionID, _ other: RegionID) -> Int { one.index * bands.count + other.index }
}

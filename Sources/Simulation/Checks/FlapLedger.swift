import Model

/// When two regions last changed places, and when one last came into or left another's band.
struct FlapLedger {
    struct Flap {
        let one: RegionID
        let other: RegionID
        let nanoseconds: UInt64
    }

    private let count: Int
    private let dwell: UInt64
    private var bands: [RegionSet]
    /// By region id: its place in the order.
    private var places: [Int]
    private var turnedAt: [UInt64]
    private var changedAt: [UInt64]

    init(regions count: Int, dwellNanoseconds: UInt64) {
        (self.count, dwell) = (count, dwellNanoseconds)
        bands = Array(repeating: .empty, count: count)
        places = Array(repeating: -1, count: count)
        turnedAt = Array(repeating: .max, count: count * count)
        changedAt = turnedAt
    }

    /// A pair that changed twice within the dwell. The first word on a region's distance is no change.
    mutating func update(_ snapshot: Snapshot, now: UInt64) -> Flap? {
        if isSame(snapshot) { return nil }
        var flap: Flap?
        let isFirst = places[0] < 0
        let before = places
        for index in snapshot.order.indices { places[snapshot.order[index].index] = index }
        for one in 0..<count {
            let band = snapshot.regions[one].band
            for other in 0..<count where other != one && !isFirst {
                let id = RegionID(rawValue: UInt16(other))
                if band.contains(id) != bands[one].contains(id) {
                    if isFlap(&changedAt[one * count + other], now) { flap = made(one, other, now) }
                }
                if (before[one] < before[other]) != (places[one] < places[other]) {
                    if isFlap(&turnedAt[one * count + other], now) { flap = made(one, other, now) }
                }
            }
            bands[one] = band
        }
        return flap
    }

    private func isSame(_ snapshot: Snapshot) -> Bool {
        for index in 0..<count where snapshot.regions[index].band != bands[index] { return false }
        for index in snapshot.order.indices where places[snapshot.order[index].index] != index { return false }
        return true
    }

    /// `last`: `.max` before the first change of all, which takes a region to where it belongs and does not count.
    private func isFlap(_ last: inout UInt64, _ now: UInt64) -> Bool {
        defer { last = last == .max ? 0 : now }
        return last != .max && last > 0 && now - last < dwell
    }

    private func made(_ one: Int, _ other: Int, _ now: UInt64) -> Flap {
        Flap(one: RegionID(rawValue: UInt16(one)), other: RegionID(rawValue: UInt16(other)), nanoseconds: dwell)
    }
}

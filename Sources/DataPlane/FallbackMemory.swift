import Model

/// Which events of one kind were told in the present second: the first per route and region is one, the others are only
/// counted (routing.md, Events).
struct FallbackMemory {
    private var second: UInt64 = 0
    private var told: [UInt32] = []

    /// True for the first of its route and wanted region in this second.
    mutating func isFirst(_ route: RouteID, _ region: RegionID, now: LoopTime) -> Bool {
        let current = now.nanoseconds / 1_000_000_000
        if current != second {
            second = current
            told.removeAll(keepingCapacity: true)
        }
        let key = UInt32(route.rawValue) << 16 | UInt32(region.rawValue)
        if told.contains(key) { return false }
        told.append(key)
        return true
    }
}

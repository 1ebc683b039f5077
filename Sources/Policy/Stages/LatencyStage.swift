import Model

/// Stage 6: one region of those left.
///
/// A pinned tenant goes home, unless the route lets it read elsewhere. Others go to the band of near equals around the
/// nearest region: there the local one, else the tenant's home, else by capacity. A region that a dial or a spill holds
/// back lets its part go to the next in the order; where nobody takes it, the first one keeps it.
enum LatencyStage {
    static func choose(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> RegionID {
        let only = candidates.regions.only
        if only != .none { return only }
        let first = nearest(candidates, facts, route, snapshot, &state)
        if keeps(first.region, facts, snapshot, &state) {
            candidates.keep(only: first.region, first.code)
            return first.region
        }
        candidates.markLetGo(first.region)
        let next = next(after: first.region, &candidates, facts, snapshot, &state)
        let isDialed = snapshot.regions[first.region.index].isDialed
        let region = next == .none ? first.region : next
        candidates.keep(only: region, next == .none ? first.code : isDialed ? .dial : .spill)
        return region
    }

    private static func nearest(
        _ candidates: Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> (region: RegionID, code: Reason) {
        let (left, home) = (candidates.regions, candidates.home)
        let readsAnywhere = route.readsLocal && facts.method.isSafe
        if !readsAnywhere, left.contains(home) { return (home, .homeRegion) }
        let head = head(of: left, snapshot)
        let band = band(around: head, in: left, snapshot)
        if band.contains(snapshot.localRegion) { return (snapshot.localRegion, .localRegion) }
        if band.contains(home) { return (home, .homeRegion) }
        if band.only != .none { return (band.only, .latency) }
        if facts.isKeyed { return (keyed(in: band, around: head, facts.key, snapshot), .latency) }
        return (state.takeTurn(of: band, snapshot), .latency)
    }

    /// The first of the order, else one whose distance nobody knows yet.
    private static func head(of regions: RegionSet, _ snapshot: Snapshot) -> RegionID {
        for index in snapshot.order.indices where regions.contains(snapshot.order[index]) {
            return snapshot.order[index]
        }
        return RegionID(rawValue: UInt16(truncatingIfNeeded: regions.bits.trailingZeroBitCount))
    }

    private static func band(around head: RegionID, in left: RegionSet, _ snapshot: Snapshot) -> RegionSet {
        var band = snapshot.regions[head.index].band.intersection(left)
        band.insert(head)
        return band
    }

    /// By capacity, the same one for the same key. Drawn from the whole band, again where the one drawn is not left: a
    /// region that goes takes no keys of the others with it.
    private static func keyed(
        in band: RegionSet, around head: RegionID, _ key: KeyHash, _ snapshot: Snapshot
    ) -> RegionID {
        var whole = snapshot.regions[head.index].band.intersection(snapshot.present)
        whole.insert(head)
        for attempt in 0..<8 as Range<UInt64> {
            let region = draw(from: whole, key, attempt, snapshot)
            if band.contains(region) { return region }
        }
        return draw(from: band, key, 8, snapshot)
    }

    private static func draw(
        from regions: RegionSet, _ key: KeyHash, _ number: UInt64, _ snapshot: Snapshot
    ) -> RegionID {
        var (left, sum): (UInt64, UInt64) = (regions.bits, 0)
        while left != 0 {
            sum += UInt64(snapshot.regions[left.trailingZeroBitCount].capacity)
            left &= left - 1
        }
        var draw = key.draw(.band, number: number, below: sum)
        left = regions.bits
        while left & (left - 1) != 0 {
            let capacity = UInt64(snapshot.regions[left.trailingZeroBitCount].capacity)
            if draw < capacity { break }
            draw -= capacity
            left &= left - 1
        }
        return RegionID(rawValue: UInt16(truncatingIfNeeded: left.trailingZeroBitCount))
    }

    /// Exact over unkeyed requests; of keys the same ones at each time.
    private static func keeps(
        _ region: RegionID, _ facts: RequestFacts, _ snapshot: Snapshot, _ state: inout DecisionState
    ) -> Bool {
        let share = snapshot.regions[region.index].keptShare
        if share >= 10_000 { return true }
        if facts.isKeyed {
            return facts.key.draw(.dial, number: UInt64(region.rawValue), below: 10_000) < UInt64(share)
        }
        return state.keeps(region, share: share)
    }

    /// The next region of the order that takes what `first` let go; `.none`: nobody does.
    private static func next(
        after first: RegionID, _ candidates: inout Candidates, _ facts: RequestFacts, _ snapshot: Snapshot,
        _ state: inout DecisionState
    ) -> RegionID {
        for index in snapshot.order.indices {
            let region = snapshot.order[index]
            if region == first || !candidates.regions.contains(region) { continue }
            if keeps(region, facts, snapshot, &state) { return region }
            candidates.markLetGo(region)
        }
        return .none
    }
}

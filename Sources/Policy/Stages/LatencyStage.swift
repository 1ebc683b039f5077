import Model

/// Stage 6: one region of those left. First cut: the local one, else the first in the snapshot's order.
///
/// Smoothed round-trip times make that order, and the tenant's home, dials and spill decide here, with later issues.
enum LatencyStage {
    static func choose(_ candidates: inout Candidates, _ snapshot: Snapshot) -> RegionID {
        let only = candidates.regions.only
        if only != .none { return only }
        if candidates.regions.contains(snapshot.localRegion) {
            candidates.keep(only: snapshot.localRegion, .localRegion)
            return snapshot.localRegion
        }
        let region = first(of: candidates.regions, snapshot)
        candidates.keep(only: region, .latency)
        return region
    }

    private static func first(of regions: RegionSet, _ snapshot: Snapshot) -> RegionID {
        for index in snapshot.order.indices where regions.contains(snapshot.order[index]) {
            return snapshot.order[index]
        }
        // Not in the order: a region whose distance nobody knows yet.
        return RegionID(rawValue: UInt16(truncatingIfNeeded: regions.bits.trailingZeroBitCount))
    }
}

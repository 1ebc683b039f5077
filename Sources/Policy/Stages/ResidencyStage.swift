import Model

/// Stage 1: a pinned tenant's data touches only regions of the jurisdictions that its pin allows. Where none of them is
/// configured the request is refused; nothing after this stage opens the fence.
enum ResidencyStage {
    static func narrow(
        _ candidates: inout Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) -> Refusal? {
        guard let pin = snapshot.pin(of: facts.tenant) else { return nil }
        candidates.fence(regions(in: pin.jurisdictions, snapshot), home: pin.home)
        if candidates.regions.isEmpty { return .residencyDenied }
        guard isMisroute(candidates, facts, route, snapshot) else { return nil }
        candidates.markMisroute()
        return refusal(home: pin.home, snapshot)
    }

    /// Bits of a pin beyond the snapshot's list stand for jurisdictions without a region.
    private static func regions(in jurisdictions: UInt64, _ snapshot: Snapshot) -> RegionSet {
        var (left, regions) = (jurisdictions, RegionSet.empty)
        while left != 0 {
            let index = left.trailingZeroBitCount
            left &= left - 1
            if index < snapshot.jurisdictions.count { regions.bits |= snapshot.jurisdictions[index].bits }
        }
        return regions
    }

    /// The tenant is at home elsewhere, and this is no read that may be served here.
    private static func isMisroute(
        _ candidates: Candidates, _ facts: RequestFacts, _ route: RouteEntry, _ snapshot: Snapshot
    ) -> Bool {
        let local = snapshot.localRegion
        if candidates.home == .none || candidates.home == local { return false }
        guard route.readsLocal, facts.method.isSafe else { return true }
        return !candidates.regions.contains(local)
    }

    /// What the configuration does with a misroute. Nobody can be sent to a region whose edge has no address.
    private static func refusal(home: RegionID, _ snapshot: Snapshot) -> Refusal? {
        switch snapshot.tenants.misroute {
        case .forward: return nil
        case .reject: return .misrouteRejected
        case .redirect:
            // Two steps and no `&&`, whose closure would retain the snapshot.
            guard home.index < snapshot.regions.count else { return nil }
            return snapshot.regions[home.index].edge.isEmpty ? nil : .misrouteRedirected
        }
    }
}

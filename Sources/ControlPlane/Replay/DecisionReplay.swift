import Model
import Policy

/// Decides requests again that were decided once, over other snapshots or the same: `Policy`'s own stages, with turns
/// and random words set as they fell then (docs/decisions/0016).
struct DecisionReplay: ~Copyable {
    /// How one came out.
    struct Outcome {
        let decision: Decision
        /// Where it came out then, in the ids of the snapshot that it was replayed over.
        let former: RecordedChance
        /// It may have had headers, or a key, that would have made it another route's, or sent it elsewhere.
        let isUnknown: Bool
    }

    private var state = ReplayState()
    private var prepared: Snapshot?

    mutating func decide(_ request: ReplayedRequest, _ world: ReplayWorld) -> Outcome {
        let snapshot = world.snapshot
        if prepared !== snapshot {
            state.prepare(for: snapshot)
            prepared = snapshot
        }
        let record = request.decision
        var chance = RecordedChance(seed: request.seed)
        chance.region = world.ids.region(record.region)
        chance.cell = world.ids.cell(record.cell)
        chance.endpoint = world.ids.endpoint(record.endpoint)
        (chance.letGo, chance.nearest) = (world.ids.regions(record.letGo), world.ids.region(record.nearest))
        if chance.nearest == .none { chance.letGo = .empty }
        let headers = world.headers(ofRoute: request.route)
        return request.withFacts { facts in
            facts.headers = headers.known
            let route = Policy.route(of: facts, snapshot)
            var isUnknown = request.isXRegionLost && !snapshot.present.members.allSatisfy(world.wasThere)
            if !headers.isCertain {
                facts.headers = headers.possible
                isUnknown = isUnknown || Policy.route(of: facts, snapshot) != route
                facts.headers = headers.known
            }
            if !DecisionReplay.readKey(&facts, request, headers, route, world) { isUnknown = true }
            let decision = state.decide(facts, route: route, snapshot, chance: chance, former: world.former)
            return Outcome(decision: decision, former: chance, isUnknown: isUnknown)
        }
    }

    /// What keys it on that route.
    /// - Returns: false where that is something its line does not have: any key is as likely then.
    private static func readKey(
        _ facts: inout RequestFacts, _ request: ReplayedRequest, _ headers: KnownHeaders, _ route: RouteID,
        _ world: ReplayWorld
    ) -> Bool {
        let keys = world.keys(of: route)
        if keys.isEmpty { return true }
        let record = request.decision
        let isSame = keys == headers.keys || record.isKeyed && headers.keys.count == 1 && keys.first == headers.keys[0]
        guard isSame else {
            (facts.key, facts.isKeyed) = (KeyHash(request.seed), true)
            return false
        }
        (facts.key, facts.isKeyed) = (KeyHash(record.key), record.isKeyed)
        facts.hold = world.hold(record.hold)
        return true
    }
}

extension ReplayWorld {
    /// The region existed when the requests came.
    func wasThere(_ region: RegionID) -> Bool {
        region.index < former.regions.count && former.regions[region.index].capacity > 0
    }

    /// Where a session is held, as far as the snapshot knows its places: one whose cell is gone still has its region.
    func hold(_ hold: SessionHold) -> SessionHold {
        let (region, cell) = (ids.region(hold.region), ids.cell(hold.cell))
        guard region != .none, snapshot.present.contains(region) else { return .none }
        guard cell.index < snapshot.cells.count, snapshot.cells[cell.index].isPresent,
            snapshot.cells[cell.index].region == region
        else { return SessionHold(region: region, cell: .none) }
        return SessionHold(region: region, cell: cell)
    }
}

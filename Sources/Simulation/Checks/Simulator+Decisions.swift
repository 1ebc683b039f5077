import Model
import Policy

/// What must hold of each decision.
extension Simulator {
    mutating func checkDecision(_ decision: Decision, _ facts: RequestFacts, _ slot: Int) {
        let allowed = flights[slot].allowed
        if decision.holdsSession, facts.excluded != .none { fail(.sessionMoved, "a retry holds a session") }
        if decision.isRefused { return }
        if !allowed.contains(decision.region) {
            return fail(.residency, "\(name(decision.region)) is not allowed to the tenant")
        }
        if decision.allowed.intersection(snapshot.present) != allowed {
            return fail(.residency, "the fence handed on is not the tenant's")
        }
        checkChoice(decision, facts)
        let isWrite = checkOwner(decision, slot)
        if !isWrite { checkSession(decision, facts, slot) }
        checkCell(decision, facts, slot)
    }

    private mutating func checkChoice(_ decision: Decision, _ facts: RequestFacts) {
        let endpoint = snapshot.endpoints[decision.endpoint.index]
        let region = snapshot.regions[decision.region.index]
        if !endpoint.isPresent || endpoint.cell != decision.cell || endpoint.region != decision.region {
            return fail(.choice, "endpoint, cell and region do not belong together")
        }
        if decision.endpoint == facts.excluded {
            return fail(.choice, "a retry goes to \(name(decision.endpoint)) again")
        }
        if decision.isPanic {
            let isNeeded = snapshot.open.intersection(decision.allowed).isEmpty || facts.excluded != .none
            if !isNeeded { fail(.choice, "panic, though a region is open") }
            if !facts.method.isSafe { fail(.choice, "panic with \(facts.method)") }
            if snapshot.cells[decision.cell.index].share == 0 { fail(.choice, "panic in a cell without a share") }
            return
        }
        if endpoint.health != .up { return fail(.choice, "\(name(decision.endpoint)) is not healthy") }
        if decision.isWrite { return }
        // A session needs a region that is fit, everything else one that takes new work.
        let isHome = decision.region == facts.hold.region
        if isHome, !region.isFit { fail(.choice, "\(name(decision.region)) is not fit") }
        if !isHome, !snapshot.open.contains(decision.region) { fail(.choice, "\(name(decision.region)) is not open") }
        if decision.cell != facts.hold.cell, snapshot.cells[decision.cell.index].share == 0 {
            fail(.choice, "\(name(decision.cell)) has no share")
        }
    }

    /// Says whether the request is a write to a dataset that somebody owns.
    private mutating func checkOwner(_ decision: Decision, _ slot: Int) -> Bool {
        let number = Int(flights[slot].route.index)
        let route = scene.configuration.routes[number]
        guard route.dataset != nil, referee.owners[number] != .none else { return false }
        guard !flights[slot].isSafe || route.routeClass == .write else { return false }
        let owner = decision.home == .none ? referee.owners[number] : decision.home
        if decision.region != owner || !decision.isWrite {
            fail(.ownership, "a write went to \(name(decision.region)), its owner is \(name(owner))")
        } else if !snapshot.cells[decision.cell.index].isReplication {
            fail(.ownership, "a write went to \(name(decision.cell)), which is no replication backend")
        }
        return true
    }

    /// routing.md, Weights, drains, sessions: a session keeps its region and cell until a health event or a drain.
    private mutating func checkSession(_ decision: Decision, _ facts: RequestFacts, _ slot: Int) {
        let hold = facts.hold
        if hold.isNone || facts.excluded != .none { return }
        let named = flights[slot].visit.region
        if decision.isFallback { return }  // the region it falls back on may be another than the session's
        if named >= 0, named != Int16(hold.region.rawValue) {
            if decision.holdsSession { fail(.sessionMoved, "a request with x-region moved its session") }
            return
        }
        let cell = snapshot.cells[hold.cell.index]
        let isServing = snapshot.fit.contains(hold.region) && !cell.available.isEmpty
        let isLeaving = cell.leavingSlots > facts.key.slot
        if isServing, !isLeaving, decision.cell != hold.cell || decision.holdsSession {
            let (from, to) = (name(hold.cell), name(decision.cell))
            return fail(.sessionMoved, "a session was moved from \(from) to \(to), and nothing is the matter there")
        }
        if decision.holdsSession, decision.movedFrom != hold.cell || decision.isMovedByDrain != (isServing && isLeaving)
        {
            fail(.sessionMoved, "a session was moved for a reason that does not hold")
        }
        if isServing, isLeaving, decision.cell == hold.cell {
            fail(.drainLeft, "a session stays in \(name(hold.cell))")
        }
    }

    private mutating func checkCell(_ decision: Decision, _ facts: RequestFacts, _ slot: Int) {
        if decision.isWrite { return }
        if referee.isDrained(decision.cell, in: decision.region, scene.configuration.drains, now: now) {
            fail(.drainLeft, "\(name(decision.cell)) is drained and gets requests")
        }
        if decision.isPanic {
            return referee.panicked(decision.region, worker: Int(flights[slot].worker), snapshot)
        }
        if decision.cell == facts.hold.cell { return }
        if facts.isKeyed {
            if facts.excluded == .none { checkBucket(decision, facts) }
            return
        }
        let worker = Int(flights[slot].worker)
        let worst = referee.chose(decision.cell, worker: worker, snapshot, excluded: facts.excluded)
        report.worstShareError = max(report.worstShareError, worst)
        if worst > WeightLedger.mostRequests {
            fail(.weight, "a cell of \(name(decision.region)) is \(worst) requests off its share in worker \(worker)")
        }
    }

    private mutating func checkBucket(_ decision: Decision, _ facts: RequestFacts) {
        let buckets = snapshot.regions[decision.region.index].buckets
        if buckets.isEmpty { return }
        let owner = snapshot.buckets[Int(buckets.start) + facts.key.bucket]
        if owner == decision.cell || owner == .none { return }
        let cell = snapshot.cells[owner.index]
        if cell.share == 0 || cell.leavingSlots > 0 || cell.available.isEmpty { return }
        fail(.buckets, "bucket \(facts.key.bucket) is \(name(owner))'s, and went to \(name(decision.cell))")
    }

    // MARK: Availability

    mutating func checkRefusal(_ decision: Decision, _ slot: Int) {
        switch decision.reason {
        case .xRegionUnknown, .xRegionUnavailable, .misroute, .residencyDenied, .noRoute: return
        case .ownerUnknown, .ownerUnhealthy, .ownerOutsideResidency: return
        default: checkLive(slot, decision.reason.name)
        }
    }

    /// A safe request failed after it was tried: `isExhausted` when a retry failed it, too.
    mutating func checkFailure(_ slot: Int, isExhausted: Bool) {
        if !isExhausted { checkLive(slot, "nobody else took it") }
    }

    /// Somebody allowed has been well for so long that the edge must know.
    private mutating func checkLive(_ slot: Int, _ reason: String) {
        guard flights[slot].isSafe, !flights[slot].isBound else { return }
        let health = scene.configuration.regions.first?.cells.first?.health ?? Configuration.Health()
        let grace = Simulator.recoveryNanoseconds(health) + 1_000_000_000
        guard now > Simulator.startNanoseconds + grace, referee.stalledUntil + grace < now else { return }
        for index in ground.endpoints.indices where isLive(index, flights[slot].allowed, since: now - grace) {
            let endpoint = EndpointID(rawValue: UInt32(index))
            return fail(.availability, "\(name(endpoint)) could have served it: \(reason)")
        }
    }

    /// It serves new work, and nothing was the matter with it.
    private func isLive(_ index: Int, _ allowed: RegionSet, since: UInt64) -> Bool {
        let entry = snapshot.endpoints[index]
        let cell = snapshot.cells[entry.cell.index]
        guard allowed.contains(entry.region), cell.share > 0, !cell.isReplication else { return false }
        guard snapshot.regions[entry.region.index].takesNewWork, ground.isSound(index, since: since) else {
            return false
        }
        // Ejected for what requests met: its time is not over.
        let isEjected = entry.health == .down && steering.monitor.state(of: EndpointID(rawValue: UInt32(index))) == .up
        return !isEjected
    }

    // MARK: Names

    func name(_ region: RegionID) -> String { snapshot.name(of: region) }
    func name(_ cell: CellID) -> String { snapshot.name(of: cell) }
    func name(_ endpoint: EndpointID) -> String {
        "\(snapshot.name(of: snapshot.endpoints[endpoint.index].cell))/\(snapshot.name(of: endpoint))"
    }
}

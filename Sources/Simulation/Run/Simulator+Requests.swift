import Model
import Policy

/// A request from its client to its end.
extension Simulator {
    static let maxAttempts = 4
    /// How long a request looks for an endpoint that takes it, and how often.
    static let patienceNanoseconds: UInt64 = 3_000_000_000
    static let againNanoseconds: UInt64 = 100_000_000
    static let rescueNanoseconds: UInt64 = 200_000_000

    enum Outcome: UInt16 { case success, failure, reset, refused }

    mutating func begin(_ visit: Visit) {
        report.requests += 1
        guard let slot = flights.take() else { return fail(.progress, "8,192 requests on their way") }
        flights[slot].phase = .waiting
        flights[slot].tag &+= 1
        flights[slot].visit = visit
        (flights[slot].startedAt, flights[slot].attempts) = (now, 0)
        flights[slot].worker = UInt8(dice.number(below: 2, 8, visit.at))
        flights[slot].isSafe = visit.method.isSafe
        flights[slot].allowed = visit.tenant < 0 ? scene.everywhere : scene.tenants[Int(visit.tenant)].allowed
        flights[slot].isBound = false
        (flights[slot].mayBeApplied, flights[slot].endpoint) = (false, .none)
        let facts = facts(of: slot, excluding: .none)
        let route = route(of: facts, snapshot)
        guard route != .none else { return refuse(slot, Decision.noRoute) }
        flights[slot].route = route
        let entry = snapshot.routes[route.index]
        flights[slot].retriesLeft = entry.retries
        let decision = decide(slot, excluding: .none)
        count(decision, slot)
        if decision.isRefused { refuse(slot, decision) } else { send(slot, decision) }
    }

    private func facts(of slot: Int, excluding excluded: EndpointID) -> RequestFacts {
        let visit = flights[slot].visit
        let texts = scene.routes[Int(visit.route)]
        var facts = RequestFacts(
            method: visit.method, authority: texts.host.view, path: texts.path.view, excluded: excluded)
        if visit.region == -2 { facts.xRegion = Scene.unknownRegion.view }
        if visit.region >= 0 { facts.xRegion = scene.regionNames[Int(visit.region)].view }
        if visit.tenant >= 0 { facts.tenant = scene.tenants[Int(visit.tenant)].name.view }
        return facts
    }

    /// As the data plane asks: with the session or the key that the route goes by.
    private mutating func decide(_ slot: Int, excluding excluded: EndpointID) -> Decision {
        var facts = facts(of: slot, excluding: excluded)
        let (route, producer) = (flights[slot].route, Int(flights[slot].visit.producer))
        let entry = snapshot.routes[route.index]
        if entry.sessions != .none || !entry.hashBy.isEmpty {
            (facts.isKeyed, facts.key) = (true, keys[producer])
        }
        if entry.sessions != .none { facts.hold = holds[producer] }
        let decision = workers[Int(flights[slot].worker)].decide(facts, route: route, snapshot, now: now)
        checkDecision(decision, facts, slot)
        if decision.holdsSession {
            holds[producer] = SessionHold(region: decision.region, cell: decision.cell)
        }
        return decision
    }

    private mutating func count(_ decision: Decision, _ slot: Int) {
        if decision.isFallback { report.fallbacks += 1 }
        if decision.isPanic { report.panics += 1 }
        if decision.isMisroute { report.misroutes += 1 }
        if decision.isWrite { report.writes += 1 }
        switch decision.reason {
        case .spill: report.spills += 1
        case .dial: report.dialed += 1
        default: break
        }
        if decision.holdsSession {
            if decision.movedFrom == .none {
                report.sessionsNew += 1
            } else if decision.isMovedByDrain {
                report.sessionsMovedByDrain += 1
            } else {
                report.sessionsMovedByHealth += 1
            }
        }
        if !decision.isRefused { report.cells[decision.cell.index] += 1 }
        let forces = snapshot.routes[flights[slot].route.index].forcesXRegion && flights[slot].visit.region != -1
        flights[slot].isBound = decision.isWrite || forces
    }

    // MARK: Sending

    private mutating func send(_ slot: Int, _ decision: Decision) {
        if flights[slot].mayBeApplied, !flights[slot].isSafe {
            fail(.unsafeTwice, "\(flights[slot].visit.method) was sent again after it may have arrived")
        }
        let index = decision.endpoint.index
        flights[slot].phase = .sent
        flights[slot].tag &+= 1
        flights[slot].attempts += 1
        (flights[slot].endpoint, flights[slot].sentAt) = (decision.endpoint, now)
        workers[Int(flights[slot].worker)].began(decision.endpoint)
        let roundTrip = ground.roundTrip(index, now: now)
        switch ground.send(index, now: now) {
        case .refused: answer(slot, .refused, after: roundTrip)
        case .arrives:
            flights[slot].mayBeApplied = true
            later(slot, .requestArrives, at: now + roundTrip / 2)
        case .lost:
            flights[slot].mayBeApplied = true
            awaitTimeout(slot)
        }
    }

    private mutating func later(_ slot: Int, _ kind: Event.Kind, at time: UInt64, small: UInt16 = 0) {
        queue.push(
            Event(time: time, kind: kind, small: small, number: UInt32(slot), detail: UInt64(flights[slot].tag)))
    }

    private mutating func answer(_ slot: Int, _ outcome: Outcome, after nanoseconds: UInt64) {
        later(slot, .answer, at: now + nanoseconds, small: outcome.rawValue)
    }

    private mutating func awaitTimeout(_ slot: Int) {
        let target = snapshot.upstreams[flights[slot].endpoint.index]
        let timeout = target?.settings.responseTimeoutMilliseconds ?? 15_000
        later(slot, .timeout, at: flights[slot].sentAt + timeout * 1_000_000)
    }

    private func isLate(_ event: Event) -> Bool {
        let flight = flights[Int(event.number)]
        return flight.phase == .free || UInt64(flight.tag) != event.detail
    }

    /// At the endpoint; the world's own event.
    mutating func arrived(_ event: Event) {
        if isLate(event) { return }
        let slot = Int(event.number)
        let index = flights[slot].endpoint.index
        let after = ground.service(index) + ground.roundTrip(index, now: now) / 2
        switch ground.answer(index, now: now, luck: dice.word(UInt64(index), now ^ 0xA5A5) >> 8) {
        case .success: answer(slot, .success, after: after)
        case .failure: answer(slot, .failure, after: after)
        case .reset: answer(slot, .reset, after: after)
        case .none: awaitTimeout(slot)
        }
    }

    // MARK: Back at the edge

    mutating func answered(_ event: Event) {
        let slot = Int(event.number)
        guard !isLate(event), let outcome = Outcome(rawValue: event.small) else { return }
        let (endpoint, taken) = (flights[slot].endpoint, now - flights[slot].sentAt)
        willObserve()
        if outcome == .success {
            sightings.succeeded(endpoint.index, firstByteNanoseconds: taken)
        } else {
            sightings.failed(endpoint.index, wasRefused: outcome == .refused)
        }
        let hasHead = outcome == .success || outcome == .failure
        workers[Int(flights[slot].worker)].ended(endpoint, firstByteNanoseconds: hasHead ? taken : nil)
        if outcome == .success {
            report.answered += 1
            flights.give(back: slot)
        } else {
            attemptFailed(slot, outcome)
        }
    }

    mutating func timedOut(_ event: Event) {
        let slot = Int(event.number)
        if isLate(event) { return }
        willObserve()
        sightings.failed(flights[slot].endpoint.index, wasRefused: false)
        workers[Int(flights[slot].worker)].ended(flights[slot].endpoint, firstByteNanoseconds: nil)
        attemptFailed(slot, .reset)
    }

    private mutating func attemptFailed(_ slot: Int, _ outcome: Outcome) {
        let isLast = flights[slot].attempts >= Simulator.maxAttempts
        if outcome == .refused {
            if isLast { return wait(slot) }
            report.resends += 1
        } else {
            guard flights[slot].isSafe, flights[slot].retriesLeft > 0, !isLast else {
                return give(up: slot, outcome, isExhausted: true)
            }
            flights[slot].retriesLeft -= 1
            report.retries += 1
        }
        let failed = flights[slot].endpoint
        let decision = decide(slot, excluding: failed)
        if decision.isRefused || decision.endpoint == failed {
            return give(up: slot, outcome, isExhausted: false)
        }
        send(slot, decision)
    }

    private mutating func wait(_ slot: Int) {
        flights[slot].phase = .waiting
        flights[slot].tag &+= 1
        if now > flights[slot].startedAt + Simulator.patienceNanoseconds {
            return give(up: slot, .refused, isExhausted: false)
        }
        later(slot, .again, at: now + Simulator.againNanoseconds)
    }

    /// An endpoint was marked down: the safe requests that wait there go elsewhere, spread over 200 ms.
    mutating func rescue(after before: Snapshot) {
        for slot in flights.slots.indices where flights[slot].phase == .sent && flights[slot].isSafe {
            let index = flights[slot].endpoint.index
            guard before.endpoints[index].health == .up, snapshot.endpoints[index].health == .down else { continue }
            later(slot, .again, at: now + dice.number(below: Simulator.rescueNanoseconds, UInt64(slot), now))
        }
    }

    mutating func tryAgain(_ event: Event) {
        let slot = Int(event.number)
        if isLate(event) { return }
        let left = flights[slot].endpoint
        let decision = decide(slot, excluding: left)
        let isPlaced = !decision.isRefused && decision.endpoint != left
        if flights[slot].phase == .sent {
            guard isPlaced else { return }  // better off where it is
            report.rescues += 1
            workers[Int(flights[slot].worker)].ended(left, firstByteNanoseconds: nil)
        }
        if isPlaced { send(slot, decision) } else { wait(slot) }
    }

    // MARK: The end

    private mutating func refuse(_ slot: Int, _ decision: Decision) {
        report.failures[Int(decision.reason.rawValue)] += 1
        checkRefusal(decision, slot)
        flights.give(back: slot)
    }

    private mutating func give(up slot: Int, _ outcome: Outcome, isExhausted: Bool) {
        let reason: Reason = outcome == .refused ? .upstreamConnect : .upstreamReset
        report.failures[Int(reason.rawValue)] += 1
        checkFailure(slot, isExhausted: isExhausted)
        flights.give(back: slot)
    }
}

extension Decision {
    /// What the simulator answers itself where no route matches.
    fileprivate static var noRoute: Decision {
        var decision = Decision()
        (decision.isRefused, decision.reason) = (true, .noRoute)
        return decision
    }
}

import Model
import Policy

/// What must hold of each snapshot, and of the way from one to the next.
extension Simulator {
    mutating func checkPublication(after before: Snapshot) {
        if snapshot.generation != before.generation + 1 {
            fail(.generation, "generation \(snapshot.generation) follows \(before.generation)")
        }
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            checkShares(snapshot.regions[index], index)
            checkBuckets(snapshot.regions[index], before.regions[index], before, index)
            if !referee.isOperated(region: index) { checkSpill(snapshot.regions[index], index) }
        }
        for index in snapshot.endpoints.indices where snapshot.endpoints[index].health != before.endpoints[index].health
        {
            turned(index, from: before.endpoints[index].health)
        }
        if let flap = referee.ordered(snapshot, now: now) {
            fail(.flap, "\(name(flap.one)) and \(name(flap.other)) changed places twice within the dwell")
        }
    }

    private mutating func checkShares(_ region: RegionEntry, _ index: Int) {
        var sum = 0
        for place in region.cells.indices {
            let cell = snapshot.cells[snapshot.cellLists[place].index]
            sum += Int(cell.share)
            for at in cell.available.indices where snapshot.endpoints[snapshot.endpointLists[at].index].health != .up {
                fail(.choice, "\(name(snapshot.endpointLists[at])) is available and not healthy")
            }
        }
        if sum != 0, sum != 10_000 {
            fail(.shares, "shares of \(name(RegionID(rawValue: UInt16(index)))) sum to \(sum)")
        }
    }

    /// routing.md, Health: min(100 %, 1.4 × the healthy share), where no dial and no drain has a say.
    private mutating func checkSpill(_ region: RegionEntry, _ index: Int) {
        let rules = scene.configuration.spill
        var (healthy, total) = (0, 0)
        for place in region.cells.indices {
            let cell = snapshot.cells[snapshot.cellLists[place].index]
            var (up, unknown) = (0, 0)
            for at in cell.endpoints.indices {
                let health = snapshot.endpoints[snapshot.endpointLists[at].index].health
                if health == .up { up += 1 }
                if health == .unknown { unknown += 1 }
            }
            if unknown > 0 { return }
            total += Int(cell.share)
            if up * 100 >= Int(cell.endpoints.count) * rules.healthyPercent { healthy += Int(cell.share) }
        }
        if total == 0 { return }
        let kept = min(10_000, healthy * rules.overprovisioningPercent * 100 / total)
        if abs(kept - Int(region.keptShare)) > 1 {
            let name = name(RegionID(rawValue: UInt16(index)))
            fail(.spill, "\(name) keeps \(region.keptShare) of 10,000 and should keep \(kept)")
        }
    }

    /// As many buckets as the share says, and no more of them move than shares grow.
    private mutating func checkBuckets(
        _ region: RegionEntry, _ old: RegionEntry, _ before: Snapshot, _ index: Int
    ) {
        if region.buckets.isEmpty || hasSameShares(region, before) { return }
        var counts = Array(repeating: 0, count: snapshot.cells.count)
        var moved = 0
        for offset in 0..<Int(region.buckets.count) {
            let cell = snapshot.buckets[Int(region.buckets.start) + offset]
            if cell != .none { counts[cell.index] += 1 }
            if offset < old.buckets.count, before.buckets[Int(old.buckets.start) + offset] != cell { moved += 1 }
        }
        if region.cells.indices.allSatisfy({ snapshot.cells[snapshot.cellLists[$0].index].share == 0 }) {
            if moved > 0 { fail(.buckets, "\(moved) buckets moved where nobody takes any") }
            return
        }
        var grown = 0
        for place in region.cells.indices {
            let cell = snapshot.cellLists[place].index
            let (share, last) = (Int(snapshot.cells[cell].share), Int(before.cells[cell].share))
            grown += max(0, share - last)
            if share != counts[cell] {
                fail(.buckets, "\(name(snapshot.cellLists[place])) has \(counts[cell]) buckets for \(share)")
            }
        }
        if moved > grown { fail(.buckets, "\(moved) buckets moved where \(grown) had to") }
    }

    private func hasSameShares(_ region: RegionEntry, _ before: Snapshot) -> Bool {
        for place in region.cells.indices {
            let cell = snapshot.cellLists[place].index
            if snapshot.cells[cell].share != before.cells[cell].share { return false }
        }
        return true
    }

    // MARK: Health

    /// An endpoint was taken out or in.
    private mutating func turned(_ index: Int, from before: HealthState) {
        let endpoint = EndpointID(rawValue: UInt32(index))
        let state = snapshot.endpoints[index].health
        if before == .up, state == .down { takenOut(endpoint) }
        if state == .up { takenIn(endpoint, isBack: before == .down) }
    }

    private mutating func takenOut(_ endpoint: EndpointID) {
        let truth = ground.endpoints[endpoint.index]
        // Requests that got no answer are told of when their time is up.
        let timeout = snapshot.upstreams[endpoint.index]?.settings.responseTimeoutMilliseconds ?? 0
        let window = (scene.configuration.outliers.windowMilliseconds + timeout + 5_000) * 1_000_000
        if now > window, ground.isSound(endpoint.index, since: now - window) {
            fail(.falseAlarm, "\(name(endpoint)) was taken out, and nothing is the matter with it")
        }
        if truth.failsProbes, referee.stalledUntil < truth.probesSince {
            let isRefusal = truth.faults & FaultKind.crash.bit != 0 && truth.faults & FaultKind.silent == 0
            let took = now - truth.probesSince
            if isRefusal {
                report.worstRefusal = max(report.worstRefusal, took)
            } else if truth.faults & FaultKind.silent != 0 {
                report.worstSilence = max(report.worstSilence, took)
            }
        }
        referee.isEjected[endpoint.index] = steering.monitor.state(of: endpoint) == .up
        checkEjections(of: snapshot.endpoints[endpoint.index].cell)
    }

    private mutating func takenIn(_ endpoint: EndpointID, isBack: Bool) {
        let index = endpoint.index
        let truth = ground.endpoints[index]
        let patience = 2_000_000_000 + health(of: index).timeoutMilliseconds * 1_000_000
        if truth.failsProbes, now > truth.probesSince + patience, referee.stalledUntil + patience < now {
            fail(.detection, "\(name(endpoint)) was taken in while it fails probes")
        }
        (referee.upSince[index], referee.failuresInRow[index]) = (now, 0)
        referee.isEjected[index] = false
        let rules = scene.configuration.outliers
        guard isBack, rules.slowStartMilliseconds > 0 else { return }
        if Int(snapshot.endpoints[index].warmthPercent) > rules.slowStartPercent + 5 {
            fail(.recovery, "\(name(endpoint)) comes back with \(snapshot.endpoints[index].warmthPercent) % at once")
        }
        let warm = now + rules.slowStartMilliseconds * 1_000_000 + 3_000_000_000
        queue.push(Event(time: warm, kind: .expectUp, small: 1, number: UInt32(index), detail: now))
    }

    // MARK: Outliers

    /// Of a cell at most a share is ejected while probes say that it is well.
    private mutating func checkEjections(of cell: CellID) {
        let ids = scene.endpointsOfCell[cell.index]
        let most = max(1, ids.count * scene.configuration.outliers.maxEjectedPercent / 100)
        if ejected(of: cell) > most { fail(.outlier, "more than \(most) endpoints of \(name(cell)) are ejected") }
    }

    private func ejected(of cell: CellID) -> Int {
        scene.endpointsOfCell[cell.index].count { index in
            snapshot.endpoints[index].health == .down
                && steering.monitor.state(of: EndpointID(rawValue: UInt32(index))) == .up
        }
    }

    mutating func checkOutliers(_ observations: [EndpointObservation]) {
        let rules = scene.configuration.outliers
        for observation in observations {
            let index = observation.endpoint.index
            let before = observation.successes > 0 ? 0 : referee.failuresInRow[index]
            let added = observation.successes > 0 ? observation.consecutiveFailures : observation.failures
            guard snapshot.endpoints[index].health == .up, rules.isEnabled else {
                referee.failuresInRow[index] = 0
                continue
            }
            referee.failuresInRow[index] = before + added
            if referee.failuresInRow[index] < UInt32(rules.consecutiveFailures) { continue }
            let cell = snapshot.endpoints[index].cell
            let ids = scene.endpointsOfCell[cell.index]
            let hasSibling = ids.contains { $0 != index && snapshot.endpoints[$0].health == .up }
            // Probes may have found an ejected one down since: it still counts.
            let ejected = ids.count { referee.isEjected[$0] }
            if hasSibling, ejected < max(1, ids.count * rules.maxEjectedPercent / 100) {
                fail(.outlier, "\(name(observation.endpoint)) failed \(before + added) requests in a row and stays in")
            }
        }
    }

    // MARK: What was expected

    /// Probes of the endpoint fail from now on, or pass: the edge must find out in time.
    mutating func expect(_ index: Int) {
        let truth = ground.endpoints[index]
        if truth.failsProbes {
            expectation(.expectDown, index, after: detectionNanoseconds(index))
        } else if truth.passesProbes {
            expectation(.expectUp, index, after: Simulator.recoveryNanoseconds(health(of: index)))
        }
    }

    private mutating func expectation(_ kind: Event.Kind, _ index: Int, after nanoseconds: UInt64) {
        let time = max(now, referee.stalledUntil) + nanoseconds
        let epoch = UInt64(ground.endpoints[index].epoch)
        queue.push(Event(time: time, kind: kind, number: UInt32(index), detail: epoch))
    }

    private func isStale(_ event: Event) -> Bool {
        UInt64(ground.endpoints[Int(event.number)].epoch) != event.detail
    }

    mutating func expectDown(_ event: Event) {
        let index = Int(event.number)
        if isStale(event) { return }
        if isTooSoon(detectionNanoseconds(index)) { return expect(index) }
        if snapshot.endpoints[index].health == .up {
            let late = (now - ground.endpoints[index].probesSince) / 1_000_000
            fail(.detection, "\(name(EndpointID(rawValue: event.number))) fails probes for \(late) ms and is in")
        }
    }

    mutating func expectUp(_ event: Event) {
        let index = Int(event.number)
        let endpoint = EndpointID(rawValue: event.number)
        if event.small == 1 {
            let isSame = referee.upSince[index] == event.detail && snapshot.endpoints[index].health == .up
            let warmth = snapshot.endpoints[index].warmthPercent
            let isStalled = referee.stalledUntil > event.detail
            if isSame, warmth < 100, !isStalled { fail(.recovery, "\(name(endpoint)) is still at \(warmth) %") }
            return
        }
        if isStale(event) { return }
        let grace = Simulator.recoveryNanoseconds(health(of: index))
        if isTooSoon(grace) { return expect(index) }
        if steering.monitor.state(of: endpoint) != .up {
            return fail(.recovery, "\(name(endpoint)) passes probes and is not taken in")
        }
        // Ejected for what requests met: for so long and no longer.
        let longest = scene.configuration.outliers.maxEjectionMilliseconds * 1_000_000 + 2_000_000_000
        if event.small == 0, snapshot.endpoints[index].health != .up {
            queue.push(
                Event(time: now + longest, kind: .expectUp, small: 2, number: event.number, detail: event.detail))
        } else if event.small == 2, snapshot.endpoints[index].health != .up, referee.upSince[index] + longest < now {
            fail(.outlier, "\(name(endpoint)) is out longer than the longest ejection")
        }
    }

    /// The process stood still since: it gets its time once more.
    private func isTooSoon(_ nanoseconds: UInt64) -> Bool { now < referee.stalledUntil + nanoseconds }

    private func health(of index: Int) -> Configuration.Health {
        let cell = ground.endpoints[index].cell
        return scene.healths[cell]
    }

    /// routing.md, Health: an interval, the confirming probes, and the last one's timeout or round trip.
    private func detectionNanoseconds(_ index: Int) -> UInt64 {
        let health = health(of: index)
        let roundTrip = 2 * ground.regions[ground.endpoints[index].region].distance.roundTrip + 250_000_000
        let step = max(250_000_000, 2 * roundTrip)
        let isRefusal = ground.endpoints[index].faults & FaultKind.silent == 0
        let last = isRefusal ? roundTrip : health.timeoutMilliseconds * 1_000_000
        let interval = health.intervalMilliseconds * 1_100_000
        return interval + UInt64(max(0, health.fall - 1)) * step + last + roundTrip
    }

    static func recoveryNanoseconds(_ health: Configuration.Health) -> UInt64 {
        // The first success comes an interval after the fault's end at the latest, and a round trip; each further one
        // an interval later.
        UInt64(health.rise) * health.intervalMilliseconds * 1_100_000 + 400_000_000
    }
}

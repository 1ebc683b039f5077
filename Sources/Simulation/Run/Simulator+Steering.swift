import Model
import Policy

/// The control plane's part: what `Controller` does with a clock and a network, done with the world's.
extension Simulator {
    /// Does what `actions` asks for, in order.
    mutating func perform() {
        if actions.isEmpty { return }
        var asked: [Steering.Action] = []
        swap(&asked, &actions)
        for action in asked {
            switch action {
            case .startProbe(let request): startProbe(request)
            case .publish(let published): publish(published)
            case .event(let kind, _, _): report.count(kind)
            }
        }
        asked.removeAll(keepingCapacity: true)
        swap(&asked, &actions)
    }

    private mutating func startProbe(_ request: ProbeRequest) {
        report.probes += 1
        let index = request.endpoint.index
        let fate = ground.probe(index, now: now)
        let roundTrip = ground.roundTrip(index, now: now)
        let work = fate == .answered ? ground.service(index) : 0
        let timeout = request.timeoutMilliseconds * 1_000_000
        let isLost = fate == .lost || roundTrip + work > timeout
        // A probe that is given up on is told of a moment after its deadline, as the probe loop does.
        let after = isLost ? timeout + 1_000_000 : roundTrip + work
        queue.push(
            Event(
                time: now + after, kind: .probeEnds, small: isLost || fate != .answered ? 0 : 1, number: request.id,
                detail: after))
    }

    mutating func probeEnded(_ event: Event) {
        let succeeded = event.small == 1
        let result = ProbeResult(
            id: event.number, succeeded: succeeded, detail: succeeded ? "" : "failed",
            roundTripNanoseconds: event.detail)
        steering.probeEnded(result, now: LoopTime(nanoseconds: now), into: &actions)
        perform()
    }

    mutating func observe() {
        let taken = sightings.take()
        if taken.isEmpty { return }
        steering.observe(taken, now: LoopTime(nanoseconds: now), into: &actions)
        perform()
        checkOutliers(taken)
    }

    /// The steering is told within 250 ms.
    mutating func willObserve() {
        guard sightings.isEmpty else { return }
        queue.push(Event(time: now + Simulator.observeNanoseconds, kind: .observe))
    }

    private mutating func publish(_ published: Snapshot) {
        let before = snapshot
        snapshot = published
        report.publications += 1
        for worker in workers { worker.prepare(for: published) }
        checkPublication(after: before)
        if flights.liveCount > 0 { rescue(after: before) }
    }
}

import Model

@testable import Policy

/// Endpoints that meet probes as told, in simulated time, in front of a whole `Steering`.
struct SteeredWorld {
    var steering: Steering
    private(set) var now = LoopTime(nanoseconds: 1_000_000_000)
    var behaviour: (EndpointID) -> HealthMonitorTests.Behaviour = { _ in .answers }
    /// Nanoseconds of a round trip.
    var distance: (EndpointID) -> UInt64 = { _ in 1_000_000 }
    private(set) var events: [String] = []
    private(set) var publications: [(at: LoopTime, snapshot: Snapshot)] = []
    private(set) var probes = 0
    /// Calls of `Steering`.
    private(set) var calls = 0
    private var results: [(at: LoopTime, result: ProbeResult)] = []

    init(_ configuration: Configuration, resolved: [Address: [Address]] = [:], seed: UInt64 = 1) throws {
        steering = try Steering(configuration, resolved: resolved, seed: seed, now: now)
    }

    /// Names of the regions in the order requests see.
    var order: [String] {
        steering.snapshot.order.indices.map { steering.snapshot.name(of: steering.snapshot.order[$0]) }
    }

    mutating func adopt(_ configuration: Configuration, resolved: [Address: [Address]] = [:]) throws {
        try steering.adopt(configuration, resolved: resolved, now: now)
        perform(steering.announceFitness())
    }

    mutating func run(seconds: UInt64) { run(milliseconds: seconds * 1_000) }

    mutating func run(milliseconds: UInt64) {
        let end = now.advanced(milliseconds: milliseconds)
        while true {
            let next = results.indices.min { results[$0].at < results[$1].at }
            let due = min(steering.nextWake, next.map { results[$0].at } ?? .distantFuture)
            guard due <= end else { break }
            now = max(now, due)
            calls += 1
            if let next, results[next].at <= now {
                perform(steering.probeEnded(results.remove(at: next).result, now: now))
            } else {
                perform(steering.advance(now: now))
            }
        }
        now = end
    }

    /// So many requests in a row fail at the endpoint.
    mutating func fail(_ endpoint: UInt32, count: UInt32) {
        let id = EndpointID(rawValue: endpoint)
        let observation = EndpointObservation(endpoint: id, failures: count, consecutiveFailures: count)
        perform(steering.observe([observation], now: now))
    }

    /// Each endpoint of the nearest region answered a few requests, which it worked on for so long.
    mutating func serve(count: UInt32, workNanoseconds: UInt64) {
        let snapshot = steering.snapshot
        let nearest = snapshot.order[0]
        for index in snapshot.endpoints.indices where snapshot.endpoints[index].region == nearest {
            let id = EndpointID(rawValue: UInt32(index))
            let nanoseconds = (distance(id) + workNanoseconds) * UInt64(count)
            let observation = EndpointObservation(
                endpoint: id, successes: count, firstByteNanosecondsSum: nanoseconds, firstByteCount: count)
            perform(steering.observe([observation], now: now))
        }
    }

    mutating func perform(_ actions: [Steering.Action]) {
        for action in actions {
            switch action {
            case .startProbe(let request):
                probes += 1
                results.append(answer(to: request))
            case .publish(let snapshot): publications.append((now, snapshot))
            case .event(let kind, let subject, let cause): events.append("\(kind.rawValue) \(subject): \(cause)")
            }
        }
    }

    private func answer(to request: ProbeRequest) -> (LoopTime, ProbeResult) {
        func result(_ succeeded: Bool, _ detail: String) -> ProbeResult {
            ProbeResult(
                id: request.id, succeeded: succeeded, detail: detail, roundTripNanoseconds: distance(request.endpoint))
        }
        switch behaviour(request.endpoint) {
        case .answers: return (now.advanced(nanoseconds: distance(request.endpoint)), result(true, ""))
        case .refuses: return (now.advanced(milliseconds: 1), result(false, "connection refused"))
        case .swallows:
            return (now.advanced(milliseconds: request.timeoutMilliseconds + 1), result(false, "no answer"))
        }
    }
}

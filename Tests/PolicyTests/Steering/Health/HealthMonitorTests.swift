import Model
import Policy
import Testing

struct HealthMonitorTests {
    /// How an endpoint meets a probe from a moment on.
    enum Behaviour: Sendable {
        case answers, refuses, swallows
    }

    /// Faults begin anywhere in the interval; the bounds are those of routing.md plus one round trip (here 1 ms).
    static let faults: [(Behaviour, UInt64)] = [(.refuses, 1_601), (.swallows, 2_602)]

    @Test("an endpoint that fails is told within the bound", arguments: faults)
    func findsFaults(fault: Behaviour, boundMilliseconds: UInt64) throws {
        for seed in 0..<200 as Range<UInt64> {
            var random = SplitMix64(seed: seed)
            let failsAt = LoopTime(nanoseconds: 5_000_000_000 + random.next() % 1_100_000_000)
            var world = ProbeWorld(seed: seed, endpoints: 1)
            world.behaviour = { _, now in now >= failsAt ? fault : .answers }
            world.run(until: LoopTime(nanoseconds: 12_000_000_000))
            let down = try #require(world.changes.first { $0.state == .down }, "seed \(seed)")
            #expect(down.at.milliseconds(since: failsAt) <= boundMilliseconds, "seed \(seed)")
        }
    }

    @Test func healthyEndpointsMakeNoNews() {
        var world = ProbeWorld(seed: 1, endpoints: 3)
        world.run(until: LoopTime(nanoseconds: 60_000_000_000))
        #expect(world.changes.map(\.state) == [.up, .up, .up])
        #expect(world.changes.allSatisfy { !$0.wasKnown && $0.cause == "its first probe succeeded" })
        #expect(world.monitor.hasProbedAll)
        #expect((150...210).contains(world.probes))  // 3 endpoints, a minute, an interval of 1 s ± 10 %
    }

    static let causes: [(Behaviour, String, String)] = [
        (.refuses, "its first probe failed: connection refused", "3 probes in a row failed: connection refused"),
        (
            .swallows, "its first probe failed: no answer within 1000 ms",
            "3 probes in a row failed: no answer within 1000 ms"
        ),
    ]

    @Test("the cause says what was seen", arguments: causes)
    func saysWhy(fault: Behaviour, first: String, later: String) {
        var broken = ProbeWorld(seed: 1, endpoints: 1)
        broken.behaviour = { _, _ in fault }
        broken.run(until: LoopTime(nanoseconds: 3_000_000_000))
        #expect(broken.changes.map(\.cause) == [first])
        var breaking = ProbeWorld(seed: 1, endpoints: 1)
        breaking.behaviour = { _, now in now.nanoseconds < 3_000_000_000 ? .answers : fault }
        breaking.run(until: LoopTime(nanoseconds: 8_000_000_000))
        #expect(breaking.changes.last?.cause == later)
    }

    @Test func recoveryIsTold() {
        var world = ProbeWorld(seed: 1, endpoints: 1)
        world.behaviour = { _, now in (3...8).contains(now.nanoseconds / 1_000_000_000) ? .refuses : .answers }
        world.run(until: LoopTime(nanoseconds: 20_000_000_000))
        #expect(world.changes.map(\.state) == [.up, .down, .up])
        #expect(world.changes.last?.cause == "5 probes in a row succeeded")
        #expect(world.changes.last?.wasKnown == true)
    }

    @Test func newSettingsKeepTheState() {
        var world = ProbeWorld(seed: 1, endpoints: 2)
        world.run(until: LoopTime(nanoseconds: 2_000_000_000))
        var watches = ProbeWorld.watches(3)
        watches.removeFirst()
        watches[0] = ProbeWorld.watch(1, path: "/other")
        world.monitor.watch(watches, now: world.now)
        #expect(world.monitor.state(of: EndpointID(rawValue: 0)) == .unknown)  // not watched any more
        #expect(world.monitor.state(of: EndpointID(rawValue: 1)) == .up)
        #expect(!world.monitor.hasProbedAll)
        world.run(until: LoopTime(nanoseconds: 4_000_000_000))
        #expect(world.monitor.hasProbedAll)
        #expect(world.lastRequest[EndpointID(rawValue: 1)]?.health.path == "/other")
    }

    /// Results of probes that nobody waits for any more change nothing.
    @Test func ignoresUnknownResults() {
        var monitor = HealthMonitor(seed: 1)
        monitor.watch(ProbeWorld.watches(1), now: .zero)
        var actions: [HealthMonitor.Action] = []
        monitor.advance(now: .zero, into: &actions)
        guard case .startProbe(let request)? = actions.first else {
            Issue.record("no probe: \(actions)")
            return
        }
        monitor.watch([], now: .zero)
        let late = ProbeResult(id: request.id, succeeded: true, detail: "", roundTripNanoseconds: 1)
        actions = []
        #expect(monitor.probeEnded(late, now: .zero, into: &actions) == nil && actions.isEmpty)
        #expect(monitor.nextWake == .distantFuture)
    }
}

/// Endpoints that behave as told, in simulated time, in front of a monitor.
struct ProbeWorld {
    var monitor: HealthMonitor
    var now = LoopTime.zero
    var behaviour: (EndpointID, LoopTime) -> HealthMonitorTests.Behaviour = { _, _ in .answers }
    private(set) var probes = 0
    private(set) var changes:
        [(endpoint: EndpointID, state: HealthState, wasKnown: Bool, cause: String, at: LoopTime)] = []
    private(set) var lastRequest: [EndpointID: ProbeRequest] = [:]
    private var results: [(at: LoopTime, result: ProbeResult)] = []

    init(seed: UInt64, endpoints: Int) {
        monitor = HealthMonitor(seed: seed)
        monitor.watch(ProbeWorld.watches(endpoints), now: .zero)
    }

    static func watches(_ count: Int) -> [Watch] { (0..<count).map { watch(UInt32($0)) } }

    static func watch(_ id: UInt32, path: String = "/healthz") -> Watch {
        var health = Configuration.Health()
        health.path = path
        return Watch(
            endpoint: EndpointID(rawValue: id),
            target: UpstreamTarget(address: .ip(.loopback, port: 1), settings: .init(), serverName: ""),
            health: health)
    }

    mutating func run(until end: LoopTime) {
        while true {
            let next = min(monitor.nextWake, results.map(\.at).min() ?? .distantFuture)
            guard next <= end else { break }
            now = max(now, next)
            var actions: [HealthMonitor.Action] = []
            if let index = results.firstIndex(where: { $0.at <= now }) {
                monitor.probeEnded(results.remove(at: index).result, now: now, into: &actions)
            } else {
                monitor.advance(now: now, into: &actions)
            }
            take(actions)
        }
        now = end
    }

    private mutating func take(_ actions: [HealthMonitor.Action]) {
        for action in actions {
            switch action {
            case .startProbe(let request):
                probes += 1
                lastRequest[request.endpoint] = request
                results.append(answer(to: request))
            case .changed(let endpoint, let state, let wasKnown, let cause):
                changes.append((endpoint, state, wasKnown, cause, now))
            }
        }
    }

    private func answer(to request: ProbeRequest) -> (LoopTime, ProbeResult) {
        func result(_ succeeded: Bool, _ detail: String) -> ProbeResult {
            ProbeResult(id: request.id, succeeded: succeeded, detail: detail, roundTripNanoseconds: 1_000_000)
        }
        switch behaviour(request.endpoint, now) {
        case .answers: return (now.advanced(milliseconds: 1), result(true, ""))
        case .refuses: return (now.advanced(milliseconds: 1), result(false, "connection refused"))
        case .swallows:
            // The probe loop gives up a little late, as a timer wheel does.
            let milliseconds = request.timeoutMilliseconds + 1
            return (now.advanced(milliseconds: milliseconds), result(false, "no answer within 1000 ms"))
        }
    }
}

import Glibc
import Model
import Support
import Testing

@testable import Policy

/// The limiter before an endpoint that serves so many at a time and lets the others queue, in simulated time.
struct ConcurrencyLimitTests {
    /// A server of `capacity` places; clients who come back as soon as they are answered, `demand` of them.
    struct Endpoint {
        var capacity = 20
        var demand = 200
        var milliseconds = 40.0
        /// Share of a service time that is random: 0 none, 1 all of it (exponential).
        var noise = 0.0
        var limit = ConcurrencyLimit(maximum: 4_096)
        var now = LoopTime(nanoseconds: 1_000_000_000)
        var random: SplitMix64
        /// End of what each place of the server does now, nanoseconds.
        private var places: [Double] = []
        /// In flight: sent, done.
        private var requests: [(sent: Double, done: Double)] = []

        init(seed: UInt64) { random = SplitMix64(seed: seed) }

        private mutating func serviceTime() -> Double {
            let draw = Double(random.next() >> 11) / Double(1 << 53)
            let exponential = -log(1 - draw)
            return milliseconds * 1e6 * (1 - noise + noise * exponential)
        }

        mutating func run(seconds: Double) {
            let end = Double(now.nanoseconds) + seconds * 1e9
            while true {
                fill()
                var next = 0
                for index in requests.indices where requests[index].done < requests[next].done { next = index }
                let request = requests[next]
                guard request.done < end else { break }
                now = LoopTime(nanoseconds: UInt64(request.done))
                let count = requests.count
                requests.swapAt(next, count - 1)
                requests.removeLast()
                limit.observe(latencyNanoseconds: UInt64(request.done - request.sent), inFlight: count, now: now)
            }
            now = LoopTime(nanoseconds: UInt64(end))
        }

        /// The limit after each second, in order of size: the first few are of rests.
        mutating func limits(seconds: Int) -> [Int] {
            var limits: [Int] = []
            for _ in 0..<seconds {
                run(seconds: 1)
                limits.append(limit.current)
            }
            return limits.sorted()
        }

        private mutating func fill() {
            while places.count < capacity { places.append(0) }
            while places.count > capacity { places.removeLast() }
            let present = Double(now.nanoseconds)
            while requests.count < min(limit.current, demand) {
                var free = 0
                for index in places.indices where places[index] < places[free] { free = index }
                places[free] = max(places[free], present) + serviceTime()
                requests.append((present, places[free]))
            }
        }
    }

    @Test("settles near what the endpoint serves at a time", arguments: [4, 20, 60])
    func settles(capacity: Int) {
        var endpoint = Endpoint(seed: 1)
        (endpoint.capacity, endpoint.demand) = (capacity, capacity * 10)
        endpoint.run(seconds: 10)
        let limits = endpoint.limits(seconds: 120)
        #expect(limits[6] * 3 >= capacity * 2 && limits[113] <= capacity * 3, "\(limits)")
    }

    @Test("grows with the endpoint, and is small again when the endpoint is")
    func followsCapacity() {
        var endpoint = Endpoint(seed: 2)
        endpoint.demand = 300
        endpoint.run(seconds: 20)
        endpoint.capacity = 60
        endpoint.run(seconds: 60)
        #expect(endpoint.limit.current >= 50, "\(endpoint.limit.current)")
        endpoint.capacity = 20
        endpoint.run(seconds: 60)
        #expect(endpoint.limit.current <= 60, "\(endpoint.limit.current)")
    }

    @Test("recovers after a slow time, however long it was", arguments: [5.0, 300.0])
    func recovers(slowSeconds: Double) {
        var endpoint = Endpoint(seed: 3)
        endpoint.run(seconds: 60)
        endpoint.milliseconds = 400
        endpoint.run(seconds: slowSeconds)
        endpoint.milliseconds = 40
        endpoint.run(seconds: 40)
        #expect((18...60).contains(endpoint.limit.current), "\(endpoint.limit.current)")
    }

    @Test("an endpoint that is slower for good keeps its throughput")
    func slowForGood() {
        var endpoint = Endpoint(seed: 4)
        endpoint.run(seconds: 60)
        endpoint.milliseconds = 200
        endpoint.run(seconds: 60)
        #expect((18...60).contains(endpoint.limit.current), "\(endpoint.limit.current)")
    }

    /// Service times as random as they come must not look like a queue. Replay: PORTOLAN_SEED=<seed>.
    @Test func noiseDoesNotCollapseIt() throws {
        var seeds = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<5 {
            var endpoint = Endpoint(seed: seeds.next())
            endpoint.noise = 1
            endpoint.run(seconds: 20)
            let limits = endpoint.limits(seconds: 60)
            try #require(limits[6] >= 12 && limits[53] <= 80, "seed \(seeds.seed), round \(round): \(limits)")
        }
    }

    @Test("a limit that nobody uses stays, whatever the latency")
    func unused() {
        var endpoint = Endpoint(seed: 5)
        endpoint.demand = 4
        endpoint.run(seconds: 5)
        let before = endpoint.limit.current
        endpoint.milliseconds = 2_000
        endpoint.run(seconds: 20)
        #expect(endpoint.limit.current == before)
    }

    @Test("stays within its bounds", arguments: [1, 3, 10])
    func bounds(maximum: Int) throws {
        var seeds = SplitMix64.fromEnvironmentOrFresh()
        var limit = ConcurrencyLimit(maximum: maximum)
        var now = LoopTime.zero
        for _ in 0..<20_000 {
            now = now.advanced(milliseconds: seeds.next() % 50)
            limit.observe(
                latencyNanoseconds: seeds.next() % 1_000_000_000, inFlight: Int(seeds.next() % 20), now: now)
            try #require((min(3, maximum)...maximum).contains(limit.current), "seed \(seeds.seed)")
        }
    }
}

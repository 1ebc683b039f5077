import Model
import Support
import Testing

@testable import Policy

struct LatencyOrderTests {
    static func regions(_ ids: Int...) -> [RegionID] { ids.map { RegionID(rawValue: UInt16($0)) } }

    /// Region ids in order of configuration 0, 1, 2; distances of three regions in ms, as first measured, in that order.
    static let rows: [(distances: [UInt64], order: [Int], bands: [UInt64])] = [
        ([10, 20, 30], [0, 1, 2], [0b111, 0b111, 0b111]),
        ([10, 30, 31], [0, 1, 2], [0b011, 0b111, 0b111]),  // 20 ms is within
        ([200, 230, 231], [0, 1, 2], [0b011, 0b111, 0b111]),  // 15 % of 200 is 30
        ([90, 50, 10], [2, 1, 0], [0b111, 0b110, 0b100]),
        ([5, 5, 5], [0, 1, 2], [0b111, 0b111, 0b111]),
    ]

    @Test("first distances give the order and the bands at once", arguments: rows)
    func first(distances: [UInt64], order: [Int], bands: [UInt64]) {
        for turn in 0..<3 {
            var latency = LatencyWorld.latency
            for place in 0..<3 {
                let region = (place + turn) % 3
                latency.measured(RegionID(rawValue: UInt16(region)), distances[region] * 1_000_000)
            }
            // Equals keep the order in which they were measured.
            if Set(distances).count == 3 { #expect(latency.order.map { Int($0.rawValue) } == order) }
            #expect((0..<3).map { latency.band(of: RegionID(rawValue: $0)).bits } == bands)
        }
    }

    @Test("regions never measured come last, as configured")
    func unmeasured() {
        var latency = LatencyWorld.latency
        #expect(latency.order == Self.regions(0, 1, 2))
        latency.measured(RegionID(rawValue: 2), 1_000_000)
        #expect(latency.order == Self.regions(2, 0, 1))
        latency.measured(RegionID(rawValue: 1), 2_000_000)
        #expect(latency.order == Self.regions(2, 1, 0))
        #expect(latency.band(of: RegionID(rawValue: 0)) == RegionSet(bits: 1))
    }

    @Test("a region leaves the band after three windows, and comes back as slowly, but not before the dwell")
    func leaves() {
        var world = LatencyWorld([10, 20, 100])
        let said1 = world.windows(3, [10, 31, 100])
        #expect(said1 == [false, false, true])
        #expect(world.bands == [0b001, 0b011, 0b111])  // of 0 it left; seen from 1, 0 is nearer
        let said2 = world.windows(6, [10, 20, 100])
        #expect(said2 == [false, false, false, false, false, true])
        #expect(world.bands == [0b011, 0b011, 0b111])
        let said3 = world.windows(6, [10, 31, 100])
        #expect(said3.last == true)  // three windows were over long before the dwell was
    }

    @Test("two regions change places after three windows in a row")
    func overtakes() {
        var world = LatencyWorld([10, 20, 100])
        let said4 = world.windows(2, [30, 20, 100])
        #expect(said4 == [false, false])
        let said5 = world.windows(1, [10, 20, 100])
        #expect(said5 == [false])
        let said6 = world.windows(3, [30, 20, 100])
        #expect(said6 == [false, false, true])
        #expect(world.latency.order == Self.regions(1, 0, 2))
    }

    @Test("a region may pass several at once")
    func passes() {
        var world = LatencyWorld([10, 100, 200])
        let said7 = world.windows(3, [300, 100, 200])
        #expect(said7.last == true)
        #expect(world.latency.order == Self.regions(1, 2, 0))
        #expect(world.bands == [0b111, 0b010, 0b110])
    }

    /// Whatever noise does, order and bands stay for the dwell after each change, and follow a real change in time.
    @Test func neverFlaps() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        for round in 0..<200 {
            var world = LatencyWorld((0..<3).map { _ in 1 + UInt64(random.next(below: 100)) })
            var (changedAt, before) = (Int?.none, world.seen)
            let swing = 1 + random.next(below: 80)
            let base = (0..<3).map { _ in 1 + UInt64(random.next(below: 100)) }
            for window in 0..<360 {
                _ = world.windows(1, base.map { $0 + UInt64(random.next(below: swing)) })
                if world.seen == before { continue }
                try #require(window - (changedAt ?? -6) >= 6, "seed \(random.seed), round \(round), window \(window)")
                (changedAt, before) = (window, world.seen)
            }
            // Quiet at last, far apart: the order is right within the dwell and three windows.
            let last: [UInt64] = [400, 200, 900]
            _ = world.windows(9, last)
            try #require(world.latency.order == Self.regions(1, 0, 2), "seed \(random.seed), round \(round)")
            try #require(world.bands == [0b011, 0b010, 0b111], "seed \(random.seed), round \(round)")
        }
    }
}

/// Three regions at distances in ms.
struct LatencyWorld {
    static var latency: LatencyOrder {
        LatencyOrder(
            Configuration.LatencyRules(), configured: (0..<3).map { RegionID(rawValue: $0) }, capacity: 3, now: .zero)
    }

    private(set) var latency = LatencyWorld.latency

    init(_ distances: [UInt64]) {
        for (index, distance) in distances.enumerated() {
            latency.measured(RegionID(rawValue: UInt16(index)), distance * 1_000_000)
        }
    }

    var bands: [UInt64] { (0..<3).map { latency.band(of: RegionID(rawValue: $0)).bits } }
    var seen: [UInt64] { bands + latency.order.map { UInt64($0.rawValue) } }

    /// What each of so many windows says.
    mutating func windows(_ count: Int, _ distances: [UInt64]) -> [Bool] {
        (0..<count).map { _ in latency.windowEnded(now: latency.nextWake) { distances[$0.index] * 1_000_000 } }
    }
}

import Glibc
import Model
import Support
import Testing

@testable import Policy

struct RegionDistancesTests {
    private static func distances(endpoints: Int = 4) -> RegionDistances {
        var distances = RegionDistances(Configuration.LatencyRules())
        distances.grow(regions: 2, endpoints: endpoints)
        return distances
    }

    @Test("the first sample is the distance, and is told")
    func first() {
        var distances = Self.distances()
        let (endpoint, region) = (EndpointID(rawValue: 1), RegionID(rawValue: 1))
        let now = LoopTime(nanoseconds: 5_000_000_000)
        #expect(distances.distance(of: region) == nil)
        var isFirst = distances.probed(EndpointID(rawValue: 0), in: region, after: 7, countsForRegion: false, now: now)
        #expect(
            !isFirst && distances.distance(of: region) == nil && distances.distance(of: EndpointID(rawValue: 0)) == 7)
        isFirst = distances.probed(endpoint, in: region, after: 9, countsForRegion: true, now: now)
        #expect(isFirst && distances.distance(of: region) == 9 && distances.distance(of: RegionID(rawValue: 0)) == nil)
        isFirst = distances.probed(endpoint, in: region, after: 9, countsForRegion: true, now: now)
        #expect(!isFirst)
    }

    /// After a jump from a to b the mean is b − (b − a)·e^(−t/τ): τ is 30 s of a region, 10 s of an endpoint.
    @Test(arguments: [1, 5, 10, 30, 60] as [UInt64]) func followsWithItsTimeConstant(seconds: UInt64) {
        var distances = Self.distances()
        let (endpoint, region) = (EndpointID(rawValue: 0), RegionID(rawValue: 0))
        func sample(_ nanoseconds: UInt64, from start: UInt64, to end: UInt64) {
            for second in start..<end {
                let now = LoopTime(nanoseconds: second * 1_000_000_000)
                _ = distances.probed(endpoint, in: region, after: nanoseconds, countsForRegion: true, now: now)
            }
        }
        sample(10_000_000, from: 1, to: 300)
        sample(110_000_000, from: 300, to: 300 + seconds)
        for (seen, constant) in [(distances.distance(of: region) ?? 0, 30.0), (distances.distance(of: endpoint), 10.0)]
        {
            let expected = 110e6 - 100e6 * exp(-Double(seconds) / constant)
            #expect(abs(Double(seen) - expected) < 4e6)  // sampling once a second is off by up to half a sample
        }
    }

    /// Two endpoints at 10 and 30 ms, one heard shortly after the other: each counts alike.
    @Test(arguments: [50, 250, 500, 900] as [UInt64]) func countsEndpointsAlike(offsetMilliseconds: UInt64) {
        var distances = Self.distances()
        let region = RegionID(rawValue: 0)
        for second in 1..<200 as Range<UInt64> {
            let first = LoopTime(nanoseconds: second * 1_000_000_000)
            let second = first.advanced(milliseconds: offsetMilliseconds)
            _ = distances.probed(
                EndpointID(rawValue: 0), in: region, after: 10_000_000, countsForRegion: true, now: first)
            _ = distances.probed(
                EndpointID(rawValue: 1), in: region, after: 30_000_000, countsForRegion: true, now: second)
        }
        #expect(abs(Double(distances.distance(of: region) ?? 0) - 20e6) < 0.6e6)
    }

    @Test("a sample after a long silence does not decide alone, and nothing overflows")
    func silence() {
        var distances = Self.distances()
        let (endpoint, region) = (EndpointID(rawValue: 0), RegionID(rawValue: 0))
        var now = LoopTime(nanoseconds: 1_000_000_000)
        for _ in 0..<100 {
            _ = distances.probed(endpoint, in: region, after: 10_000_000, countsForRegion: true, now: now)
            now = now.advanced(milliseconds: 1_000)
        }
        now = now.advanced(milliseconds: 5_000)
        _ = distances.probed(endpoint, in: region, after: 1_000_000_000, countsForRegion: true, now: now)
        #expect((distances.distance(of: region) ?? 0) < 150_000_000)
        now = now.advanced(milliseconds: 365 * 86_400_000)
        _ = distances.probed(endpoint, in: region, after: 50_000_000, countsForRegion: true, now: now)
        #expect(abs(Double(distances.distance(of: region) ?? 0) - 50e6) < 1e6)
    }

    /// A probe's round trip, a request's first byte, and what the region's distance is a minute later.
    static let requests: [(probe: UInt64, request: UInt64, distance: UInt64)] = [
        (30_000_000, 110_000_000, 30_000_000), (30_000_000, 30_000_000, 30_000_000),
        (30_000_000, 10_000_000, 10_000_000),
    ]

    @Test("a request counts as the latest probe, unless it was quicker", arguments: requests)
    func countsRequests(probe: UInt64, request: UInt64, distance: UInt64) throws {
        var distances = Self.distances()
        let (endpoint, region) = (EndpointID(rawValue: 0), RegionID(rawValue: 0))
        var now = LoopTime(nanoseconds: 1_000_000_000)
        let isTold = distances.answered(endpoint, in: region, after: request, countsForRegion: true, now: now)
        #expect(!isTold && distances.distance(of: region) == nil && distances.distance(of: endpoint) == 0)
        _ = distances.probed(endpoint, in: region, after: probe, countsForRegion: true, now: now)
        for _ in 0..<1_200 {
            now = now.advanced(milliseconds: 250)
            _ = distances.answered(endpoint, in: region, after: request, countsForRegion: true, now: now)
        }
        let seen = try #require(distances.distance(of: region))
        #expect(max(seen, distance) - min(seen, distance) < 10_000)
        #expect(distances.distance(of: endpoint) == distance)
    }

    @Test("a region that moves away is followed as fast with requests as without")
    func followsWithRequests() {
        var (busy, idle) = (Self.distances(), Self.distances())
        let (endpoint, region) = (EndpointID(rawValue: 0), RegionID(rawValue: 0))
        for tick in 4..<520 as Range<UInt64> {
            let now = LoopTime(nanoseconds: tick * 250_000_000)
            let away: UInt64 = tick < 400 ? 10_000_000 : 110_000_000
            if tick % 4 == 0 {
                _ = busy.probed(endpoint, in: region, after: away, countsForRegion: true, now: now)
                _ = idle.probed(endpoint, in: region, after: away, countsForRegion: true, now: now)
            } else {
                _ = busy.answered(endpoint, in: region, after: away + 80_000_000, countsForRegion: true, now: now)
            }
        }
        let (one, other) = (busy.distance(of: region) ?? 0, idle.distance(of: region) ?? 0)
        #expect(other > 70_000_000 && max(one, other) - min(one, other) < 2_000_000)
    }
}

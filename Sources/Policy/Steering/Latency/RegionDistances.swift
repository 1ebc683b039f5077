import Model

/// How far away regions and endpoints are: smoothed round trips of probes and first-byte times of real requests
/// (routing.md, Latency). Pure.
///
/// A first byte waits for the endpoint's work, and only regions with traffic have first bytes: counted as they are,
/// they would put a busy region behind an idle one that is farther away, and requests would swing between the two. So
/// a request counts as its endpoint's latest probe, unless it was quicker (docs/decisions/0014).
struct RegionDistances: Sendable {
    /// The longest a sample speaks for, as a part of the region's time constant: what came before a silence fades, and
    /// the first sample after it does not decide alone.
    static let longestSpanPart: UInt64 = 10

    private struct Endpoint: BitwiseCopyable, Sendable {
        var mean = DecayingMean()
        var at = LoopTime.zero
        /// The latest probe; 0: none.
        var probe: UInt64 = 0
    }

    /// May change: what was measured under others stays.
    var rules: Configuration.LatencyRules
    /// By id.
    private var regions: [DecayingMean] = []
    private var endpoints: [Endpoint] = []

    init(_ rules: Configuration.LatencyRules) { self.rules = rules }

    private var regionConstant: UInt64 { max(1, rules.regionSmoothingMilliseconds) * 1_000_000 }
    private var endpointConstant: UInt64 { max(1, rules.endpointSmoothingMilliseconds) * 1_000_000 }

    /// As many regions and endpoints as ids were given out.
    mutating func grow(regions regionCount: Int, endpoints endpointCount: Int) {
        while regions.count < regionCount { regions.append(DecayingMean()) }
        while endpoints.count < endpointCount { endpoints.append(Endpoint()) }
    }

    /// Nil: never measured.
    func distance(of region: RegionID) -> UInt64? {
        guard region.index < regions.count, regions[region.index].isMeasured else { return nil }
        return regions[region.index].nanoseconds
    }

    /// 0: never measured.
    func distance(of endpoint: EndpointID) -> UInt64 {
        endpoint.index < endpoints.count ? endpoints[endpoint.index].mean.nanoseconds : 0
    }

    /// A probe came back after so long. Says whether it is the region's first sample. `countsForRegion` is false for
    /// endpoints that take no requests.
    mutating func probed(
        _ endpoint: EndpointID, in region: RegionID, after nanoseconds: UInt64, countsForRegion: Bool, now: LoopTime
    ) -> Bool {
        endpoints[endpoint.index].probe = max(1, nanoseconds)
        return add(nanoseconds, of: endpoint, in: region, countsForRegion: countsForRegion, now: now)
    }

    /// Requests had their first byte after so long. Before the endpoint's first probe that says nothing: nobody knows
    /// how much of it is work.
    mutating func answered(
        _ endpoint: EndpointID, in region: RegionID, after nanoseconds: UInt64, countsForRegion: Bool, now: LoopTime
    ) -> Bool {
        let probe = endpoints[endpoint.index].probe
        if probe == 0 { return false }
        return add(min(nanoseconds, probe), of: endpoint, in: region, countsForRegion: countsForRegion, now: now)
    }

    private mutating func add(
        _ nanoseconds: UInt64, of endpoint: EndpointID, in region: RegionID, countsForRegion: Bool, now: LoopTime
    ) -> Bool {
        let longestSpan = regionConstant / RegionDistances.longestSpanPart
        let span = min(now.nanoseconds(since: endpoints[endpoint.index].at), longestSpan)
        endpoints[endpoint.index].at = now
        endpoints[endpoint.index].mean.add(nanoseconds, span: span, timeConstant: Double(endpointConstant), now: now)
        guard countsForRegion else { return false }
        let isFirst = !regions[region.index].isMeasured
        regions[region.index].add(nanoseconds, span: span, timeConstant: Double(regionConstant), now: now)
        return isFirst
    }
}

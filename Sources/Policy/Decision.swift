public import Model

/// Where a request goes, or why it goes nowhere. 28 bytes, no reference.
public struct Decision: Equatable, BitwiseCopyable, Sendable {
    /// `.none` only when no route matched.
    public var route = RouteID.none
    /// `.none`, as cell and endpoint, in a refusal.
    public var region = RegionID.none
    public var cell = CellID.none
    public var endpoint = EndpointID.none
    /// The one code that response, log and metrics carry (routing.md: refusal, exception, first stage to decide).
    public var reason = Reason.weight
    public var isRefused = false
    /// Status of a refusal, 4xx or 503 (with `retry-after`); 0 otherwise.
    public var status: UInt16 = 0
    /// With `isFallback` the region that `x-region` named and that cannot serve; else `.none`.
    public var wantedRegion = RegionID.none
    /// `x-region` named a region that cannot serve, and another one does: `REGION_FALLBACK`.
    public var isFallback = false
    /// No allowed region is open; this is the least bad.
    public var isPanic = false

    public init() {}

    static func refused(_ refusal: Refusal, route: RouteID) -> Decision {
        var decision = Decision()
        (decision.route, decision.isRefused) = (route, true)
        (decision.status, decision.reason) = (refusal.status, refusal.reason)
        return decision
    }
}

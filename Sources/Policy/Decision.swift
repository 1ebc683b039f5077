public import Model

/// Where a request goes, or why it goes nowhere. No reference.
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
    /// Status of a refusal, 307, 4xx or 503 (with `retry-after`); 0 otherwise.
    public var status: UInt16 = 0
    /// With `isFallback` the region that `x-region` named and that cannot serve; in a refused misroute the tenant's
    /// home, where a redirect goes; else `.none`.
    public var wantedRegion = RegionID.none
    /// `x-region` named a region that cannot serve, and another one does: `REGION_FALLBACK`.
    public var isFallback = false
    /// No allowed region is open; this is the least bad.
    public var isPanic = false
    /// A write on its way to the owner's replication backend: it carries owner, `epoch` and origin.
    public var isWrite = false
    /// The request's tenant is at home elsewhere (routing.md, misroute): counted, and an event.
    public var isMisroute = false
    /// The session that the request belongs to is held here from now on: it is new, or it moved (`movedFrom`). Never
    /// set by a retry, which only serves this one request elsewhere.
    public var holdsSession = false
    /// The cell a migrated session leaves, `.none` for a new one; with `sticky_migrated`.
    public var movedFrom = CellID.none
    /// The session left by a drain, not for health.
    public var isMovedByDrain = false
    /// The pinned tenant's home, else `.none`.
    public var home = RegionID.none
    /// The fence: the regions that the tenant's data may touch. Checked again where a connection is picked.
    public var allowed = RegionSet(bits: .max)
    /// With `isWrite`: the ownership's epoch as this edge knows it.
    public var epoch: UInt64 = 0
    /// Regions whose turn it was and that let the request go, by dial or spill: with `nearest`, what chance said.
    public var letGo = RegionSet.empty
    /// The first of `letGo`; `.none` when nobody let it go.
    public var nearest = RegionID.none

    public init() {}
}

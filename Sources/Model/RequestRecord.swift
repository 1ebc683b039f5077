/// What a worker tells of one ended request (or one event), written to its `RecordRing`: this head, then the bytes of
/// its texts one after another in the order of the counts below.
public struct RequestRecord: Sendable, BitwiseCopyable {
    /// What the record tells of. Raw values are only between threads of one process.
    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        case request
        /// `REGION_FALLBACK`: `region` is where it went, `wantedRegion` where it should have.
        case regionFallback
        /// `SESSIONS_MIGRATED`: a session left `movedFrom` for `cell`.
        case sessionMoved
        /// `MISROUTE`: `wantedRegion` is the tenant's home, `region` where the request went; `.none`: nowhere.
        case misroute
        /// `RESIDENCY_DENIED`: `reason` says whether the fence left nothing, or held at the last moment.
        case residencyDenied
        /// A 421 taught that `region` owns the dataset of `route` since `epoch`.
        case ownerLearned
    }

    public var kind = Kind.request
    public var method = Method.get
    public var reason = Reason.weight
    /// `ExchangeError.Reason` + 1; 0: none.
    public var error: UInt8 = 0
    public var listener: UInt8 = 0
    public var attemptCount: UInt8 = 0
    public var status: UInt16 = 0
    public var route = RouteID.none
    public var region = RegionID.none
    public var wantedRegion = RegionID.none
    public var cell = CellID.none
    /// The endpoints tried, first to last, and why each was left (`ExchangeError.Reason` + 1; 0: it answered).
    public var endpoints = (EndpointID.none, EndpointID.none, EndpointID.none)
    public var attemptErrors: (UInt8, UInt8, UInt8) = (0, 0, 0)
    public var generation: UInt64 = 0
    /// Nanoseconds since 1970 when the request's head was complete.
    public var startedAt: UInt64 = 0
    public var durationMicroseconds: UInt32 = 0
    /// From the request's last sending to the first byte of the response's head.
    public var upstreamMicroseconds: UInt32 = 0
    /// Body octets.
    public var bytesIn: UInt64 = 0
    public var bytesOut: UInt64 = 0
    /// Absent (a Unix socket) when both are 0 and it is IPv4.
    public var client = IPAddress(v4: 0)
    public var clientPort: UInt16 = 0
    /// Why each of `endpoints` was tried.
    public var attemptWhys: (AttemptWhy, AttemptWhy, AttemptWhy) = (.first, .first, .first)
    /// Of `sessionMoved`: the cell that was left, and whether a drain made it leave.
    public var movedFrom = CellID.none
    public var isMovedByDrain = false
    /// Of `ownerLearned`.
    public var epoch: UInt64 = 0
    /// The first decision: what a replay of the log decides again.
    public var decision = DecisionRecord()
    // The texts behind this head.
    public var requestIDCount: UInt16 = 0
    public var authorityCount: UInt16 = 0
    public var pathCount: UInt16 = 0
    public var tenantCount: UInt16 = 0
    /// Of `x-region` from a source that may set it.
    public var xRegionCount: UInt16 = 0
    public init() {}

    /// Bytes of all texts behind this head.
    @inlinable public var textCount: Int {
        Int(requestIDCount) + Int(authorityCount) + Int(pathCount) + Int(tenantCount) + Int(xRegionCount)
    }
}

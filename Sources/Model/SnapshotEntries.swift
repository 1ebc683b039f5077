/// One region as a decision sees it.
public struct RegionEntry: Sendable, BitwiseCopyable {
    public var isPresent = true
    /// It can serve: active, health known, a cell with a healthy endpoint that no operator took out.
    public var isFit = false
    /// Fit, and it takes new work: dial > 0 and such a cell with weight > 0, not drained.
    public var isOpen = false
    /// Mode active and dial > 0. A panic may fall back on such a region however ill it is, on another never.
    public var takesNewWork = true
    public var name = TableRange.empty
    /// Its present cells, a run of `Snapshot.cellLists`; the replication backend is not among them.
    public var cells = TableRange.empty
    /// Index into `Snapshot.jurisdictions`.
    public var jurisdiction: UInt8 = 0
    /// Of the requests that choose the region by latency it keeps so many 10,000ths; the rest go to the next one.
    public var keptShare: UInt16 = 10_000
    /// The operator's dial is what lets go of the rest, not a spill.
    public var isDialed = false
    /// The dial that an operator set, whole percent; 100 without one. No decision goes by it: `keptShare` has it.
    public var dialPercent: UInt8 = 100
    /// The regions within the latency band when this one is the nearest of those left; it is one of them.
    public var band = RegionSet.empty
    /// Weight among the regions of a band: requests a second that its cells carry; at least 1.
    public var capacity: UInt32 = 1
    /// 10,000 buckets, a run of `Snapshot.buckets`; empty without cells.
    public var buckets = TableRange.empty
    /// The cell of its replication backends; `.none` without any.
    public var replication = CellID.none
    /// Authority of the region's own edge; empty without one.
    public var edge = TableRange.empty
    public init() {}
}

/// One cell.
public struct CellEntry: Sendable, BitwiseCopyable {
    public var isPresent = true
    /// It has an available endpoint.
    public var isFit = false
    public var region = RegionID.none
    /// Share of its region's traffic as the operator or the file says, whole percent 0–100.
    public var weightPercent: UInt8 = 0
    /// Effective share of its region's new work in 10,000ths: the weight as drains leave it. The cells of a region sum
    /// to 10,000, or to 0 when all are drained.
    public var share: UInt16 = 0
    /// Sessions whose slot (`SessionSlot`) is below leave the cell: 0 none, 10,000 all.
    public var leavingSlots: UInt16 = 0
    /// A drain's deadline has passed: streams still open to it are reset.
    public var resetsStreams = false
    /// What an operator set its weight to, whole percent, `.max` without; and what drains admit of the weight. No
    /// decision goes by them: `share` has both.
    public var setPercent = UInt8.max
    public var admissionPercent: UInt8 = 100
    /// It takes a region's writes, and no other request.
    public var isReplication = false
    /// The same for the same region and cell names in every process: what session tokens name it by.
    public var tag: UInt64 = 0
    public var name = TableRange.empty
    /// All its endpoints, and those that may be chosen now: runs of `Snapshot.endpointLists`.
    public var endpoints = TableRange.empty
    public var available = TableRange.empty
    public init() {}
}

/// What a detector last said of an endpoint.
public enum HealthState: UInt8, Sendable, CaseIterable, BitwiseCopyable { case unknown, up, down }

/// One endpoint.
public struct EndpointEntry: Sendable, BitwiseCopyable {
    public var isPresent = true
    public var health = HealthState.unknown
    public var cell = CellID.none
    public var region = RegionID.none
    /// Slow start: the share, in percent, of its turns that it takes; 10–100.
    public var warmthPercent: UInt8 = 100
    public init() {}
}

/// How a route's clients are kept where they are.
public enum SessionKind: UInt8, Sendable, CaseIterable, BitwiseCopyable { case none, producer, token, cookie }

/// What a tenant's request away from home meets (routing.md).
public enum MisrouteMode: UInt8, Sendable, CaseIterable, BitwiseCopyable { case forward, redirect, reject }

/// One dataset, and who owns it.
public struct DatasetEntry: Sendable, BitwiseCopyable {
    public var name = TableRange.empty
    /// `.none` with `isMulti`, and when nobody knows.
    public var owner = RegionID.none
    /// Only grows.
    public var epoch: UInt64 = 1
    /// Any region takes writes.
    public var isMulti = false
    public init() {}
}

/// What a route does to the heads that pass: runs of `Snapshot.headerChanges`. The values of removals are empty.
public struct HeaderChangeRanges: Sendable, BitwiseCopyable {
    public var requestAdd = TableRange.empty
    public var requestRemove = TableRange.empty
    public var responseAdd = TableRange.empty
    public var responseRemove = TableRange.empty
    public init() {}
    @inlinable public var isEmpty: Bool {
        requestAdd.isEmpty && requestRemove.isEmpty && responseAdd.isEmpty && responseRemove.isEmpty
    }
}

/// Which answers and failures of an endpoint are another one's chance; bits of `RouteEntry.retryOn`.
public enum RetryCause: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    case reset, badGateway, unavailable, gatewayTimeout, perTryTimeout
    @inlinable public var bit: UInt8 { 1 << rawValue }
    public static let all: UInt8 = 0b11111
}

/// One route, its match and what it asks for.
public struct RouteEntry: Sendable, BitwiseCopyable {
    public var name = TableRange.empty
    /// Lower case; empty: any. With `hostIsSuffix` it begins with the dot of `*.example.com`.
    public var host = TableRange.empty
    public var hostIsSuffix = false
    /// Empty: any.
    public var pathPrefix = TableRange.empty
    /// Bits of `Method`; 0: any.
    public var methods: UInt16 = 0
    /// A run of `Snapshot.headerMatches`.
    public var headers = TableRange.empty
    public var forcesXRegion = false
    public var isStreaming = false
    public var panicIsOpen = true
    public var isIdempotent = false
    public var retries: UInt8 = 1
    /// Bits of `RetryCause`.
    public var retryOn = RetryCause.all
    public var timeoutMilliseconds: UInt32 = 60_000
    /// Until the head of one attempt's answer; 0: the endpoint's response timeout alone.
    public var perTryMilliseconds: UInt32 = 0
    /// A safe request without an answer after this long gets a second attempt beside the first; 0: never.
    public var hedgeMilliseconds: UInt32 = 0
    public var sessions = SessionKind.none
    /// Name of the header whose value keys the request; empty: none.
    public var hashBy = TableRange.empty
    /// Index into `Snapshot.datasets`; -1: none.
    public var dataset: Int16 = -1
    /// `class: write`: goes to the owner whatever its method.
    public var isWriteClass = false
    public var readsLocal = false
    /// Writes without an `idempotency-key` get one.
    public var addsIdempotencyKey = false
    public var headerChanges = HeaderChangeRanges()
    public init() {}
}

/// A header that a route wants to see.
public struct HeaderMatch: Sendable, BitwiseCopyable {
    /// Lower case.
    public var name: TableRange
    /// Empty: any value.
    public var value: TableRange
    public init(name: TableRange, value: TableRange) { (self.name, self.value) = (name, value) }
}

/// How to connect to one endpoint.
public struct UpstreamTarget: Equatable, Sendable {
    /// An IP address and port, or a Unix socket: names were resolved.
    public var address: Address
    public var settings: Configuration.Upstream
    /// For SNI and verification with `h2`.
    public var serverName: String
    public init(address: Address, settings: Configuration.Upstream, serverName: String) {
        (self.address, self.settings, self.serverName) = (address, settings, serverName)
    }
}

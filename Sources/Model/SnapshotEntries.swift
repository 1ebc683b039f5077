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
    /// Its present cells, a run of `Snapshot.cellLists`.
    public var cells = TableRange.empty
    public init() {}
}

/// One cell.
public struct CellEntry: Sendable, BitwiseCopyable {
    public var isPresent = true
    /// It has an available endpoint.
    public var isFit = false
    public var region = RegionID.none
    /// Effective share of its region's new work, whole percent 0–100.
    public var weightPercent: UInt8 = 0
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
    public init() {}
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
    public var timeoutMilliseconds: UInt32 = 60_000
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

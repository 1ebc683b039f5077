/// One worker's counters, plain integers that only grow (gauges say so). The worker hands out copies at a tick.
public struct WorkerCounters: Sendable, BitwiseCopyable {
    public var connectionsAccepted: UInt64 = 0
    public var connectionsClosed: UInt64 = 0
    public var connectionsRefused: UInt64 = 0
    public var handshakesFailed: UInt64 = 0
    public var handshakesResumed: UInt64 = 0
    public var requests: UInt64 = 0
    /// Answers by the hundred of their status: 1xx at index 0 … 5xx at 4.
    public var responses: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    /// Answers that the edge made itself.
    public var localResponses: UInt64 = 0
    public var requestsAborted: UInt64 = 0
    public var retries: UInt64 = 0
    public var resends: UInt64 = 0
    public var rescues: UInt64 = 0
    public var regionFallbacks: UInt64 = 0
    public var xRegionUntrusted: UInt64 = 0
    public var upstreamConnections: UInt64 = 0
    public var upstreamConnectFailures: UInt64 = 0
    public var upstreamQueueFull: UInt64 = 0
    public var upstreamQueueTimeouts: UInt64 = 0
    public var streamsStalled: UInt64 = 0
    public var glitches: UInt64 = 0
    public var floodCloses: UInt64 = 0
    public var bytesIn: UInt64 = 0
    public var bytesOut: UInt64 = 0
    public var ticks: UInt64 = 0
    /// Gauges.
    public var exchangesOpen: UInt64 = 0
    public var bufferedBytes: UInt64 = 0
    // Counters again: each part of the data plane adds its own here.
    /// Second attempts beside the first, and those that answered first.
    public var hedges: UInt64 = 0
    public var hedgesWon: UInt64 = 0
    public var perTryTimeouts: UInt64 = 0
    /// Requests that an endpoint's learned limit turned away.
    public var concurrencyRefusals: UInt64 = 0
    /// Streams reset because a drain's deadline passed.
    public var drainDeadlineResets: UInt64 = 0
    /// Request bodies that came too slowly.
    public var requestBodyTimeouts: UInt64 = 0
    /// Sessions that began, and that left their cell for its health or for a drain.
    public var sessionsNew: UInt64 = 0
    public var sessionsMovedByHealth: UInt64 = 0
    public var sessionsMovedByDrain: UInt64 = 0
    /// Session tokens that nobody with our keys wrote, that had run out, and that name a cell unknown here.
    public var tokensForged: UInt64 = 0
    public var tokensExpired: UInt64 = 0
    public var tokensForeign: UInt64 = 0
    /// Tenant headers of clients that may not set one.
    public var tenantsUntrusted: UInt64 = 0
    /// Requests whose certificate, header and host name different tenants.
    public var tenantConflicts: UInt64 = 0
    /// Requests of tenants that are at home elsewhere.
    public var misroutes: UInt64 = 0
    /// Requests that passed this edge before, or too many.
    public var loopsRefused: UInt64 = 0
    /// Requests that were about to leave their tenant's fence; anything but 0 is a bug.
    public var residencyViolations: UInt64 = 0
    /// Writes sent a second time, to the owner that a 421 named.
    public var ownerRedirects: UInt64 = 0
    public init() {}

    /// Adds each of the other's numbers to the same one here.
    public mutating func add(_ other: WorkerCounters) {
        withUnsafeMutableBytes(of: &self) { sums in
            withUnsafeBytes(of: other) { numbers in
                let (sums, numbers) = (sums.assumingMemoryBound(to: UInt64.self), numbers.bindMemory(to: UInt64.self))
                for index in numbers.indices { sums[index] &+= numbers[index] }
            }
        }
    }
}

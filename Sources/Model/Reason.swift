/// Why a request went where it went, or why it was refused: one code a response (routing.md's table, first column to
/// last). Raw values live in records: append, never renumber.
public enum Reason: UInt8, Sendable, CaseIterable, BitwiseCopyable {
    // Where it went.
    case weight, residency, writeOwner, xRegion, regionFallback, sticky, stickyMigrated, onlyFit, panic
    case latency, homeRegion, localRegion, dial, spill
    // Why the routing refused it.
    case residencyDenied, ownerUnknown, ownerUnhealthy, ownerOutsideResidency, xRegionUnavailable, xRegionUnknown
    case lagExcluded, noRegion, noRoute
    // Why the edge refused it before or after routing (limits.md; RFC 9209 says more in `proxy-status`).
    case headersTooLarge, tooManyHeaders, loopDetected, memoryPressure, draining, requestTimeout
    case upstreamConnect, upstreamTimeout, upstreamReset, upstreamProtocol, upstreamQueueFull, upstreamQueueTimeout
    case clientAborted, badRequest, streamStalled, totalTimeout, `internal`
    // Refusals added since.
    case misroute, tenantConflict, concurrencyLimit, drainDeadline, residencyViolation

    /// The name users see in headers, logs, metrics and problem documents.
    public var name: String { Reason.names[Int(rawValue)] }

    /// The same without a String: bytes that live as long as the process.
    public var bytes: ByteView { Reason.staticNames[Int(rawValue)].view }

    static let names = [
        "weight", "residency", "write_owner", "x_region", "region_fallback", "sticky", "sticky_migrated", "only_fit",
        "panic", "latency", "home_region", "local_region", "dial", "spill",
        "residency_denied", "owner_unknown", "owner_unhealthy", "owner_outside_residency", "x_region_unavailable",
        "x_region_unknown", "lag_excluded", "no_region", "no_route",
        "headers_too_large", "too_many_headers", "loop_detected", "memory_pressure", "draining", "request_timeout",
        "upstream_connect", "upstream_timeout", "upstream_reset", "upstream_protocol", "upstream_queue_full",
        "upstream_queue_timeout", "client_aborted", "bad_request", "stream_stalled", "total_timeout", "internal",
        "misroute", "tenant_conflict", "concurrency_limit", "drain_deadline", "residency_violation",
    ]

    private static let staticNames: [StaticBytes] = names.map(StaticBytes.init)
}

/// Text that is never freed, so that a view of it may be kept.
public struct StaticBytes: @unchecked Sendable {
    public let view: ByteView
    public init(_ text: String) {
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, bytes.count))
        copy.initialize(from: bytes, count: bytes.count)
        view = ByteView(base: copy, count: bytes.count)
    }
}

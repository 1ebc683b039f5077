import Model

/// The workers' counters as `GET /v1/status` names them.
enum Totals {
    /// Summed over the workers.
    static func byName(_ workers: [WorkerCounters]) -> [String: UInt64] {
        var totals: [String: UInt64] = [:]
        for (name, value) in rows { totals[name] = workers.reduce(0) { $0 + $1[keyPath: value] } }
        let (accepted, closed) = (totals["connections_accepted"] ?? 0, totals["connections_closed"] ?? 0)
        totals["connections_open"] = accepted > closed ? accepted - closed : 0
        return totals
    }

    private static var rows: [(String, KeyPath<WorkerCounters, UInt64>)] {
        [
            ("connections_accepted", \.connectionsAccepted), ("connections_closed", \.connectionsClosed),
            ("connections_refused", \.connectionsRefused), ("handshakes_failed", \.handshakesFailed),
            ("handshakes_resumed", \.handshakesResumed), ("requests", \.requests), ("responses_1xx", \.responses.0),
            ("responses_2xx", \.responses.1), ("responses_3xx", \.responses.2), ("responses_4xx", \.responses.3),
            ("responses_5xx", \.responses.4), ("local_responses", \.localResponses),
            ("requests_aborted", \.requestsAborted), ("retries", \.retries), ("resends", \.resends),
            ("rescues", \.rescues), ("region_fallbacks", \.regionFallbacks),
            ("x_region_untrusted", \.xRegionUntrusted), ("upstream_connections", \.upstreamConnections),
            ("upstream_connect_failures", \.upstreamConnectFailures), ("upstream_queue_full", \.upstreamQueueFull),
            ("upstream_queue_timeouts", \.upstreamQueueTimeouts), ("streams_stalled", \.streamsStalled),
            ("glitches", \.glitches), ("flood_closes", \.floodCloses), ("bytes_in", \.bytesIn),
            ("bytes_out", \.bytesOut), ("exchanges_open", \.exchangesOpen), ("buffered_bytes", \.bufferedBytes),
            ("hedges", \.hedges), ("hedges_won", \.hedgesWon), ("per_try_timeouts", \.perTryTimeouts),
            ("concurrency_refusals", \.concurrencyRefusals), ("drain_deadline_resets", \.drainDeadlineResets),
            ("request_body_timeouts", \.requestBodyTimeouts),
            ("sessions_new", \.sessionsNew), ("sessions_moved_by_health", \.sessionsMovedByHealth),
            ("sessions_moved_by_drain", \.sessionsMovedByDrain), ("tokens_forged", \.tokensForged),
            ("tokens_expired", \.tokensExpired), ("tokens_foreign", \.tokensForeign),
            ("tenants_untrusted", \.tenantsUntrusted), ("tenant_conflicts", \.tenantConflicts),
            ("misroutes", \.misroutes), ("loops_refused", \.loopsRefused),
            ("residency_violations", \.residencyViolations), ("owner_redirects", \.ownerRedirects),
        ]
    }
}

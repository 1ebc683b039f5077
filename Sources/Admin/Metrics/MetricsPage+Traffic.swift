import Model

/// The workers' counters, summed over the workers.
extension MetricsPage {
    private struct Row {
        let name: String
        let value: KeyPath<WorkerCounters, UInt64>
        let help: String
        init(_ name: String, _ value: KeyPath<WorkerCounters, UInt64>, _ help: String) {
            (self.name, self.value, self.help) = (name, value, help)
        }
    }

    private static var counters: [Row] {
        [
            Row("portolan_connections_accepted_total", \.connectionsAccepted, "Client connections accepted."),
            Row("portolan_connections_closed_total", \.connectionsClosed, "Client connections closed."),
            Row("portolan_connections_refused_total", \.connectionsRefused, "Client connections closed on a limit."),
            Row("portolan_tls_handshakes_failed_total", \.handshakesFailed, "TLS handshakes with clients that failed."),
            Row("portolan_tls_handshakes_resumed_total", \.handshakesResumed, "TLS sessions resumed from a ticket."),
            Row("portolan_requests_total", \.requests, "Requests taken."),
            Row("portolan_local_responses_total", \.localResponses, "Answers that the edge made itself."),
            Row("portolan_requests_aborted_total", \.requestsAborted, "Requests that their client gave up."),
            Row("portolan_retries_total", \.retries, "Safe requests sent again after a failure."),
            Row("portolan_resends_total", \.resends, "Requests sent again that had not reached an endpoint."),
            Row("portolan_rescues_total", \.rescues, "Safe requests taken from an endpoint that was marked down."),
            Row("portolan_region_fallbacks_total", \.regionFallbacks, "Requests served by another region than asked."),
            Row("portolan_x_region_untrusted_total", \.xRegionUntrusted, "x-region headers of untrusted clients."),
            Row(
                "portolan_upstream_connections_opened_total", \.upstreamConnections, "Connections to endpoints."),
            Row(
                "portolan_upstream_connect_failures_total", \.upstreamConnectFailures,
                "Connections that never opened."),
            Row("portolan_upstream_queue_full_total", \.upstreamQueueFull, "Requests that found a full queue."),
            Row("portolan_upstream_queue_timeouts_total", \.upstreamQueueTimeouts, "Requests that waited too long."),
            Row("portolan_streams_stalled_total", \.streamsStalled, "Streams reset because nobody read them."),
            Row("portolan_glitches_total", \.glitches, "Points for odd behaviour of clients."),
            Row("portolan_flood_closes_total", \.floodCloses, "Connections closed for flooding."),
            Row("portolan_received_bytes_total", \.bytesIn, "Octets of request bodies."),
            Row("portolan_sent_bytes_total", \.bytesOut, "Octets of response bodies."),
            Row("portolan_hedges_total", \.hedges, "Second attempts sent beside a slow first one."),
            Row("portolan_hedges_won_total", \.hedgesWon, "Second attempts that answered first."),
            Row("portolan_per_try_timeouts_total", \.perTryTimeouts, "Attempts that ran out of their own time."),
            Row(
                "portolan_concurrency_refusals_total", \.concurrencyRefusals,
                "Times that an endpoint's learned limit turned a request away."),
            Row(
                "portolan_drain_deadline_resets_total", \.drainDeadlineResets,
                "Streams reset because a drain's deadline passed."),
            Row(
                "portolan_request_body_timeouts_total", \.requestBodyTimeouts,
                "Request bodies that came too slowly."),
            Row("portolan_sessions_new_total", \.sessionsNew, "Sessions that began."),
            Row(
                "portolan_sessions_moved_by_health_total", \.sessionsMovedByHealth,
                "Sessions that left a cell which could not serve them."),
            Row("portolan_sessions_moved_by_drain_total", \.sessionsMovedByDrain, "Sessions that a drain moved."),
            Row("portolan_session_tokens_forged_total", \.tokensForged, "Session tokens not signed by our keys."),
            Row("portolan_session_tokens_expired_total", \.tokensExpired, "Session tokens that had run out."),
            Row("portolan_session_tokens_foreign_total", \.tokensForeign, "Session tokens of cells unknown here."),
            Row("portolan_tenants_untrusted_total", \.tenantsUntrusted, "Tenant headers of untrusted clients."),
            Row("portolan_tenant_conflicts_total", \.tenantConflicts, "Requests that name two tenants."),
            Row("portolan_misroutes_total", \.misroutes, "Requests of tenants that are at home elsewhere."),
            Row("portolan_loops_refused_total", \.loopsRefused, "Requests that passed this edge, or too many."),
            Row(
                "portolan_residency_violations_total", \.residencyViolations,
                "Requests stopped on their way out of the fence: a bug."),
            Row("portolan_owner_redirects_total", \.ownerRedirects, "Writes sent on to the owner a 421 named."),
        ]
    }

    mutating func addTraffic(_ workers: [WorkerCounters]) {
        func sum(_ value: KeyPath<WorkerCounters, UInt64>) -> UInt64 { workers.reduce(0) { $0 + $1[keyPath: value] } }
        for row in MetricsPage.counters { writer.counter(row.name, sum(row.value), row.help) }
        writer.family("portolan_responses_total", .counter, "Answers by the hundred of their status.")
        let classes: [(String, KeyPath<WorkerCounters, UInt64>)] = [
            ("1xx", \.responses.0), ("2xx", \.responses.1), ("3xx", \.responses.2), ("4xx", \.responses.3),
            ("5xx", \.responses.4),
        ]
        for (code, value) in classes { writer.sample(sum(value), [("code", code)]) }
        let (accepted, closed) = (sum(\.connectionsAccepted), sum(\.connectionsClosed))
        writer.gauge(
            "portolan_connections_open", accepted > closed ? accepted - closed : 0, "Client connections open now.")
        writer.gauge("portolan_exchanges_open", sum(\.exchangesOpen), "Requests in flight now.")
        writer.gauge("portolan_buffered_bytes", sum(\.bufferedBytes), "Octets of bodies held in buffers now.")
    }
}

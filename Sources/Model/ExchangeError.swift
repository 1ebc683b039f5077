/// Why an exchange failed; reaches the access log, the metric label, and `Proxy-Status` (RFC 9209 §2.3). Eight bytes.
public struct ExchangeError: Error, Equatable, Sendable, BitwiseCopyable {
    /// `upstream` counts against the endpoint's health, `downstream` never does, `internal` pages us.
    public enum Side: UInt8, Sendable, BitwiseCopyable { case downstream, upstream, `internal` }

    /// `safe`: the upstream did no work (no connection, REFUSED_STREAM, above GOAWAY's last id; RFC 9113 §8.7).
    /// `ifIdempotent`: it may have (RFC 9110 §9.2.2). `never`: response bytes went downstream, or the body is gone.
    public enum Retry: UInt8, Sendable, BitwiseCopyable { case safe, ifIdempotent, never }

    /// RFC 9209 §2.3's proxy error types, in its order, as far as the edge can meet them.
    /// Raw values live in logs and dashboards: append, never renumber.
    public enum Reason: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        case dnsError, destinationUnavailable, connectionRefused, connectionTerminated, connectionTimeout
        case connectionReadTimeout, connectionLimitReached, tlsProtocolError, tlsCertificateError
        case httpRequestError, httpRequestDenied, httpResponseIncomplete, httpResponseTimeout, httpProtocolError
        case httpUpgradeFailed, proxyInternalError, proxyLoopDetected, streamRefused, streamReset, clientAborted
        /// The endpoint answered so, and another one was asked instead. Only attempts end so, never an exchange.
        case answeredBadGateway, answeredUnavailable, answeredGatewayTimeout
        /// The other attempt of a hedged request answered first: says nothing about this endpoint.
        case outrun
        /// The endpoint has as much as it does well with: the edge's own refusal, not the endpoint's.
        case concurrencyLimitReached
        /// A drain's deadline passed: an operator's doing, not the endpoint's.
        case drained
    }

    public let side: Side
    public let retry: Retry
    public let reason: Reason
    /// errno, nghttp2, OpenSSL or HTTP/2 error code as given; logged, never branched on.
    public let code: Int32

    /// No defaults: only the place that sees the failure knows its side and safety.
    @inlinable public init(_ side: Side, _ reason: Reason, retry: Retry, code: Int32) {
        (self.side, self.retry, self.reason, self.code) = (side, retry, reason, code)
    }
}

extension ExchangeError.Reason {
    /// The token of RFC 9209 §2.3 for `proxy-status: edge; error=…`. Reasons the RFC has no word for use the nearest.
    public var token: String {
        switch self {
        case .dnsError: "dns_error"
        case .destinationUnavailable, .drained: "destination_unavailable"
        case .connectionRefused: "connection_refused"
        case .connectionTerminated, .streamReset: "connection_terminated"
        case .connectionTimeout: "connection_timeout"
        case .connectionReadTimeout: "connection_read_timeout"
        case .connectionLimitReached, .streamRefused, .concurrencyLimitReached: "connection_limit_reached"
        case .tlsProtocolError: "tls_protocol_error"
        case .tlsCertificateError: "tls_certificate_error"
        case .httpRequestError, .clientAborted: "http_request_error"
        case .httpRequestDenied: "http_request_denied"
        case .httpResponseIncomplete: "http_response_incomplete"
        case .httpResponseTimeout: "http_response_timeout"
        case .httpProtocolError: "http_protocol_error"
        case .httpUpgradeFailed: "http_upgrade_failed"
        case .proxyInternalError: "proxy_internal_error"
        case .proxyLoopDetected: "proxy_loop_detected"
        // In the access log's attempts alone.
        case .answeredBadGateway: "status_502"
        case .answeredUnavailable: "status_503"
        case .answeredGatewayTimeout: "status_504"
        case .outrun: "outrun"
        }
    }

    /// The status a client gets when no response head went out yet (RFC 9209 §2.3's recommendations).
    public var status: UInt16 {
        switch self {
        case .dnsError, .connectionTerminated, .connectionRefused, .tlsProtocolError, .tlsCertificateError,
            .httpResponseIncomplete, .httpProtocolError, .httpUpgradeFailed, .streamReset, .answeredBadGateway, .outrun:
            502
        case .destinationUnavailable, .connectionLimitReached, .streamRefused, .answeredUnavailable,
            .concurrencyLimitReached, .drained:
            503
        case .connectionTimeout, .connectionReadTimeout, .httpResponseTimeout, .answeredGatewayTimeout: 504
        case .httpRequestError: 400
        case .clientAborted: 499
        case .httpRequestDenied: 403
        case .proxyInternalError: 500
        case .proxyLoopDetected: 508
        }
    }
}

import Model
import Testing

struct ExchangeErrorTests {
    /// RFC 9209 §2.3's token and the status, in the order of raw values: those are in logs, so rows are only appended.
    static let rows: [(ExchangeError.Reason, String, UInt16)] = [
        (.dnsError, "dns_error", 502), (.destinationUnavailable, "destination_unavailable", 503),
        (.connectionRefused, "connection_refused", 502), (.connectionTerminated, "connection_terminated", 502),
        (.connectionTimeout, "connection_timeout", 504), (.connectionReadTimeout, "connection_read_timeout", 504),
        (.connectionLimitReached, "connection_limit_reached", 503), (.tlsProtocolError, "tls_protocol_error", 502),
        (.tlsCertificateError, "tls_certificate_error", 502), (.httpRequestError, "http_request_error", 400),
        (.httpRequestDenied, "http_request_denied", 403), (.httpResponseIncomplete, "http_response_incomplete", 502),
        (.httpResponseTimeout, "http_response_timeout", 504), (.httpProtocolError, "http_protocol_error", 502),
        (.httpUpgradeFailed, "http_upgrade_failed", 502), (.proxyInternalError, "proxy_internal_error", 500),
        (.proxyLoopDetected, "proxy_loop_detected", 508), (.streamRefused, "connection_limit_reached", 503),
        (.streamReset, "connection_terminated", 502), (.clientAborted, "http_request_error", 499),
        (.answeredBadGateway, "status_502", 502), (.answeredUnavailable, "status_503", 503),
        (.answeredGatewayTimeout, "status_504", 504), (.outrun, "outrun", 502),
        (.concurrencyLimitReached, "connection_limit_reached", 503), (.drained, "destination_unavailable", 503),
    ]

    @Test("becomes a token and a status", arguments: rows)
    func becomes(reason: ExchangeError.Reason, token: String, status: UInt16) {
        #expect(reason.token == token)
        #expect(reason.status == status)
    }

    @Test("has a row for each reason, in place") func isComplete() {
        #expect(Self.rows.map(\.0) == ExchangeError.Reason.allCases)
        #expect(Self.rows.indices.allSatisfy { Int(Self.rows[$0].0.rawValue) == $0 })
    }

    @Test func isEightBytes() {
        #expect(MemoryLayout<ExchangeError>.size == 8)
        let error = ExchangeError(.upstream, .streamReset, retry: .ifIdempotent, code: 8)
        #expect(error != ExchangeError(.upstream, .streamReset, retry: .safe, code: 8))
        #expect(error != ExchangeError(.downstream, .streamReset, retry: .ifIdempotent, code: 8))
        #expect(error != ExchangeError(.upstream, .streamReset, retry: .ifIdempotent, code: 7))
    }
}

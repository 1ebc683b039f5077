import HTTP2
import Model
import Testing

@testable import DataPlane

struct LocalAnswerTests {
    /// Pinned: dashboards, clients and operators read these.
    static let rows: [(ExchangeError.Reason, UInt16, Reason, String)] = [
        (.dnsError, 502, .upstreamConnect, "dns_error"),
        (.destinationUnavailable, 503, .noRegion, "destination_unavailable"),
        (.connectionRefused, 502, .upstreamConnect, "connection_refused"),
        (.connectionTerminated, 502, .upstreamReset, "connection_terminated"),
        (.connectionTimeout, 504, .upstreamConnect, "connection_timeout"),
        (.connectionReadTimeout, 504, .upstreamTimeout, "connection_read_timeout"),
        (.connectionLimitReached, 503, .upstreamQueueFull, "connection_limit_reached"),
        (.tlsProtocolError, 502, .upstreamConnect, "tls_protocol_error"),
        (.tlsCertificateError, 502, .upstreamConnect, "tls_certificate_error"),
        (.httpRequestError, 400, .badRequest, "http_request_error"),
        (.httpRequestDenied, 403, .badRequest, "http_request_denied"),
        (.httpResponseIncomplete, 502, .upstreamProtocol, "http_response_incomplete"),
        (.httpResponseTimeout, 504, .upstreamTimeout, "http_response_timeout"),
        (.httpProtocolError, 502, .upstreamProtocol, "http_protocol_error"),
        (.httpUpgradeFailed, 502, .internal, "http_upgrade_failed"),
        (.proxyInternalError, 500, .internal, "proxy_internal_error"),
        (.proxyLoopDetected, 508, .loopDetected, "proxy_loop_detected"),
        (.streamRefused, 503, .upstreamReset, "connection_limit_reached"),
        (.streamReset, 502, .upstreamReset, "connection_terminated"),
        (.clientAborted, 499, .clientAborted, "http_request_error"),
        (.answeredBadGateway, 502, .upstreamProtocol, "status_502"),
        (.answeredUnavailable, 503, .upstreamProtocol, "status_503"),
        (.answeredGatewayTimeout, 504, .upstreamProtocol, "status_504"), (.outrun, 502, .upstreamProtocol, "outrun"),
        (.concurrencyLimitReached, 503, .concurrencyLimit, "connection_limit_reached"),
        (.drained, 503, .drainDeadline, "destination_unavailable"),
    ]

    @Test("every failure has its status, its reason and its proxy-status", arguments: rows)
    func pins(failure: ExchangeError.Reason, status: UInt16, reason: Reason, token: String) {
        let answer = LocalAnswer(ExchangeError(.upstream, failure, retry: .never, code: 0))
        #expect((answer.status, answer.reason, answer.error) == (status, reason, failure))
        #expect(answer.error?.token == token)
        #expect(answer.isTemporary == (status == 503))
    }

    @Test func noneIsMissing() {
        #expect(LocalAnswerTests.rows.map(\.0) == ExchangeError.Reason.allCases)
    }

    static let statuses: [(UInt16, String, String)] = [
        (400, "Bad Request", "13"), (404, "Not Found", "12"), (408, "Request Timeout", "14"),
        (421, "Misdirected Request", "14"), (431, "Request Header Fields Too Large", "13"),
        (501, "Not Implemented", "12"), (502, "Bad Gateway", "14"), (503, "Service Unavailable", "14"),
        (504, "Gateway Timeout", "4"), (508, "Loop Detected", "14"),
    ]

    @Test("a status has its title and gRPC's code", arguments: statuses)
    func titles(status: UInt16, title: String, grpc: String) {
        let answer = LocalAnswer(status: status, reason: .internal)
        #expect((answer.title.text, answer.grpcStatus.text) == (title, grpc))
    }
}

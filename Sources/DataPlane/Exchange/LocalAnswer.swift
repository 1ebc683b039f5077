import HTTP2
import Model
import Wire

/// An answer the edge makes itself: problem+json (RFC 9457) with a reason code, or gRPC's trailers.
struct LocalAnswer {
    var status: UInt16
    var reason: Reason
    /// For `proxy-status` (RFC 9209); nil where the edge did what it was asked to.
    var error: ExchangeError.Reason?
    /// With status 307 the region whose edge the client is sent to.
    var redirect = RegionID.none

    init(status: UInt16, reason: Reason, error: ExchangeError.Reason? = nil) {
        (self.status, self.reason, self.error) = (status, reason, error)
    }

    /// What a client is told of a failed exchange.
    init(_ failure: ExchangeError) {
        status = failure.reason.status
        error = failure.reason
        reason =
            switch failure.reason {
            case .connectionRefused, .connectionTimeout, .dnsError, .tlsProtocolError, .tlsCertificateError:
                .upstreamConnect
            case .connectionLimitReached: .upstreamQueueFull
            case .concurrencyLimitReached: .concurrencyLimit
            case .drained: .drainDeadline
            case .httpResponseTimeout, .connectionReadTimeout: .upstreamTimeout
            case .httpProtocolError, .httpResponseIncomplete, .answeredBadGateway, .answeredUnavailable,
                .answeredGatewayTimeout, .outrun:
                .upstreamProtocol
            case .destinationUnavailable: .noRegion
            case .proxyLoopDetected: .loopDetected
            case .clientAborted: .clientAborted
            case .connectionTerminated, .streamReset, .streamRefused: .upstreamReset
            case .httpRequestError, .httpRequestDenied: .badRequest
            case .httpUpgradeFailed, .proxyInternalError: .internal
            }
    }

    /// The title of RFC 9110 §15, RFC 6585 or RFC 5842 for the statuses the edge sends; 499 is nginx's.
    var title: ByteView {
        switch status {
        case 307: "Temporary Redirect"
        case 400: "Bad Request"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 408: "Request Timeout"
        case 421: "Misdirected Request"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 499: "Client Closed Request"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 508: "Loop Detected"
        default: "Error"
        }
    }

    /// gRPC's code for the status (its HTTP mapping): UNAVAILABLE unless a better one is defined.
    var grpcStatus: ByteView {
        switch status {
        case 400, 431: "13"
        case 404, 501: "12"
        case 504: "4"
        default: "14"
        }
    }

    /// Whether the client is told when to come back.
    var isTemporary: Bool { status == 503 || status == 429 }
}

extension Worker {
    /// Answers for the endpoint; when a head went out already, only a reset is left.
    func answer(_ exchange: ExchangeRef, _ answer: LocalAnswer) {
        guard !exchange.pointee.hasAnswered else { return }
        counters.localResponses += 1
        exchange.pointee.phase = .answering
        exchange.pointee.answeredByEdge = true
        exchange.pointee.status = answer.status
        exchange.pointee.decision.reason = answer.reason
        exchange.pointee.error = answer.error.map { $0.rawValue + 1 } ?? 0
        exchange.pointee.deadline = exchange.pointee.totalDeadline
        exchange.pointee.progressAt = now
        dropReplay(exchange)
        exchange.pointee.requestIsTorn = true
        discardRequestBody(exchange)
        let block = headerBlocks.take()
        if exchange.pointee.isGRPC {
            fill(block, grpc: answer, exchange)
        } else {
            fill(block, problem: answer, exchange)
        }
        let isEnd = exchange.pointee.responseBody.isEmpty
        finishReceiving(exchange)
        send(exchange, block, isEnd: isEnd)
    }

    /// What the client sent, and what it will send, is read and forgotten.
    private func discardRequestBody(_ exchange: ExchangeRef) {
        credit(exchange, upTo: exchange.pointee.requestBody.count)
        exchange.pointee.requestBody.clear(to: blockPool)
        exchange.pointee.requestCredited = 0
    }

    private func fill(_ block: HeaderBlock, problem answer: LocalAnswer, _ exchange: ExchangeRef) {
        let body = problem(answer, exchange)
        Decimal(UInt64(answer.status)).withDigits { block.append(":status", copying: $0) }
        block.append("content-type", literal: "application/problem+json")
        Decimal(UInt64(body.count)).withDigits { block.append("content-length", copying: $0) }
        block.append("cache-control", literal: "no-store")
        appendCommon(block, answer, exchange)
        if !exchange.pointee.isHead {
            body.withUnsafeBytes { exchange.pointee.responseBody.append($0, from: blockPool) }
        }
    }

    /// gRPC over HTTP/2, "Trailers-Only": 200, and the failure in `grpc-status`.
    private func fill(_ block: HeaderBlock, grpc answer: LocalAnswer, _ exchange: ExchangeRef) {
        block.append(":status", literal: "200")
        block.append("content-type", literal: "application/grpc")
        block.append("grpc-status", literal: answer.grpcStatus)
        // Every call is a POST, and clients retry UNAVAILABLE by themselves: they must be able to see what is known.
        if exchange.pointee.mayBeApplied {
            let message = Array("\(answer.reason.name), may have been applied".utf8)
            message.withUnsafeBytes { block.append("grpc-message", copying: ByteView($0)) }
        } else {
            block.append("grpc-message", copying: answer.reason.bytes)
        }
        appendCommon(block, answer, exchange)
    }

    private func appendCommon(_ block: HeaderBlock, _ answer: LocalAnswer, _ exchange: ExchangeRef) {
        if answer.isTemporary { block.append("retry-after", literal: "1") }
        if let error = answer.error {
            let value = Array("\(texts.proxy.text); error=\(error.token)".utf8)
            value.withUnsafeBytes { block.append("proxy-status", copying: ByteView($0)) }
        }
        if answer.redirect != .none { appendLocation(of: answer.redirect, exchange, to: block) }
        exposeDecision(exchange, in: block)
    }

    /// Written as bytes: during an outage these are the most frequent answers of all.
    private func problem(_ answer: LocalAnswer, _ exchange: ExchangeRef) -> [UInt8] {
        let requestID = exchange.pointee.requestHead.value(of: .requestID)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        func add(_ text: ByteView) { for index in 0..<text.count { bytes.append(text[index]) } }
        add("{\"type\":\"urn:portolan:reason:")
        add(answer.reason.bytes)
        add("\",\"title\":\"")
        add(answer.title)
        add("\",\"status\":")
        Decimal(UInt64(answer.status)).withDigits(add)
        add(",\"reason\":\"")
        add(answer.reason.bytes)
        if !exchange.pointee.isSafe {
            add("\",\"detail\":\"")
            add(exchange.pointee.mayBeApplied ? "may have been applied" : "not applied")
        }
        add("\",\"request_id\":\"")
        // A trusted client's own id may hold what JSON must not.
        for index in 0..<min(requestID.count, 128) {
            let byte = requestID[index]
            bytes.append(byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C ? 0x3F : byte)
        }
        add("\"}\n")
        return bytes
    }
}

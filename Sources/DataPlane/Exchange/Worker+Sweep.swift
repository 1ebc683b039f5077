import HTTP2
import Model

/// Deadlines of exchanges, looked at ten times a second while there are any: cheaper than a timer a request, never
/// early, at most 100 ms late.
extension Worker {
    private static let sweepMilliseconds: UInt64 = 100

    func sweepWhileLive() {
        guard !isSweeping else { return }
        isSweeping = true
        scheduleSweep()
    }

    private func scheduleSweep() {
        _ = schedule(Token(.sweep, index: 0).bits, at: now.advanced(milliseconds: Worker.sweepMilliseconds))
    }

    func sweep() {
        let now = self.now
        let due = exchanges.liveTags { exchange in
            now >= exchange.pointee.deadline || now >= exchange.pointee.rescueAt
                || now >= exchange.pointee.pace.judgedAt || isStalled(exchange)
        }
        for tag in due {
            if let exchange = exchanges.find(tag) { overdue(exchange) }
        }
        if !oldHeaderRules.isEmpty { forgetHeaderRules() }
        isSweeping = exchanges.liveCount > 0
        if isSweeping { scheduleSweep() }
    }

    private func overdue(_ exchange: ExchangeRef) {
        if now >= exchange.pointee.rescueAt, rescue(exchange) { return }
        if now >= exchange.pointee.pace.judgedAt, endsSlowBody(exchange) { return }
        guard now >= exchange.pointee.deadline else { return isStalled(exchange) ? stalled(exchange) : () }
        exchange.pointee.deadline = .distantFuture
        let isTotal = now >= exchange.pointee.totalDeadline
        switch exchange.pointee.phase {
        case .waitingForBudget: giveUp(exchange, .init(status: 504, reason: .totalTimeout, error: .httpResponseTimeout))
        case .waitingForStream where !isTotal && exchange.pointee.isTryDeadline:
            attemptExpired(exchange, .perTryTimeout, .safe)
        case .waitingForStream:
            counters.upstreamQueueTimeouts += 1
            queueOverdue(exchange, isTotal: isTotal)
        case .sent where isTotal:
            // All of the request was there: the endpoint is what took too long.
            if exchange.pointee.requestEnded { exchange.pointee.attemptFailed(.httpResponseTimeout) }
            giveUp(exchange, .init(status: 504, reason: .totalTimeout, error: .httpResponseTimeout))
        case .sent:
            attemptExpired(exchange, exchange.pointee.isTryDeadline ? .perTryTimeout : .gatewayTimeout, .ifIdempotent)
        case .answering where exchange.pointee.isLingering: stopLingering(exchange)
        case .answering:
            failed(exchange, ExchangeError(.upstream, .httpResponseTimeout, retry: .never, code: 0))
        }
    }

    /// No stream came free in time: the request never left, so another endpoint may have it (routing.md, Retries).
    private func queueOverdue(_ exchange: ExchangeRef, isTotal: Bool) {
        let error = ExchangeError(.upstream, .connectionLimitReached, retry: .safe, code: 0)
        if exchange.pointee.rival.isLive { return failed(exchange, error) }
        if !isTotal, exchange.pointee.remedy(for: error) == .resend, let decision = alternative(for: exchange) {
            counters.resends += 1
            exchange.pointee.attemptFailed(error.reason)
            leaveUpstream(exchange)
            return go(exchange, decision, .resend)
        }
        giveUp(exchange, .init(status: 503, reason: .upstreamQueueTimeout, error: .connectionLimitReached))
    }

    /// One attempt had its time, the request has some left: a safe one goes elsewhere, another hears 504.
    private func attemptExpired(_ exchange: ExchangeRef, _ cause: RetryCause, _ retry: ExchangeError.Retry) {
        if cause == .perTryTimeout { counters.perTryTimeouts += 1 }
        failed(exchange, ExchangeError(.upstream, .httpResponseTimeout, retry: retry, code: 0), cause)
    }

    /// Looks how fast the request's body comes (limits.md, C3).
    /// - Returns: true when it was too slow, and the client was told.
    private func endsSlowBody(_ exchange: ExchangeRef) -> Bool {
        guard !exchange.pointee.requestEnded, !exchange.pointee.hasAnswered else {
            exchange.pointee.pace = BodyPace()
            return false
        }
        let isHeldUp = exchange.pointee.phase != .sent || exchange.pointee.requestReady > 0
        let isTooSlow = exchange.pointee.pace.isTooSlow(
            exchange.pointee.bytesIn, isHeldUp: isHeldUp, bytesPerSecond: limits.requestBodyBytesPerSecond, now: now)
        guard isTooSlow else { return false }
        counters.requestBodyTimeouts += 1
        giveUp(exchange, .init(status: 408, reason: .requestTimeout, error: .httpRequestError))
        return true
    }

    private func giveUp(_ exchange: ExchangeRef, _ answer: LocalAnswer) {
        leaveUpstream(exchange)
        self.answer(exchange, answer)
    }

    /// So long a client takes nothing before its budget is small again.
    private static let stallMilliseconds: UInt64 = 1_000

    private func isStalled(_ exchange: ExchangeRef) -> Bool {
        !exchange.pointee.responseBody.isEmpty
            && now.milliseconds(since: exchange.pointee.progressAt)
                >= min(Worker.stallMilliseconds, limits.streamStallMilliseconds)
    }

    /// Octets wait and none leaves (limits.md, B4): after a second the client's budget is small again, after the
    /// limit the stream is reset; at once where it takes one of an endpoint's last places from those who read.
    private func stalled(_ exchange: ExchangeRef) {
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.stalled() }
        let isDue = now.milliseconds(since: exchange.pointee.progressAt) >= limits.streamStallMilliseconds
        guard isDue || isCrowding(exchange) else { return }
        counters.streamsStalled += 1
        exchange.pointee.progressAt = now
        failed(exchange, ExchangeError(.downstream, .clientAborted, retry: .never, code: 0))
    }

    private func isCrowding(_ exchange: ExchangeRef) -> Bool {
        guard exchange.pointee.leased != .none, let pool = pool(for: exchange.pointee.leased) else { return false }
        return pool._withUnsafeGuaranteedRef { $0.isCrowded }
    }
}

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
        let stall = limits.streamStallMilliseconds
        let now = self.now
        let due = exchanges.liveTags { exchange in
            now >= exchange.pointee.deadline || now >= exchange.pointee.rescueAt
                || !exchange.pointee.responseBody.isEmpty
                    && now.milliseconds(since: exchange.pointee.progressAt) >= min(1_000, stall)
        }
        for tag in due {
            if let exchange = exchanges.find(tag) { overdue(exchange) }
        }
        isSweeping = exchanges.liveCount > 0
        if isSweeping { scheduleSweep() }
    }

    private func overdue(_ exchange: ExchangeRef) {
        if now >= exchange.pointee.rescueAt, rescue(exchange) { return }
        guard now >= exchange.pointee.deadline else { return stalled(exchange) }
        exchange.pointee.deadline = .distantFuture
        let isTotal = now >= exchange.pointee.totalDeadline
        switch exchange.pointee.phase {
        case .waitingForBudget: giveUp(exchange, .init(status: 504, reason: .totalTimeout, error: .httpResponseTimeout))
        case .waitingForStream:
            counters.upstreamQueueTimeouts += 1
            queueOverdue(exchange, isTotal: isTotal)
        case .sent:
            let reason: Reason = isTotal ? .totalTimeout : .upstreamTimeout
            giveUp(exchange, .init(status: 504, reason: reason, error: .httpResponseTimeout))
        case .answering where exchange.pointee.isLingering: stopLingering(exchange)
        case .answering:
            failed(exchange, ExchangeError(.upstream, .httpResponseTimeout, retry: .never, code: 0))
        }
    }

    /// No stream came free in time: the request never left, so another endpoint may have it (routing.md, Retries).
    private func queueOverdue(_ exchange: ExchangeRef, isTotal: Bool) {
        let error = ExchangeError(.upstream, .connectionLimitReached, retry: .safe, code: 0)
        if !isTotal, exchange.pointee.remedy(for: error) == .resend { return failed(exchange, error) }
        giveUp(exchange, .init(status: 503, reason: .upstreamQueueTimeout, error: .connectionLimitReached))
    }

    private func giveUp(_ exchange: ExchangeRef, _ answer: LocalAnswer) {
        leaveUpstream(exchange)
        self.answer(exchange, answer)
    }

    /// Octets wait and none leaves (limits.md, B4): after a second the client's budget is small again, after the
    /// limit the stream is reset.
    private func stalled(_ exchange: ExchangeRef) {
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.stalled() }
        guard now.milliseconds(since: exchange.pointee.progressAt) >= limits.streamStallMilliseconds else { return }
        counters.streamsStalled += 1
        exchange.pointee.progressAt = now
        failed(exchange, ExchangeError(.downstream, .clientAborted, retry: .never, code: 0))
    }
}

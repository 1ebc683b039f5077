import HTTP2
import Model
import Policy
import Wire

/// The second attempt beside the first, for routes that ask for one (routing.md, Retries): a timer of its own, for
/// those requests alone.
extension Worker {
    /// The request goes to its first endpoint: so long it has to answer alone.
    func armHedge(_ exchange: ExchangeRef) {
        exchange.pointee.isHedged = true
        let token = exchanges.timerToken(of: exchange, .hedge)
        let due = now.advanced(milliseconds: exchange.pointee.terms.hedgeMilliseconds)
        exchange.pointee.hedgeTimer = schedule(token.bits, at: due)
    }

    /// No head of an answer came in time: another endpoint is asked too, if the budget has a retry for it.
    func hedge(_ token: Token) {
        guard let exchange = exchanges.find(token) else { return }
        exchange.pointee.hedgeTimer = .none
        guard exchange.pointee.mayHedge, let decision = alternative(for: exchange) else { return }
        guard isInsideFence(decision, of: exchange.pointee.tenant) else {
            counters.residencyViolations += 1
            return
        }
        guard let pool = pool(for: decision.endpoint), retryBudget.take(now: now) else { return }
        exchange.pointee.rival = Rival()
        exchange.pointee.rival.decision = decision
        let lease = pool._withUnsafeGuaranteedRef { $0.lease(exchange, self, asRival: true) }
        guard lease == .sent || lease == .waiting else {
            // An endpoint that is full gets no luxury, and the log no attempt that left no trace.
            exchange.pointee.rival = Rival()
            return
        }
        counters.hedges += 1
        exchange.pointee.rival.place = exchange.pointee.trail.began(at: decision.endpoint, .hedge)
        decisionState.began(decision.endpoint)
        if lease == .sent { rivalSent(exchange) }
    }

    func rivalSent(_ exchange: ExchangeRef) { exchange.pointee.rival.sentAt = now }

    /// The exchange has an answer, or its end: whatever was armed or sent for a hedge is taken back.
    func endHedge(_ exchange: ExchangeRef) {
        guard exchange.pointee.isHedged else { return }
        exchange.pointee.isHedged = false
        cancel(exchange.pointee.hedgeTimer)
        leaveRival(exchange, .outrun)
    }

    /// The second attempt is over; the first goes on as if it had never been.
    func leaveRival(_ exchange: ExchangeRef, _ reason: ExchangeError.Reason) {
        let rival = exchange.pointee.rival
        guard rival.isLive else { return }
        exchange.pointee.rival = Rival()
        exchange.pointee.trail.left(rival.place, reason)
        rival.upstream?._withUnsafeGuaranteedRef { $0.abandon(rival.stream) }
        pool(for: rival.decision.endpoint)?._withUnsafeGuaranteedRef {
            $0.released(firstByteNanoseconds: nil, now: now)
        }
        decisionState.ended(rival.decision.endpoint, firstByteNanoseconds: nil)
    }

    /// The first attempt is given up for the second, which takes its place.
    func promoteRival(_ exchange: ExchangeRef, insteadOf reason: ExchangeError.Reason) {
        let rival = exchange.pointee.rival
        exchange.pointee.rival = Rival()
        exchange.pointee.trail.left(exchange.pointee.place, reason)
        leaveAttempt(exchange)
        let isNewFallback = rival.decision.isFallback && !exchange.pointee.decision.isFallback
        exchange.pointee.decision = rival.decision
        if isNewFallback { fellBack(exchange, rival.decision) }
        (exchange.pointee.place, exchange.pointee.leased) = (rival.place, rival.decision.endpoint)
        (exchange.pointee.upstream, exchange.pointee.upstreamStream) = (rival.upstream, rival.stream)
        exchange.pointee.rescueAt = .distantFuture
        exchange.pointee.tryStartedAt = now
        // The first attempt had sent the whole body, so that octets can only become free.
        let surplus = exchange.pointee.requestTaken - rival.taken
        exchange.pointee.requestTaken = rival.taken
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.droppedReplay(surplus) }
        guard let upstream = rival.upstream else { return awaitStream(exchange) }
        let tag = exchange.pointee.tag
        upstream._withUnsafeGuaranteedRef { $0.setTag(tag, of: rival.stream) }
        (exchange.pointee.phase, exchange.pointee.sentAt) = (.sent, rival.sentAt)
        expectAnswer(exchange)
    }

    // MARK: From its endpoint

    /// - Returns: true when the second attempt answered first and is the exchange's now.
    func rivalAnswers(_ exchange: ExchangeRef, _ head: ReceivedHead, on connection: UpstreamConnection) -> Bool {
        guard exchange.pointee.rival.stream == head.stream, head.kind == .response,
            exchange.pointee.rival.upstream?.toOpaque() == Unmanaged.passUnretained(connection).toOpaque()
        else { return false }
        let status = Worker.status(of: head.block)
        if let cause = RetryCause(status: status), exchange.pointee.terms.isCause(cause) {
            leaveRival(exchange, cause.answered)
            return false
        }
        counters.hedgesWon += 1
        promoteRival(exchange, insteadOf: .outrun)
        return true
    }

    /// Its stream is gone: nothing has failed while the first attempt lives.
    func rivalStreamClosed(_ exchange: ExchangeRef, _ stream: StreamID, on connection: UpstreamConnection) {
        guard exchange.pointee.rival.stream == stream,
            exchange.pointee.rival.upstream?.toOpaque() == Unmanaged.passUnretained(connection).toOpaque()
        else { return }
        exchange.pointee.rival.upstream = nil
        leaveRival(exchange, .streamReset)
    }

    // MARK: Its copy of the body

    func rivalBodyReady(_ exchange: ExchangeRef) -> BodySupply {
        BodySupply(count: exchange.pointee.requestBody.count - exchange.pointee.rival.taken, isFinal: true)
    }

    func rivalBodyTaken(_ exchange: ExchangeRef, into target: UnsafeMutableRawPointer, count: Int) -> Bool {
        let taken = exchange.pointee.rival.taken
        guard exchange.pointee.rival.isLive, taken + count <= exchange.pointee.requestBody.count else { return false }
        exchange.pointee.requestBody.copy(
            from: taken, into: UnsafeMutableRawBufferPointer(start: target, count: count))
        exchange.pointee.rival.taken += count
        return true
    }
}

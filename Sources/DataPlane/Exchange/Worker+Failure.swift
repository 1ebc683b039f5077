import HTTP2
import Model
import Policy
import Wire

/// What becomes of a request whose endpoint fails it, and the end of every exchange.
extension Worker {
    /// The present attempt failed: elsewhere, or the truth to the client (routing.md, Retries).
    ///
    /// - Parameter cause: what `retry_on` calls a failure that may have reached a backend.
    func failed(_ exchange: ExchangeRef, _ error: ExchangeError, _ cause: RetryCause = .reset) {
        // Nothing has failed while the other attempt of a hedged request lives.
        if exchange.pointee.rival.isLive { return promoteRival(exchange, insteadOf: error.reason) }
        exchange.pointee.attemptFailed(error.reason)
        if error.retry != .safe { exchange.pointee.mayBeApplied = true }
        var remedy = exchange.pointee.remedy(for: error, cause)
        if remedy == .retry, !retryBudget.take(now: now) { remedy = .answer }
        leaveUpstream(exchange)
        switch remedy {
        case .resend:
            counters.resends += 1
            tryElsewhere(exchange, .resend, after: error)
        case .retry:
            counters.retries += 1
            exchange.pointee.terms.used()
            tryElsewhere(exchange, .retry, after: error)
        case .answer where exchange.pointee.mayWait(after: error, now: now): waitForHealth(exchange)
        case .answer: answer(exchange, LocalAnswer(error))
        case .reset: resetDownstream(exchange, error)
        }
    }

    /// A 502, 503 or 504 of one endpoint is another one's chance, where the request is safe (routing.md, Retries).
    /// - Returns: false when the answer is the client's after all.
    func retries(_ exchange: ExchangeRef, insteadOf status: UInt16) -> Bool {
        guard let cause = RetryCause(status: status) else { return false }
        if exchange.pointee.rival.isLive, exchange.pointee.terms.isCause(cause) {
            promoteRival(exchange, insteadOf: cause.answered)
            return true
        }
        guard exchange.pointee.mayRetry(cause) else { return false }
        guard let decision = alternative(for: exchange), retryBudget.take(now: now) else { return false }
        counters.retries += 1
        exchange.pointee.terms.used()
        exchange.pointee.attemptFailed(cause.answered)
        leaveUpstream(exchange)
        go(exchange, decision, .retry)
        return true
    }

    /// Where the request may go without its present endpoint; nil: nobody else can have it.
    func alternative(for exchange: ExchangeRef) -> Decision? {
        let left = exchange.pointee.decision.endpoint
        let decision = decide(exchange, excluding: left)
        return decision.isRefused || decision.endpoint == left ? nil : decision
    }

    private func tryElsewhere(_ exchange: ExchangeRef, _ why: AttemptWhy, after error: ExchangeError) {
        // Nobody else is there: what happened says more than that.
        guard let decision = alternative(for: exchange) else { return answer(exchange, LocalAnswer(error)) }
        go(exchange, decision, why)
    }

    /// The request goes where it was decided anew, its body from the start: octets count again as they are sent again.
    func go(_ exchange: ExchangeRef, _ decision: Decision, _ why: AttemptWhy) {
        exchange.pointee.why = why
        let taken = exchange.pointee.requestTaken
        exchange.pointee.requestTaken = 0
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.droppedReplay(taken) }
        let isNewFallback = decision.isFallback && !exchange.pointee.decision.isFallback
        exchange.pointee.decision = decision
        if decision.isWrite { exchange.pointee.changesHead = true }
        if isNewFallback { fellBack(exchange, decision) }
        dispatch(exchange)
    }

    /// Every endpoint tried is dead and health does not know yet: decides again at each sweep, until it does.
    private func waitForHealth(_ exchange: ExchangeRef) {
        exchange.pointee.phase = .waitingForStream
        exchange.pointee.deadline = exchange.pointee.totalDeadline
        exchange.pointee.rescueAt = now.advanced(milliseconds: 1)
        sweepWhileLive()
    }

    /// The client has a head already: only a reset tells it that the rest is missing. What came before the endpoint
    /// broke off goes first; a client that does not take it is reset at the second failure.
    private func resetDownstream(_ exchange: ExchangeRef, _ error: ExchangeError) {
        exchange.pointee.error = error.reason.rawValue + 1
        let stream = exchange.pointee.downstreamStream
        if error.side == .upstream, exchange.pointee.breakOff == nil {
            exchange.pointee.breakOff = error.downstreamCode
            exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.resume(stream) }
        } else {
            exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.reset(stream, .cancel) }
        }
    }

    /// The exchange and its endpoints part: open streams are reset, pools and load are told.
    func leaveUpstream(_ exchange: ExchangeRef) {
        if exchange.pointee.isHedged { leaveRival(exchange, .outrun) }
        leaveAttempt(exchange)
    }

    /// The same, for the first attempt of a hedged request alone.
    func leaveAttempt(_ exchange: ExchangeRef) {
        if let upstream = exchange.pointee.upstream {
            let stream = exchange.pointee.upstreamStream
            exchange.pointee.upstream = nil
            let mayBeApplied = upstream._withUnsafeGuaranteedRef { upstream in
                upstream.abandon(stream)
                return upstream.mayHaveProcessed(stream)
            }
            if mayBeApplied { exchange.pointee.mayBeApplied = true }
        }
        release(exchange)
    }

    /// Pool and load are told that the attempt is over.
    private func release(_ exchange: ExchangeRef) {
        let endpoint = exchange.pointee.leased
        guard endpoint != .none else { return }
        exchange.pointee.leased = .none
        let hasHead = exchange.pointee.hasAnswered && exchange.pointee.headAt > .zero
        let firstByte = hasHead ? exchange.pointee.headAt.nanoseconds(since: exchange.pointee.sentAt) : nil
        pool(for: endpoint)?._withUnsafeGuaranteedRef { $0.released(firstByteNanoseconds: firstByte, now: now) }
        decisionState.ended(endpoint, firstByteNanoseconds: firstByte)
    }

    // MARK: From upstream

    /// A stream to an endpoint is gone.
    func upstreamStreamClosed(
        _ tag: StreamTag, _ stream: StreamID, _ code: ErrorCode, on connection: UpstreamConnection, wasProcessed: Bool
    ) {
        guard let exchange = exchanges.find(tag) else { return }
        if ExchangeTable.isRival(tag) { return rivalStreamClosed(exchange, stream, on: connection) }
        guard exchange.pointee.upstreamStream == stream,
            exchange.pointee.upstream?.toOpaque() == Unmanaged.passUnretained(connection).toOpaque()
        else { return }
        exchange.pointee.upstream = nil
        if exchange.pointee.responseEnded { return release(exchange) }
        let isUnprocessed = code == .refusedStream || !wasProcessed
        let code = Int32(truncatingIfNeeded: code.rawValue)
        failed(
            exchange,
            isUnprocessed
                ? ExchangeError(.upstream, .streamRefused, retry: .safe, code: code)
                : ExchangeError(.upstream, .streamReset, retry: .ifIdempotent, code: code))
    }

    /// A connection to an endpoint is gone, and every stream on it.
    func upstreamLost(_ connection: UpstreamConnection) {
        let address = Unmanaged.passUnretained(connection).toOpaque()
        let tags = exchanges.liveTags {
            $0.pointee.upstream?.toOpaque() == address || $0.pointee.rival.upstream?.toOpaque() == address
        }
        for tag in tags {
            guard let exchange = exchanges.find(tag) else { continue }
            if exchange.pointee.rival.upstream?.toOpaque() == address {
                exchange.pointee.rival.upstream = nil
                leaveRival(exchange, .connectionTerminated)
                continue
            }
            let wasProcessed = connection.mayHaveProcessed(exchange.pointee.upstreamStream)
            exchange.pointee.upstream = nil
            if exchange.pointee.responseEnded {
                release(exchange)
            } else {
                let retry: ExchangeError.Retry = wasProcessed ? .ifIdempotent : .safe
                failed(exchange, ExchangeError(.upstream, .connectionTerminated, retry: retry, code: 0))
            }
        }
    }

    // MARK: Endpoints that were marked down

    /// Looks which pools may be chosen; those that no longer may give up their connections and their waiting requests.
    func adoptEndpoints(of snapshot: Snapshot) {
        for (index, pool) in poolHolds.enumerated() {
            guard let pool else { continue }
            guard index < snapshot.endpoints.count, let target = snapshot.upstreams[index] else {
                lost(pool)
                continue
            }
            if target != pool.target, let context = try? clientContext(for: target.settings) {
                pool.retarget(target, clientContext: context.context)
            }
            let isUp = snapshot.endpoints[index].isPresent && snapshot.endpoints[index].health != .down
            if isUp { found(pool) } else { lost(pool) }
        }
    }

    private func found(_ pool: UpstreamPool) {
        guard !pool.isAvailable else { return }
        pool.isAvailable = true
        pool.roomAppeared(self)
    }

    private func lost(_ pool: UpstreamPool) {
        guard pool.isAvailable else { return }
        pool.isAvailable = false
        rescue(from: pool.endpoint)
        pool.retireAll()
    }

    /// Safe requests that wait there without a byte of answer go elsewhere, spread over 200 ms (routing.md, Retries).
    private func rescue(from endpoint: EndpointID) {
        let tags = exchanges.liveTags {
            $0.pointee.leased == endpoint && $0.pointee.mayBeRescued || $0.pointee.rival.decision.endpoint == endpoint
        }
        let spread = retryRules.rescueSpreadMilliseconds * 1_000_000
        for (place, tag) in tags.enumerated() {
            guard let exchange = exchanges.find(tag) else { continue }
            guard exchange.pointee.leased == endpoint else {
                leaveRival(exchange, .destinationUnavailable)
                continue
            }
            let delay = spread * UInt64(place) / UInt64(tags.count)
            exchange.pointee.rescueAt = now.advanced(nanoseconds: delay)
        }
    }

    /// Moves a request that still waits to another endpoint.
    /// - Returns: false when it is better off where it is: its answer has begun, or nobody else could give one.
    func rescue(_ exchange: ExchangeRef) -> Bool {
        exchange.pointee.rescueAt = .distantFuture
        guard exchange.pointee.mayBeRescued else { return false }
        if exchange.pointee.rival.isLive {
            counters.rescues += 1
            promoteRival(exchange, insteadOf: .destinationUnavailable)
            return true
        }
        let decision = alternative(for: exchange)
        guard decision != nil || exchange.pointee.leased == .none else { return false }
        counters.rescues += 1
        let error = ExchangeError(.upstream, .destinationUnavailable, retry: .safe, code: 0)
        exchange.pointee.attemptFailed(error.reason)
        leaveUpstream(exchange)
        if let decision { go(exchange, decision, .rescue) } else { answer(exchange, LocalAnswer(error)) }
        return true
    }

    // MARK: The end

    /// The client's stream is gone: whatever is left of the exchange goes with it.
    func end(_ exchange: ExchangeRef, code: ErrorCode) {
        if code != .noError, exchange.pointee.error == 0, !exchange.pointee.responseEnded {
            counters.requestsAborted += 1
            exchange.pointee.error = ExchangeError.Reason.clientAborted.rawValue + 1
        }
        endHedge(exchange)
        leaveUpstream(exchange)
        record(exchange)
        giveBack(exchange)
    }

    private func giveBack(_ exchange: ExchangeRef) {
        let unread = exchange.pointee.requestUncredited
        if exchange.pointee.reserved > 0 { releaseBudget(exchange, exchange.pointee.reserved) }
        exchange.pointee.downstream._withUnsafeGuaranteedRef { connection in
            connection.droppedReplay(exchange.pointee.requestTaken)
            // Octets nobody took still fill the connection's window.
            if unread > 0 { connection.credit(0, unread) }
        }
        exchange.pointee.requestBody.clear(to: blockPool)
        exchange.pointee.responseBody.clear(to: blockPool)
        headerBlocks.give(back: exchange.pointee.requestHead)
        if let head = exchange.pointee.outgoingHead { headerBlocks.give(back: head) }
        if let trailers = exchange.pointee.requestTrailers { headerBlocks.give(back: trailers) }
        if let trailers = exchange.pointee.responseTrailers { headerBlocks.give(back: trailers) }
        exchanges.give(back: exchange)
    }

    /// The client's connection is gone.
    func endAll(of connection: DownstreamConnection) {
        guard connection.exchangeCount > 0 else { return }
        let address = Unmanaged.passUnretained(connection).toOpaque()
        for tag in exchanges.liveTags(where: { $0.pointee.downstream.toOpaque() == address }) {
            if let exchange = exchanges.find(tag) { end(exchange, code: .cancel) }
        }
    }

    /// The client will send nothing more: requests it had not finished are void.
    func abortUnfinished(of connection: DownstreamConnection) {
        let address = Unmanaged.passUnretained(connection).toOpaque()
        let tags = exchanges.liveTags { $0.pointee.downstream.toOpaque() == address && !$0.pointee.requestEnded }
        for tag in tags {
            guard let exchange = exchanges.find(tag) else { continue }
            connection.reset(exchange.pointee.downstreamStream, .cancel)
        }
    }
}

extension ExchangeError {
    /// The code that tells a client of an answer that broke off: the endpoint's own where it speaks of the request.
    /// What it says of the edge's frames is between the two.
    fileprivate var downstreamCode: ErrorCode {
        let code = ErrorCode(rawValue: UInt32(bitPattern: self.code))
        let passes = reason == .streamReset && (code == .cancel || code == .enhanceYourCalm)
        return passes ? code : .internalError
    }
}

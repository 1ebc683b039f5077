import HTTP2
import Model
import Policy
import Wire

/// The way of a request: begun, decided, sent; and its body behind it.
extension Worker {
    /// A client's request head is complete.
    func begin(_ head: ReceivedHead, on connection: DownstreamConnection) {
        let (exchange, tag) = exchanges.take()
        exchange.initialize(
            to: Exchange(tag: tag, downstream: connection, stream: head.stream, head: head.block, now: now))
        exchange.pointee.listener = UInt8(truncatingIfNeeded: connection.listener)
        exchange.pointee.requestEnded = head.isEnd
        connection.setTag(tag, of: head.stream)
        counters.requests += 1
        retryBudget.requestBegan()
        sweepWhileLive()
        if head.isTooLarge {
            // The problem document and the log still want a name for it.
            let identity = RequestIdentity(high: random.next(), low: random.next())
            identity.append(to: head.block, hasRequestID: false, hasTraceparent: true)
            let isLong = head.block.count > limits.maxHeaderFields
            return answer(exchange, .init(status: 431, reason: isLong ? .tooManyHeaders : .headersTooLarge))
        }

        let tenantHeader = snapshot._withUnsafeGuaranteedRef { $0.view($0.tenants.header) }
        let rewriting = RequestHead(
            trust: connection.trust, client: connection.clientText.view,
            scheme: connection.isEncrypted ? "https" : "http",
            via: texts.via, edgeName: texts.edgeName, tenantHeader: tenantHeader)
        let identity = RequestIdentity(high: random.next(), low: random.next())
        let facts = rewriting.rewrite(head.block, identity: identity)
        exchange.pointee.method = facts.method
        exchange.pointee.isHead = facts.method == .head
        exchange.pointee.isGRPC = facts.isGRPC
        if facts.removedXRegion { counters.xRegionUntrusted += 1 }
        if facts.isLoop {
            counters.loopsRefused += 1
            return answer(exchange, .init(status: 508, reason: .loopDetected, error: .proxyLoopDetected))
        }
        if facts.isUnsupported {
            return answer(exchange, .init(status: 501, reason: .badRequest, error: .httpRequestError))
        }

        guard readTenant(exchange, facts, on: connection) else { return }
        exchange.pointee.session.offered = facts.tokens
        var request = RequestFacts(
            method: facts.method, authority: facts.authority, path: facts.path, xRegion: facts.xRegion)
        request.tenant = exchange.pointee.tenant
        exchange.pointee.xRegion = facts.xRegion
        begin(exchange, decide(exchange, request))
    }

    private func begin(_ exchange: ExchangeRef, _ decision: Decision) {
        exchange.pointee.decision = decision
        exchange.pointee.firstDecision = DecisionRecord(
            decision, exchange.pointee.session, generation: exchange.pointee.generation)
        if decision.route != .none { noteRoute(exchange, decision) }
        if decision.isMisroute { misrouted(exchange, decision) }
        if decision.isRefused { return refuse(exchange, decision) }
        let (terms, timeout, isStreaming) = snapshot._withUnsafeGuaranteedRef { snapshot in
            let route = snapshot.routes[decision.route.index]
            return (RetryTerms(route), route.timeoutMilliseconds, route.isStreaming)
        }
        exchange.pointee.terms = terms
        if !isStreaming, !exchange.pointee.isGRPC {
            exchange.pointee.totalDeadline = now.advanced(milliseconds: UInt64(timeout))
            if !exchange.pointee.requestEnded { exchange.pointee.pace = BodyPace(startingAt: now) }
        }
        if decision.isFallback { fellBack(exchange, decision) }
        if decision.holdsSession { sessionHeld(exchange) }
        dispatch(exchange)
    }

    /// Decides again, without the endpoint that failed; the facts are views of the head, which the exchange holds.
    func decide(_ exchange: ExchangeRef, excluding excluded: EndpointID) -> Decision {
        let head = exchange.pointee.requestHead
        var facts = RequestFacts(
            method: exchange.pointee.method, authority: .absent, path: .absent, excluded: excluded)
        facts.avoided = regionToAvoid(exchange)
        facts.tenant = exchange.pointee.tenant
        for index in 0..<head.count {
            switch head.token(index) {
            case .authority: facts.authority = head.value(index)
            case .host where facts.authority.isAbsent: facts.authority = head.value(index)
            case .path: facts.path = head.value(index)
            case .xRegion: facts.xRegion = head.value(index)
            default: break
            }
        }
        return keptWithOwner(decide(exchange, facts), exchange)
    }

    /// The region of the last two attempts, if it is one.
    private func regionToAvoid(_ exchange: ExchangeRef) -> RegionID {
        let before = exchange.pointee.trail.beforeLast
        let region = exchange.pointee.decision.region
        return snapshot._withUnsafeGuaranteedRef { snapshot in
            guard before.index < snapshot.endpoints.count else { return .none }
            return snapshot.endpoints[before.index].region == region ? region : .none
        }
    }

    private func decide(_ exchange: ExchangeRef, _ request: RequestFacts) -> Decision {
        var facts = request
        let head = exchange.pointee.requestHead
        return snapshot._withUnsafeGuaranteedRef { snapshot in
            exchange.pointee.generation = snapshot.generation
            guard snapshot.headerMatches.count > 0 else { return decide(exchange, facts, snapshot) }
            fieldScratch.removeAll(keepingCapacity: true)
            for index in 0..<head.count {
                fieldScratch.append(HeaderFields.Field(name: head.name(index), value: head.value(index)))
            }
            return fieldScratch.withUnsafeBufferPointer { fields in
                facts.headers = HeaderFields(base: fields.baseAddress, count: fields.count)
                return decide(exchange, facts, snapshot)
            }
        }
    }

    /// First the route, which says what else a decision wants to know.
    private func decide(_ exchange: ExchangeRef, _ facts: RequestFacts, _ snapshot: Snapshot) -> Decision {
        let route = Policy.route(of: facts, snapshot)
        if route != .none, snapshot.routes[route.index].keysRequests {
            return decideKeyed(exchange, facts, route, snapshot)
        }
        return Policy.decide(facts, route: route, snapshot, &decisionState, now: now)
    }

    /// The request left the region it asked for.
    func fellBack(_ exchange: ExchangeRef, _ decision: Decision) {
        counters.regionFallbacks += 1
        if fallbacksTold.isFirst(decision.route, decision.wantedRegion, now: now) { recordFallback(exchange) }
    }

    // MARK: To an endpoint

    /// Sends the request to the endpoint decided on, or lets it wait for what it needs.
    func dispatch(_ exchange: ExchangeRef) {
        if exchange.pointee.reserved == 0 {
            // The answer's window is set aside before the request leaves: an answer always has room (limits.md, B2).
            let window = limits.upstreamStreamWindowBytes
            let isReserved = exchange.pointee.downstream._withUnsafeGuaranteedRef { connection in
                if connection.reserve(window) { return true }
                connection.waiting.append(exchange.pointee.tag)
                return false
            }
            guard isReserved else {
                exchange.pointee.phase = .waitingForBudget
                exchange.pointee.deadline = exchange.pointee.totalDeadline
                return
            }
            exchange.pointee.reserved = window
        }
        let endpoint = exchange.pointee.decision.endpoint
        guard isInsideFence(exchange.pointee.decision, of: exchange.pointee.tenant) else {
            return stopAtFence(exchange)
        }
        if exchange.pointee.changesHead { prepareHead(exchange) }
        exchange.pointee.attemptBegan(at: endpoint)
        guard let pool = pool(for: endpoint) else {
            return failed(exchange, ExchangeError(.internal, .destinationUnavailable, retry: .safe, code: 0))
        }
        if exchange.pointee.wantsHedge { armHedge(exchange) }
        exchange.pointee.tryStartedAt = now
        exchange.pointee.phase = .waitingForStream
        exchange.pointee.window = limits.upstreamStreamWindowBytes
        exchange.pointee.windowDrained = 0
        exchange.pointee.rescueAt = .distantFuture
        switch pool._withUnsafeGuaranteedRef({ $0.lease(exchange, self) }) {
        case .sent:
            lease(exchange, endpoint)
            requestSent(exchange)
        case .waiting:
            lease(exchange, endpoint)
            awaitStream(exchange)
        case .full:
            counters.upstreamQueueFull += 1
            failed(exchange, ExchangeError(.upstream, .connectionLimitReached, retry: .safe, code: 0))
        case .limited:
            counters.concurrencyRefusals += 1
            failed(exchange, ExchangeError(.upstream, .concurrencyLimitReached, retry: .safe, code: 0))
        }
    }

    private func lease(_ exchange: ExchangeRef, _ endpoint: EndpointID) {
        exchange.pointee.leased = endpoint
        decisionState.began(endpoint)
    }

    /// The request's head is on a stream now.
    func requestSent(_ exchange: ExchangeRef) {
        exchange.pointee.phase = .sent
        exchange.pointee.sentAt = now
        expectAnswer(exchange, isProgress: false)
    }

    /// The endpoint's time runs while it owes something: an answer to a whole request, or room for octets that wait. A
    /// body that is on its way, however long, is the client's time.
    func expectAnswer(_ exchange: ExchangeRef, isProgress: Bool = true) {
        guard exchange.pointee.phase == .sent else { return }
        exchange.pointee.deadline = exchange.pointee.totalDeadline
        if isProgress { exchange.pointee.tryStartedAt = now }
        let isOwed = exchange.pointee.requestEnded || exchange.pointee.requestReady > 0
        guard isOwed, let pool = pool(for: exchange.pointee.decision.endpoint) else { return }
        setDeadline(exchange, pool._withUnsafeGuaranteedRef { $0.responseTimeoutMilliseconds })
    }

    /// It waits for a stream.
    func awaitStream(_ exchange: ExchangeRef) {
        exchange.pointee.phase = .waitingForStream
        guard let pool = pool(for: exchange.pointee.decision.endpoint) else { return }
        setDeadline(exchange, pool._withUnsafeGuaranteedRef { $0.pendingTimeoutMilliseconds })
    }

    /// The endpoint has so long, and the attempt as a whole no longer than its route gives it.
    private func setDeadline(_ exchange: ExchangeRef, _ timeoutMilliseconds: UInt64) {
        var deadline = now.advanced(milliseconds: timeoutMilliseconds)
        exchange.pointee.isTryDeadline = false
        if exchange.pointee.terms.perTryMilliseconds > 0 {
            let start = exchange.pointee.tryStartedAt
            let own = start.advanced(milliseconds: exchange.pointee.terms.perTryMilliseconds)
            exchange.pointee.isTryDeadline = own < deadline
            deadline = min(own, deadline)
        }
        exchange.pointee.deadline = min(exchange.pointee.totalDeadline, deadline)
    }

    /// Budget came back: exchanges that waited for it go on, oldest first.
    func serveWaiting(of connection: DownstreamConnection) {
        var served = 0
        for tag in connection.waiting {
            guard let exchange = exchanges.find(tag), exchange.pointee.phase == .waitingForBudget else {
                served += 1
                continue
            }
            let window = limits.upstreamStreamWindowBytes
            guard connection.reserve(window) else { break }
            exchange.pointee.reserved = window
            served += 1
            dispatch(exchange)
        }
        connection.waiting.removeFirst(min(served, connection.waiting.count))
    }

    // MARK: Its body

    func requestBodyReceived(
        _ bytes: UnsafeRawBufferPointer, _ tag: StreamTag, on connection: DownstreamConnection, _ stream: StreamID
    ) {
        counters.bytesIn += UInt64(bytes.count)
        guard let exchange = exchanges.find(tag) else {
            return connection.credit(0, bytes.count)
        }
        exchange.pointee.bytesIn += UInt64(bytes.count)
        if exchange.pointee.hasAnswered, exchange.pointee.upstream == nil {
            // Nobody will read it: the client may go on and finish.
            return connection.credit(stream, bytes.count)
        }
        let hadOctets = exchange.pointee.requestReady > 0
        exchange.pointee.requestBody.append(bytes, from: blockPool)
        if !hadOctets { expectAnswer(exchange) }
        resumeUpstream(exchange)
    }

    func requestEnded(_ tag: StreamTag) {
        guard let exchange = exchanges.find(tag), !exchange.pointee.requestEnded else { return }
        exchange.pointee.requestEnded = true
        expectAnswer(exchange)
        resumeUpstream(exchange)
    }

    func trailersReceived(_ head: ReceivedHead) {
        guard let exchange = exchanges.find(head.tag), exchange.pointee.requestTrailers == nil else {
            return headerBlocks.give(back: head.block)
        }
        removeRouting(head.block)
        exchange.pointee.requestTrailers = head.block
    }

    private func resumeUpstream(_ exchange: ExchangeRef) {
        guard exchange.pointee.requestIsAwaited, let upstream = exchange.pointee.upstream else { return }
        exchange.pointee.requestIsAwaited = false
        let stream = exchange.pointee.upstreamStream
        upstream._withUnsafeGuaranteedRef { $0.resume(stream) }
    }

    func requestBodyReady(_ tag: StreamTag) -> BodySupply {
        guard let exchange = exchanges.find(tag) else { return BodySupply(count: 0, isFinal: false) }
        if ExchangeTable.isRival(tag) { return rivalBodyReady(exchange) }
        exchange.pointee.requestIsAwaited = exchange.pointee.requestReady == 0
        return BodySupply(
            count: exchange.pointee.requestReady, isFinal: exchange.pointee.requestEnded,
            trailers: exchange.pointee.requestTrailers)
    }

    /// Moves body octets to the endpoint; they are kept as well while a second attempt could want them.
    func requestBodyTaken(_ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int) -> Bool {
        guard let exchange = exchanges.find(tag) else { return false }
        if ExchangeTable.isRival(tag) { return rivalBodyTaken(exchange, into: target, count: count) }
        guard exchange.pointee.requestReady >= count else { return false }
        let room = UnsafeMutableRawBufferPointer(start: target, count: count)
        let taken = exchange.pointee.requestTaken
        let isKept =
            !exchange.pointee.requestIsTorn && !exchange.pointee.hasAnswered
            && taken + count <= Exchange.replayCapacity && keepForReplay(exchange, count)
        if isKept {
            exchange.pointee.requestBody.copy(from: taken, into: room)
            exchange.pointee.requestTaken += count
            credit(exchange, upTo: taken + count)
        } else {
            dropReplay(exchange)
            exchange.pointee.requestIsTorn = true
            credit(exchange, upTo: count)
            exchange.pointee.requestBody.remove(into: room, to: blockPool)
            exchange.pointee.requestCredited -= count
        }
        expectAnswer(exchange)
        return true
    }

    /// Gives the client the windows back of the first `end` octets of its body that are held.
    func credit(_ exchange: ExchangeRef, upTo end: Int) {
        let fresh = end - exchange.pointee.requestCredited
        guard fresh > 0 else { return }
        exchange.pointee.requestCredited = end
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.credit(stream, fresh) }
    }

    private func keepForReplay(_ exchange: ExchangeRef, _ count: Int) -> Bool {
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.keepForReplay(count) }
    }

    /// Lets go of the octets that were kept for sending them again.
    func dropReplay(_ exchange: ExchangeRef) {
        let taken = exchange.pointee.requestTaken
        guard taken > 0 else { return }
        exchange.pointee.requestBody.removeFirst(taken, to: blockPool)
        exchange.pointee.requestTaken = 0
        exchange.pointee.requestCredited -= taken
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.droppedReplay(taken) }
    }
}

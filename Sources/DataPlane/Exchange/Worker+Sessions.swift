import HTTP2
import Model
import Policy

/// What keeps a client where it is (routing.md, Weights, drains, sessions): read before the decision, held after it,
/// told with the answer.
extension Worker {
    static var sessionHeader: ByteView { "x-portolan-session" }

    /// Seconds since 1970.
    var wallSeconds: UInt32 { UInt32(truncatingIfNeeded: (now.nanoseconds &+ wallOffset) / 1_000_000_000) }

    /// Decides a request whose route keys it. A retry says what the first attempt found, and moves nothing.
    func decideKeyed(
        _ exchange: ExchangeRef, _ request: RequestFacts, _ route: RouteID, _ snapshot: Snapshot
    ) -> Decision {
        guard exchange.pointee.attempts == 0 else { return decideInSession(exchange, request, route, snapshot) }
        let entry = snapshot.routes[route.index]
        let head = exchange.pointee.requestHead
        var producer = ByteView.absent
        if entry.sessions == .producer {
            producer = head.value(named: snapshot.view(snapshot.sessions.producerHeader))
        }
        switch entry.keySource(producer: producer) {
        case .producer:
            let key = SessionKey(producer, tenant: request.tenant, snapshot.hashKey)
            return decide(exchange, request, route, snapshot, producer: key)
        case .token: return decide(exchange, request, route, snapshot, tokenIn: entry.sessions)
        case .header:
            let value = head.value(named: snapshot.view(entry.hashBy))
            if !value.isAbsent {
                exchange.pointee.session.key = KeyHash(SipHash.hash(value, key: snapshot.hashKey))
                exchange.pointee.session.isKeyed = true
            }
        case .none: break
        }
        return decideInSession(exchange, request, route, snapshot)
    }

    /// With what the exchange knows of its session.
    private func decideInSession(
        _ exchange: ExchangeRef, _ request: RequestFacts, _ route: RouteID, _ snapshot: Snapshot
    ) -> Decision {
        var facts = request
        let session = exchange.pointee.session
        (facts.key, facts.isKeyed, facts.hold) = (session.key, session.isKeyed, session.hold)
        exchange.pointee.session.asked = session.hold
        return Policy.decide(facts, route: route, snapshot, &decisionState, now: now)
    }

    // MARK: Producers

    private func decide(
        _ exchange: ExchangeRef, _ request: RequestFacts, _ route: RouteID, _ snapshot: Snapshot, producer: SessionKey
    ) -> Decision {
        let now = wallSeconds
        let found = sessions.find(producer, nowSeconds: now, snapshot.sessions) ?? .none
        exchange.pointee.session.kind = .producer
        (exchange.pointee.session.key, exchange.pointee.session.isKeyed) = (producer.hash, true)
        exchange.pointee.session.hold = Worker.present(found, in: snapshot)
        exchange.pointee.session.wasHeld = !exchange.pointee.session.hold.isNone
        let decision = decideInSession(exchange, request, route, snapshot)
        guard decision.holdsSession else { return decision }
        let wanted = SessionHold(region: decision.region, cell: decision.cell)
        let stands = sessions.hold(producer, wanted, replacing: found, nowSeconds: now, snapshot.sessions)
        exchange.pointee.session.hold = stands
        // Another worker was first with a request of the same producer: both go where that one went.
        return stands == wanted ? decision : decideInSession(exchange, request, route, snapshot)
    }

    /// The hold as far as the snapshot knows its places: a session whose cell is gone still has its region.
    private static func present(_ hold: SessionHold, in snapshot: Snapshot) -> SessionHold {
        guard hold.region.index < snapshot.regions.count, snapshot.regions[hold.region.index].isPresent else {
            return .none
        }
        guard hold.cell.index < snapshot.cells.count else { return SessionHold(region: hold.region, cell: .none) }
        let cell = snapshot.cells[hold.cell.index]
        let isThere = cell.isPresent && cell.region == hold.region
        return SessionHold(region: hold.region, cell: isThere ? hold.cell : .none)
    }

    // MARK: Tokens

    private func decide(
        _ exchange: ExchangeRef, _ request: RequestFacts, _ route: RouteID, _ snapshot: Snapshot,
        tokenIn kind: SessionKind
    ) -> Decision {
        let now = wallSeconds
        let offered = exchange.pointee.session.offered
        let text = kind == .cookie ? offered.cookie : offered.header
        let isGood = !text.isAbsent && take(text, for: exchange, now, snapshot)
        if !isGood {
            exchange.pointee.session.key = KeyHash(random.next())
            exchange.pointee.session.issued = now
        }
        exchange.pointee.session.kind = kind
        exchange.pointee.session.isKeyed = true
        exchange.pointee.session.wasHeld = isGood
        let decision = decideInSession(exchange, request, route, snapshot)
        if decision.holdsSession {
            exchange.pointee.session.hold = SessionHold(region: decision.region, cell: decision.cell)
            exchange.pointee.session.answer = kind
        } else if isGood, exchange.pointee.downstream._withUnsafeGuaranteedRef({ $0.verified.isDue(now, snapshot) }) {
            exchange.pointee.session.answer = kind
        }
        return decision
    }

    /// Puts the session of a token into the exchange; false when the token is worth nothing, which is counted.
    private func take(_ text: ByteView, for exchange: ExchangeRef, _ now: UInt32, _ snapshot: Snapshot) -> Bool {
        exchange.pointee.downstream._withUnsafeGuaranteedRef { connection in
            if !connection.verified.matches(text) || !sessionKeys.accepts(connection.verified.token.generation) {
                guard let token = SessionToken.read(text, sessionKeys) else {
                    counters.tokensForged += 1
                    return false
                }
                connection.verified.note(text, token)
            }
            let token = connection.verified.token
            guard !token.hasExpired(now, snapshot.sessions) else {
                counters.tokensExpired += 1
                return false
            }
            if connection.verified.holdGeneration != snapshot.generation {
                connection.verified.note(Worker.hold(of: token, in: snapshot), generation: snapshot.generation)
            }
            let hold = connection.verified.hold
            if hold.cell == .none { counters.tokensForeign += 1 }
            guard !hold.isNone else { return false }
            exchange.pointee.session.key = KeyHash(token.id)
            exchange.pointee.session.issued = token.issued
            exchange.pointee.session.hold = hold
            return true
        }
    }

    /// The places that a token's tags name here; a region without the cell still holds.
    private static func hold(of token: SessionToken, in snapshot: Snapshot) -> SessionHold {
        let cell = snapshot.cell(tagged: token.cell)
        if cell != .none { return SessionHold(region: snapshot.cells[cell.index].region, cell: cell) }
        for index in snapshot.regions.indices where snapshot.regions[index].isPresent {
            guard tag(of: snapshot.regions[index], in: snapshot) == token.region else { continue }
            return SessionHold(region: RegionID(rawValue: UInt16(index)), cell: .none)
        }
        return .none
    }

    private static func tag(of region: RegionEntry, in snapshot: Snapshot) -> UInt64 {
        SipHash.hash(snapshot.view(region.name), key: .zero)
    }

    /// Adds the token that the client is to show from now on.
    func answerSession(_ exchange: ExchangeRef, in block: HeaderBlock) {
        let session = exchange.pointee.session
        let now = wallSeconds
        snapshot._withUnsafeGuaranteedRef { snapshot in
            // A reload may have taken them away while the answer was on its way.
            guard session.hold.region.index < snapshot.regions.count, session.hold.cell.index < snapshot.cells.count
            else { return }
            let token = SessionToken(
                generation: sessionKeys.generation,
                region: Worker.tag(of: snapshot.regions[session.hold.region.index], in: snapshot),
                cell: snapshot.cells[session.hold.cell.index].tag, issued: session.issued, seen: now,
                id: session.key.value)
            if session.answer == .cookie {
                let age = now > session.issued ? now - session.issued : 0
                let life = snapshot.sessions.lifeSeconds > age ? snapshot.sessions.lifeSeconds - age : 0
                let maxAge = min(snapshot.sessions.idleSeconds, life)
                SessionCookie.append(to: block, token, maxAge: maxAge, sessionKeys)
            } else {
                let text = block.allocate(SessionToken.textCount)
                token.write(to: text, sessionKeys)
                block.append(Worker.sessionHeader, .portolan, held: ByteView(base: text, count: SessionToken.textCount))
            }
        }
    }

    // MARK: Counting

    /// The decision began a session or moved one.
    func sessionHeld(_ exchange: ExchangeRef) {
        let decision = exchange.pointee.decision
        guard exchange.pointee.session.kind != .none else { return }
        guard exchange.pointee.session.wasHeld else {
            counters.sessionsNew += 1
            return
        }
        if decision.isMovedByDrain { counters.sessionsMovedByDrain += 1 } else { counters.sessionsMovedByHealth += 1 }
        recordSessionMove(exchange)
    }
}

extension VerifiedToken {
    func isDue(_ now: UInt32, _ snapshot: Snapshot) -> Bool { token.isDue(now, snapshot.sessions) }
}

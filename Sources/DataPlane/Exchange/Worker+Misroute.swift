import HTTP2
import Model
import Policy

/// Tenants away from home, and the fence around their data (routing.md, stages 1–2).
extension Worker {
    /// The tenant is at home elsewhere: counted, and told once a second for each route and home.
    func misrouted(_ exchange: ExchangeRef, _ decision: Decision) {
        counters.misroutes += 1
        guard misroutesTold.isFirst(decision.route, decision.home, now: now) else { return }
        var record = summary(of: exchange, .misroute)
        record.wantedRegion = decision.home
        write(record, exchange)
    }

    /// Answers a request that the decision turned away.
    func refuse(_ exchange: ExchangeRef, _ decision: Decision) {
        if decision.reason == .residencyDenied { recordDenial(exchange) }
        var refusal = LocalAnswer(status: decision.status, reason: decision.reason)
        if decision.status == 307 {
            refusal.redirect = decision.home
            // Nowhere to send it: the client is told that it is wrong here.
            if edge(of: decision.home).isEmpty { (refusal.status, refusal.redirect) = (421, .none) }
        }
        answer(exchange, refusal)
    }

    private func edge(of region: RegionID) -> ByteView {
        snapshot._withUnsafeGuaranteedRef { snapshot in
            region.index < snapshot.regions.count ? snapshot.view(snapshot.regions[region.index].edge) : .absent
        }
    }

    /// The same request at the other region's edge. Its scheme is the listener's.
    func appendLocation(of region: RegionID, _ exchange: ExchangeRef, to block: HeaderBlock) {
        let isEncrypted = exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.isEncrypted }
        let scheme: ByteView = isEncrypted ? "https://" : "http://"
        let path = exchange.pointee.requestHead.value(of: .path)
        // `OPTIONS *` asks about the whole server (RFC 9110 §7.1).
        let isRooted = !path.isEmpty && path[0] == UInt8(ascii: "/")
        let (edge, rest) = (edge(of: region), isRooted ? path : "/")
        let bytes = block.allocate(scheme.count + edge.count + rest.count)
        var count = 0
        for index in 0..<3 {
            let part = index == 0 ? scheme : index == 1 ? edge : rest
            if let base = part.base { (bytes + count).update(from: base, count: part.count) }
            count += part.count
        }
        block.append("location", held: ByteView(base: bytes, count: count))
    }

    // MARK: The fence

    /// Looked at once more where the connection is picked, whatever led there: first attempts, retries, rescues. Not
    /// by what the decision says of itself alone: the pin is looked up again, and may have changed while it waited.
    func isInsideFence(_ decision: Decision, of tenant: ByteView) -> Bool {
        snapshot._withUnsafeGuaranteedRef { snapshot in
            guard decision.endpoint.index < snapshot.endpoints.count else { return false }
            let region = snapshot.endpoints[decision.endpoint.index].region
            guard decision.allowed.contains(region) else { return false }
            guard !tenant.isAbsent, let pin = snapshot.pin(of: tenant) else { return true }
            return pin.jurisdictions & 1 << UInt64(snapshot.regions[region.index].jurisdiction) != 0
        }
    }

    /// A decision that would leave the fence is a bug of ours: the request stops here.
    func stopAtFence(_ exchange: ExchangeRef) {
        counters.residencyViolations += 1
        exchange.pointee.decision.reason = .residencyViolation
        recordDenial(exchange)
        answer(exchange, .init(status: 503, reason: .residencyViolation, error: .proxyInternalError))
    }

    /// Once a second for each route and home.
    private func recordDenial(_ exchange: ExchangeRef) {
        let decision = exchange.pointee.decision
        guard denialsTold.isFirst(decision.route, decision.home, now: now) else { return }
        var record = summary(of: exchange, .residencyDenied)
        record.wantedRegion = decision.home
        write(record, exchange)
    }
}

import HTTP2
import Model
import Policy

/// Writes: what the owner's replication backend is told, and what becomes of them when it is the owner no more
/// (routing.md, Writes).
extension Worker {
    func appendOwnership(_ decision: Decision, to block: HeaderBlock) {
        snapshot._withUnsafeGuaranteedRef { snapshot in
            block.append("x-portolan-owner", copying: Worker.name(of: decision.region, snapshot))
            Decimal(decision.epoch).withDigits { block.append("x-portolan-epoch", copying: $0) }
            block.append("x-portolan-origin", copying: Worker.name(of: snapshot.localRegion, snapshot))
        }
    }

    private static func name(of region: RegionID, _ snapshot: Snapshot) -> ByteView {
        region.index < snapshot.regions.count ? snapshot.view(snapshot.regions[region.index].name) : ""
    }

    /// The replication backend is not, or no longer, the owner's, and did nothing. The request is sent on once, to an
    /// owner of a newer epoch; without one, or the second time, nobody knows where it belongs.
    func misdirected(_ exchange: ExchangeRef, _ block: HeaderBlock) {
        let ours = exchange.pointee.decision
        exchange.pointee.attemptFailed(.httpRequestDenied)
        // It has answered: whatever the stream's end looks like, this attempt was not applied.
        let mayBeApplied = exchange.pointee.mayBeApplied
        leaveUpstream(exchange)
        exchange.pointee.mayBeApplied = mayBeApplied
        let next = successor(of: ours, exchange, said: claim(in: block))
        // While a body is on its way nobody can say what a second owner would get to see of it.
        let mayFollow =
            !exchange.pointee.hasFollowedOwner && exchange.pointee.requestEnded && exchange.pointee.canReplay
        guard let next, mayFollow else { return answer(exchange, .init(status: 503, reason: .ownerUnknown)) }
        counters.ownerRedirects += 1
        exchange.pointee.hasFollowedOwner = true
        go(exchange, next, .owner)
    }

    /// The decision for a newer owner: as this worker's snapshot knows by now, or as the answer says.
    private func successor(of ours: Decision, _ exchange: ExchangeRef, said: OwnerClaim?) -> Decision? {
        let fresh = decide(exchange, excluding: .none)
        let known = fresh.isWrite && !fresh.isRefused && fresh.epoch > ours.epoch ? fresh : nil
        guard let said, said.epoch > max(ours.epoch, known?.epoch ?? 0), said.isNear(ours.epoch) else { return known }
        var next = ours
        // The fence of now, and of when the request came.
        (next.route, next.allowed) = (fresh.route, ours.allowed.intersection(fresh.allowed))
        let redirected = snapshot._withUnsafeGuaranteedRef { snapshot in
            Policy.redirect(next, to: said.region, epoch: said.epoch, snapshot, &decisionState, now: now)
        }
        guard let redirected else { return known }
        recordOwner(exchange, said, route: fresh.route)
        return redirected
    }

    /// A write that followed a 421 stays with the owner it was told of, whatever older facts a later decision rests on.
    func keptWithOwner(_ decision: Decision, _ exchange: ExchangeRef) -> Decision {
        let ours = exchange.pointee.decision
        guard exchange.pointee.hasFollowedOwner, decision.epoch < ours.epoch else { return decision }
        var next = ours
        next.allowed = ours.allowed.intersection(decision.allowed)
        let kept = snapshot._withUnsafeGuaranteedRef { snapshot in
            Policy.redirect(next, to: ours.region, epoch: ours.epoch, snapshot, &decisionState, now: now)
        }
        // Nobody there can be asked: as if the failed endpoint were chosen again, which tries no more.
        return kept ?? ours
    }

    private func claim(in block: HeaderBlock) -> OwnerClaim? {
        snapshot._withUnsafeGuaranteedRef { OwnerClaim(block, $0) }
    }

    /// Tells the control plane, once a second. A pinned tenant's owner is its home, which no dataset's facts change.
    /// - Parameter route: in the configuration of the exchange's generation, which the record carries too.
    private func recordOwner(_ exchange: ExchangeRef, _ owner: OwnerClaim, route: RouteID) {
        let decision = exchange.pointee.decision
        guard decision.home == .none, ownersTold.isFirst(route, owner.region, now: now) else { return }
        var record = summary(of: exchange, .ownerLearned)
        (record.route, record.region, record.epoch) = (route, owner.region, owner.epoch)
        write(record, exchange)
    }
}

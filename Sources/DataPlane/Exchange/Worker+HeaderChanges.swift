import HTTP2
import Model
import Policy

/// Heads that differ from what came: what a route adds and removes, and what a write's backend is told. Everything else
/// pays two branches.
extension Worker {
    /// Notes what the route wants done to the heads of the exchange.
    func noteRoute(_ exchange: ExchangeRef, _ decision: Decision) {
        let isUnsafe = !exchange.pointee.method.isSafe || decision.isWrite
        let (changes, addsKey) = snapshot._withUnsafeGuaranteedRef { snapshot in
            let route = snapshot.routes[decision.route.index]
            return (route.headerChanges, route.addsIdempotencyKey && isUnsafe)
        }
        exchange.pointee.addsKey = addsKey
        (exchange.pointee.headerRoute, exchange.pointee.headerRevision) = (decision.route, headerRevision)
        if decision.isWrite || addsKey { exchange.pointee.changesHead = true }
        if !changes.isEmpty {
            if !changes.requestAdd.isEmpty || !changes.requestRemove.isEmpty { exchange.pointee.changesHead = true }
            exchange.pointee.changesResponse = !changes.responseAdd.isEmpty || !changes.responseRemove.isEmpty
        }
    }

    /// draft-ietf-httpapi-idempotency-key-header.
    private static var idempotencyKey: ByteView { "idempotency-key" }

    /// Makes the head of the present attempt. The client's own stays as it came: later attempts, and the log, start
    /// from it.
    func prepareHead(_ exchange: ExchangeRef) {
        if let old = exchange.pointee.outgoingHead { headerBlocks.give(back: old) }
        let block = headerBlocks.take()
        exchange.pointee.outgoingHead = block
        exchange.pointee.requestHead.copyFields(to: block)
        let decision = exchange.pointee.decision
        if decision.isWrite { appendOwnership(decision, to: block) }
        // As its route said when it began: what permits a second delivery must go with each.
        if exchange.pointee.addsKey { addIdempotencyKey(to: block) }
        changeHead(block, of: exchange) { ($0.requestRemove, $0.requestAdd) }
    }

    /// The request's own id: the same for every attempt at it.
    private func addIdempotencyKey(to block: HeaderBlock) {
        guard block.value(named: Worker.idempotencyKey).isEmpty else { return }
        Worker.remove(Worker.idempotencyKey, from: block)
        block.append(Worker.idempotencyKey, copying: block.value(of: .requestID))
    }

    /// After everything else that is done to the head of an answer, the edge's own included.
    func changeResponse(_ exchange: ExchangeRef, _ block: HeaderBlock) {
        changeHead(block, of: exchange) { ($0.responseRemove, $0.responseAdd) }
    }

    /// By the rules of the route that the exchange began on, whoever has its number now.
    private func changeHead(
        _ block: HeaderBlock, of exchange: ExchangeRef,
        _ side: (HeaderChangeRanges) -> (removals: TableRange, additions: TableRange)
    ) {
        let route = exchange.pointee.headerRoute
        guard exchange.pointee.headerRevision == headerRevision else {
            let rules = oldHeaderRules.first { $0.revision == exchange.pointee.headerRevision }
            rules?.use(route) { ranges, change in Worker.change(block, side(ranges), change) }
            return
        }
        snapshot._withUnsafeGuaranteedRef { snapshot in
            guard route.index < snapshot.routes.count else { return }
            Worker.change(block, side(snapshot.routes[route.index].headerChanges)) { index in
                let change = snapshot.headerChanges[index]
                return (snapshot.view(change.name), snapshot.view(change.value))
            }
        }
    }

    /// First what goes, then what comes: a field in both lists is replaced.
    private static func change(
        _ block: HeaderBlock, _ side: (removals: TableRange, additions: TableRange),
        _ change: (Int) -> (name: ByteView, value: ByteView)
    ) {
        for index in side.removals.indices { remove(change(index).name, from: block) }
        for index in side.additions.indices {
            let addition = change(index)
            block.append(copyingName: addition.name, copying: addition.value)
        }
    }

    /// Ids of routes are places in a list: where a reload gives them to other routes, what is under way keeps the
    /// rules it began with.
    func keepHeaderRules(of old: Snapshot, before new: Snapshot) {
        if old.changesHeads(like: new) { return }
        if exchanges.liveCount > 0 { oldHeaderRules.append(HeaderRules(copying: old, revision: headerRevision)) }
        headerRevision &+= 1
    }

    /// Lets go of rules that no exchange began with any more.
    func forgetHeaderRules() {
        var used: Set<UInt32> = []
        exchanges.visit { used.insert($0.pointee.headerRevision) }
        oldHeaderRules.removeAll { !used.contains($0.revision) }
    }

    /// Removes every field of that lower-case name.
    static func remove(_ name: ByteView, from block: HeaderBlock) {
        var index = 0
        while index < block.count {
            if block.name(index).equals(name) { block.remove(at: index) } else { index += 1 }
        }
    }

    /// Trailers route nothing: what only the edge or a head may say is not passed on in them.
    func removeRouting(_ trailers: HeaderBlock) {
        removeInternal(trailers)
        Worker.remove("x-region", from: trailers)
        snapshot._withUnsafeGuaranteedRef { Worker.remove($0.view($0.tenants.header), from: trailers) }
    }
}

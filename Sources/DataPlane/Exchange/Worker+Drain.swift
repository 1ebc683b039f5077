import HTTP2
import Model

/// The end of a drain: what is still open to its cells (routing.md, Weights, drains, sessions).
extension Worker {
    /// Streams to cells whose drain has had its time are reset. Looked at with each snapshot that has such cells; from
    /// the second one on there is hardly anything left to do.
    func resetDrained(in snapshot: Snapshot) {
        guard snapshot.cells.indices.contains(where: { snapshot.cells[$0].resetsStreams }) else { return }
        for index in snapshot.cells.indices where snapshot.cells[index].resetsStreams {
            for endpoint in snapshot.cells[index].endpoints.indices { retire(snapshot.endpointLists[endpoint]) }
        }
        let tags = exchanges.liveTags { exchange in
            // Of an answer that is here in full nothing is open to the cell.
            !exchange.pointee.responseEnded && isDrained(exchange.pointee.leased, snapshot)
                || isDrained(exchange.pointee.rival.decision.endpoint, snapshot)
        }
        for tag in tags {
            if let exchange = exchanges.find(tag) { leaveDrained(exchange, snapshot) }
        }
    }

    private func isDrained(_ endpoint: EndpointID, _ snapshot: Snapshot) -> Bool {
        guard endpoint.index < snapshot.endpoints.count else { return false }
        let cell = snapshot.endpoints[endpoint.index].cell
        return cell.index < snapshot.cells.count && snapshot.cells[cell.index].resetsStreams
    }

    /// Its connections take nothing new, and close with their last stream.
    private func retire(_ endpoint: EndpointID) {
        guard endpoint.index < poolHolds.count, let pool = poolHolds[endpoint.index] else { return }
        pool.retireAll()
    }

    /// A request that has no answer yet and may go elsewhere does; another one is told that the time is up, by a reset
    /// once it has a head.
    private func leaveDrained(_ exchange: ExchangeRef, _ snapshot: Snapshot) {
        counters.drainDeadlineResets += 1
        guard isDrained(exchange.pointee.leased, snapshot) else { return leaveRival(exchange, .drained) }
        let failure = ExchangeError(.downstream, .drained, retry: .never, code: 0)
        if exchange.pointee.rival.isLive {
            let isPromoted = !isDrained(exchange.pointee.rival.decision.endpoint, snapshot)
            if isPromoted { return promoteRival(exchange, insteadOf: failure.reason) }
        }
        if rescue(exchange) { return }
        exchange.pointee.attemptFailed(failure.reason)
        exchange.pointee.decision.reason = .drainDeadline
        leaveUpstream(exchange)
        guard exchange.pointee.hasAnswered else { return answer(exchange, LocalAnswer(failure)) }
        exchange.pointee.error = failure.reason.rawValue + 1
        // Not the client's doing: its connection is not blamed for the reset.
        exchange.pointee.breakOff = .cancel
        let stream = exchange.pointee.downstreamStream
        exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.reset(stream, .cancel) }
    }
}

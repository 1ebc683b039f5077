import HTTP2
import Model
import TLS

/// One worker's connections to one endpoint and the requests that wait for a stream there.
///
/// Streams are multiplexed up to the peer's limit, then a further connection is opened up to a cap, then requests wait
/// in a bounded queue. Confined to its worker's thread.
final class UpstreamPool {
    let endpoint: EndpointID
    private(set) var target: UpstreamTarget
    /// Nil: plain text.
    private(set) var clientContext: ClientContext?
    private var connections: [UpstreamConnection] = []
    /// Requests without a stream, oldest first; those before `pendingStart` are gone.
    private var pending: [StreamTag] = []
    private var pendingStart = 0
    /// Requests in flight or waiting here.
    private(set) var requestCount = 0
    /// The snapshot says that it may be chosen.
    var isAvailable = true

    init(endpoint: EndpointID, target: UpstreamTarget, clientContext: ClientContext?) {
        (self.endpoint, self.target, self.clientContext) = (endpoint, target, clientContext)
    }

    /// Takes a new target; connections made for another one retire.
    func retarget(_ target: UpstreamTarget, clientContext: ClientContext?) {
        guard target != self.target else { return }
        (self.target, self.clientContext) = (target, clientContext)
        retireAll()
    }

    enum Lease { case sent, waiting, full }

    /// Sends the exchange's request now, or keeps it until there is a stream for it.
    func lease(_ exchange: ExchangeRef, _ worker: Worker) -> Lease {
        guard requestCount < target.settings.maxRequests else { return .full }
        if pendingCount == 0 {
            for connection in connections where connection.hasRoom {
                if connection.send(exchange) {
                    requestCount += 1
                    return .sent
                }
            }
        }
        guard pendingCount < target.settings.maxPending else { return .full }
        requestCount += 1
        pending.append(exchange.pointee.tag)
        openIfNeeded(worker)
        return .waiting
    }

    /// The exchange has left this endpoint, however it went.
    func released() { requestCount -= 1 }

    private var pendingCount: Int { pending.count - pendingStart }

    /// As many connections under way as the waiting requests need, at the peer's usual limit of 100 streams each.
    private func openIfNeeded(_ worker: Worker) {
        var connecting = 0
        for connection in connections where connection.state == .connecting || connection.state == .handshaking {
            connecting += 1
        }
        let needed = (pendingCount + 99) / 100
        let live = connections.count(where: \.isPromising)
        if connecting < needed, live < target.settings.maxConnections { worker.connect(self) }
    }

    func add(_ connection: UpstreamConnection) { connections.append(connection) }

    func opened(_ connection: UpstreamConnection) { roomAppeared(connection.worker) }

    /// Serves who waits, as far as there is room.
    func roomAppeared(_ worker: Worker) {
        while pendingStart < pending.count {
            guard let exchange = waiter(pending[pendingStart], worker) else {
                dropFirst()
                continue
            }
            guard let connection = connections.first(where: \.hasRoom) else {
                return openIfNeeded(worker)
            }
            guard connection.send(exchange) else { continue }
            dropFirst()
            worker.requestSent(exchange)
        }
    }

    /// The exchange of that tag, if it still waits, and here.
    private func waiter(_ tag: StreamTag, _ worker: Worker) -> ExchangeRef? {
        guard let exchange = worker.exchanges.find(tag), exchange.pointee.phase == .waitingForStream,
            exchange.pointee.leased == endpoint
        else { return nil }
        return exchange
    }

    private func dropFirst() {
        pendingStart += 1
        if pendingStart == pending.count {
            pending.removeAll(keepingCapacity: true)
            pendingStart = 0
        }
    }

    /// A connection could not be made: who waits goes elsewhere, unless another one is there or on its way.
    func connectFailed(_ error: ExchangeError, _ worker: Worker) {
        guard !connections.contains(where: \.isPromising) else { return }
        let waiting = pending[pendingStart...]
        pending.removeAll(keepingCapacity: true)
        pendingStart = 0
        for tag in waiting {
            if let exchange = waiter(tag, worker) { worker.failed(exchange, error) }
        }
    }

    func closed(_ connection: UpstreamConnection) { connections.removeAll { $0 === connection } }

    /// No new request on any present connection.
    func retireAll() { for connection in connections { connection.retire() } }
}

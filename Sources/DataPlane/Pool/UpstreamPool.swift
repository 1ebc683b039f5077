import HTTP2
import Model
import Policy
import TLS

/// One worker's connections to one endpoint and the requests that wait for a stream there.
///
/// Streams are multiplexed up to the peer's limit, then a further connection is opened up to a cap, then requests wait
/// in a bounded queue. Confined to its worker's thread.
final class UpstreamPool {
    let endpoint: EndpointID
    private(set) var target: UpstreamTarget {
        didSet {
            (responseTimeoutMilliseconds, pendingTimeoutMilliseconds) = UpstreamPool.timeouts(target)
            adoptLimits(since: oldValue.settings)
        }
    }
    /// Two of the target's settings, looked at for every request.
    private(set) var responseTimeoutMilliseconds: UInt64
    private(set) var pendingTimeoutMilliseconds: UInt64
    /// Nil: plain text.
    private(set) var clientContext: ClientContext?
    /// Kept alive by the worker's table; a connection takes leave as it closes.
    private var connections: [Unmanaged<UpstreamConnection>] = []
    /// Streams a connection is taken to allow until its SETTINGS come: what most peers allow, then what this one said.
    private(set) var streamLimit = 100
    /// Requests without a stream, oldest first; those before `pendingStart` are gone.
    private var pending: [StreamTag] = []
    private var pendingStart = 0
    /// Requests in flight or waiting here.
    private(set) var requestCount = 0
    private var maxRequests: Int
    /// What the endpoint's latency says that it does well with, where the configuration asks for that.
    private var concurrency: ConcurrencyLimit?
    /// Requests that the above allows; `maxRequests` without it.
    private var allowedRequests: Int
    /// The snapshot says that it may be chosen.
    var isAvailable = true

    init(endpoint: EndpointID, target: UpstreamTarget, clientContext: ClientContext?) {
        (self.endpoint, self.target, self.clientContext) = (endpoint, target, clientContext)
        (responseTimeoutMilliseconds, pendingTimeoutMilliseconds) = UpstreamPool.timeouts(target)
        (maxRequests, allowedRequests) = (target.settings.maxRequests, target.settings.maxRequests)
        adoptLimits(since: nil)
    }

    private func adoptLimits(since old: Configuration.Upstream?) {
        let settings = target.settings
        guard settings.maxRequests != old?.maxRequests || settings.adaptsConcurrency != old?.adaptsConcurrency else {
            return
        }
        maxRequests = settings.maxRequests
        concurrency = settings.adaptsConcurrency ? ConcurrencyLimit(maximum: max(1, maxRequests)) : nil
        allowedRequests = concurrency?.current ?? maxRequests
    }

    private static func timeouts(_ target: UpstreamTarget) -> (UInt64, UInt64) {
        (target.settings.responseTimeoutMilliseconds, target.settings.pendingTimeoutMilliseconds)
    }

    /// Takes a new target; connections made for another one retire.
    func retarget(_ target: UpstreamTarget, clientContext: ClientContext?) {
        guard target != self.target else { return }
        (self.target, self.clientContext) = (target, clientContext)
        retireAll()
    }

    /// Authorities were read again; the endpoint is the same.
    func renew(_ context: ClientContext?) { clientContext = context }

    /// `limited`: more than its latency allows.
    enum Lease { case sent, waiting, full, limited }

    /// Sends the exchange's request now, or keeps it until there is a stream for it.
    ///
    /// - Parameter isRival: the second attempt of a hedged request.
    func lease(_ exchange: ExchangeRef, _ worker: Worker, asRival isRival: Bool = false) -> Lease {
        guard requestCount < allowedRequests else { return requestCount < maxRequests ? .limited : .full }
        if isCrowded, !hasShare(exchange) { return .full }
        if pendingCount == 0, let connection = connectionWithRoom,
            connection._withUnsafeGuaranteedRef({ $0.send(exchange, asRival: isRival) })
        {
            requestCount += 1
            return .sent
        }
        guard pendingCount < target.settings.maxPending || causesConnection else { return .full }
        requestCount += 1
        pending.append(exchange.pointee.tag)
        openIfNeeded(worker)
        return .waiting
    }

    /// The exchange has left this endpoint, however it went.
    ///
    /// - Parameter firstByteNanoseconds: from its sending to the answer's head; nil when none came.
    func released(firstByteNanoseconds: UInt64?, now: LoopTime) {
        if concurrency != nil, let latency = firstByteNanoseconds {
            concurrency?.observe(latencyNanoseconds: latency, inFlight: requestCount, now: now)
            allowedRequests = concurrency?.current ?? maxRequests
        }
        requestCount -= 1
    }

    // MARK: One client's share

    /// Only the last eighth of the places is left.
    var isCrowded: Bool { maxRequests - requestCount <= maxRequests / 8 }

    /// The last places are for those who have few: a client may have a sixteenth of what is left of them open, or one
    /// request. So a few dozen that open all they may and read nothing shut nobody out, and the nearer the end, the
    /// smaller each one's part.
    private func hasShare(_ exchange: ExchangeRef) -> Bool {
        let open = exchange.pointee.downstream._withUnsafeGuaranteedRef { $0.exchangeCount }
        return open <= max(1, (maxRequests - requestCount) / 16)
    }

    private var pendingCount: Int { pending.count - pendingStart }

    /// As many connections under way as the waiting requests need, at the limit of streams that the peer has shown.
    private func openIfNeeded(_ worker: Worker) {
        var connecting = 0
        var live = 0
        for connection in connections {
            connection._withUnsafeGuaranteedRef { connection in
                if connection.isConnecting { connecting += 1 }
                if connection.isPromising { live += 1 }
            }
        }
        let needed = (pendingCount + streamLimit - 1) / streamLimit
        if connecting < needed, live < target.settings.maxConnections { worker.connect(self) }
    }

    /// Nobody waits and nothing is under way: whoever comes now waits for the connection that is opened for it, even
    /// where nobody else may wait.
    private var causesConnection: Bool {
        guard pendingCount == 0 else { return false }
        var live = 0
        for connection in connections {
            let (isConnecting, isPromising) = connection._withUnsafeGuaranteedRef { ($0.isConnecting, $0.isPromising) }
            if isConnecting { return false }
            if isPromising { live += 1 }
        }
        return live < target.settings.maxConnections
    }

    private var connectionWithRoom: Unmanaged<UpstreamConnection>? {
        for connection in connections where connection._withUnsafeGuaranteedRef({ $0.hasRoom }) { return connection }
        return nil
    }

    func add(_ connection: UpstreamConnection) { connections.append(Unmanaged.passUnretained(connection)) }

    /// A connection's SETTINGS came: the next one's will hardly differ.
    func learned(streamLimit limit: Int) { streamLimit = min(100, max(1, limit)) }

    func opened(_ connection: UpstreamConnection) { roomAppeared(connection.worker) }

    /// Serves who waits, as far as there is room.
    func roomAppeared(_ worker: Worker) {
        while pendingStart < pending.count {
            guard let (exchange, isRival) = waiter(pending[pendingStart], worker) else {
                dropFirst()
                continue
            }
            // An endpoint that was marked down gets nothing new: those who wait leave it by themselves.
            guard let connection = connectionWithRoom else { return isAvailable ? openIfNeeded(worker) : () }
            // A connection that refuses has no room any more.
            guard connection._withUnsafeGuaranteedRef({ $0.send(exchange, asRival: isRival) }) else { continue }
            dropFirst()
            if isRival { worker.rivalSent(exchange) } else { worker.requestSent(exchange) }
        }
    }

    /// The exchange of that tag, if it still waits, and here; its two attempts are never at one endpoint.
    private func waiter(_ tag: StreamTag, _ worker: Worker) -> (exchange: ExchangeRef, isRival: Bool)? {
        guard let exchange = worker.exchanges.find(tag) else { return nil }
        if exchange.pointee.phase == .waitingForStream, exchange.pointee.leased == endpoint { return (exchange, false) }
        let isRival = exchange.pointee.rival.isWaiting && exchange.pointee.rival.decision.endpoint == endpoint
        return isRival ? (exchange, true) : nil
    }

    private func dropFirst() {
        pendingStart += 1
        if pendingStart == pending.count {
            pending.removeAll(keepingCapacity: true)
            pendingStart = 0
        } else if pendingStart >= 256, pendingStart * 2 >= pending.count {
            // A queue that is never empty must not grow for ever.
            pending.removeFirst(pendingStart)
            pendingStart = 0
        }
    }

    /// A connection could not be made: who waits goes elsewhere, unless another one is there or on its way.
    func connectFailed(_ error: ExchangeError, _ worker: Worker) {
        guard !connections.contains(where: { $0._withUnsafeGuaranteedRef { $0.isPromising } }) else { return }
        let waiting = pending[pendingStart...]
        pending.removeAll(keepingCapacity: true)
        pendingStart = 0
        for tag in waiting {
            guard let (exchange, isRival) = waiter(tag, worker) else { continue }
            if isRival { worker.leaveRival(exchange, error.reason) } else { worker.failed(exchange, error) }
        }
    }

    func closed(_ connection: UpstreamConnection) {
        let address = Unmanaged.passUnretained(connection).toOpaque()
        connections.removeAll { $0.toOpaque() == address }
    }

    /// No new request on any present connection.
    func retireAll() {
        for connection in connections { connection._withUnsafeGuaranteedRef { $0.retire() } }
    }
}

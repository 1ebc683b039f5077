import HTTP2
import Model
import Reactor
import TLS
import Wire

/// One worker's connection to one endpoint.
///
///     connecting ─→ (handshaking) ─→ open ─GOAWAY, idle, marked down→ retiring ─last stream→ closed
final class UpstreamConnection: Connection {
    enum State: UInt8 { case connecting, handshaking, open, retiring }

    let pool: UpstreamPool
    private(set) var state = State.connecting
    private var http: UpstreamSession?
    /// The same without a retain at every use; `http` keeps it.
    private var httpReference: Unmanaged<UpstreamSession>?
    /// Octets of bodies received since the last flush.
    private var uncredited = 0
    /// Streams the peer lets us open, and whether it takes new ones at all.
    private var streamLimit = 0
    /// Streams that count against the peer's limit: until nghttp2 says that they are closed.
    private(set) var streamCount = 0
    private var idleSince: LoopTime
    private var timer = TimerWheel.ID.none
    private var pingedAt: LoopTime?
    /// Streams above it were not processed, once a GOAWAY came.
    private var lastProcessed = StreamID.max
    /// Streams above it have not left: their heads were not written, or no byte of what they were written with was
    /// taken by the socket.
    private var lastDeparted: StreamID = 0

    init(worker: Worker, socket: consuming Socket, token: UInt64, pool: UpstreamPool, now: LoopTime) {
        self.pool = pool
        idleSince = now
        super.init(worker: worker, socket: socket, token: token, now: now)
        let timeout = pool.target.settings.connectTimeoutMilliseconds
        timer = worker.schedule(token, at: now.advanced(milliseconds: timeout))
    }

    override var session: HTTP2.Session? { http }

    /// A further stream may be opened now.
    var hasRoom: Bool { state == .open && !isClosed && streamCount < streamLimit }

    var isConnecting: Bool { state == .connecting || state == .handshaking }

    /// It may yet become, or is, of use to new requests.
    var isPromising: Bool { !isClosed && state != .retiring }

    // MARK: Connecting

    override func ready(_ events: ReadyEvents) {
        if state == .connecting {
            guard events.contains(.writable) || events.contains(.error) || events.contains(.hangup) else { return }
            let code = socket.pendingError
            guard code == 0 else { return fail(.connectionRefused, code: code) }
            socketConnected()
        }
        super.ready(events)
    }

    private func socketConnected() {
        if let context = pool.clientContext {
            guard let session = try? TLS.Session(client: context, serverName: pool.target.serverName) else {
                return fail(.tlsProtocolError, code: 0)
            }
            tls = session
            state = .handshaking
            isWritable = true
            receive(UnsafeRawBufferPointer(start: nil, count: 0))
        } else {
            transportOpened()
        }
    }

    override func transportOpened() {
        if let tls, tls.negotiatedProtocol != .h2 { return fail(.tlsProtocolError, code: 0) }
        state = .open
        isWritable = true
        let http = UpstreamSession(owner: self, blocks: worker.headerBlocks, limits: worker.limits)
        self.http = http
        httpReference = Unmanaged.passUnretained(http)
        streamLimit = pool.streamLimit
        worker.counters.upstreamConnections += 1
        worker.schedule(&timer, token, at: worker.now.advanced(milliseconds: 1_000))
        worker.touch(self)
        pool.opened(self)
    }

    override func tlsFailed(_ error: TLSError) {
        let isCertificate = error.reason == .certificateUntrusted || error.reason == .certificateNameMismatch
        fail(isCertificate ? .tlsCertificateError : .tlsProtocolError, code: Int32(truncatingIfNeeded: error.code))
    }

    // MARK: Requests

    /// Sends the exchange's request, as its attempt or as the second one beside it; false when this connection opens no
    /// further stream after all.
    func send(_ exchange: ExchangeRef, asRival isRival: Bool) -> Bool {
        guard let httpReference else { return false }
        let left = isRival ? exchange.pointee.requestBody.count : exchange.pointee.requestReady
        let isEnd = exchange.pointee.requestEnded && left == 0 && exchange.pointee.requestTrailers == nil
        let head = (exchange.pointee.outgoingHead ?? exchange.pointee.requestHead).held()
        let tag = isRival ? ExchangeTable.rivalTag(exchange.pointee.tag) : exchange.pointee.tag
        let opened = httpReference._withUnsafeGuaranteedRef { $0.request(head, tag: tag, isEnd: isEnd) }
        guard let stream = opened else {
            // The stream numbers are used up, or a GOAWAY went out.
            retire()
            return false
        }
        let reference = Unmanaged.passUnretained(self)
        if isRival {
            (exchange.pointee.rival.upstream, exchange.pointee.rival.stream) = (reference, stream)
        } else {
            (exchange.pointee.upstream, exchange.pointee.upstreamStream) = (reference, stream)
        }
        streamCount += 1
        worker.touch(self)
        return true
    }

    /// Keeps `tag` with the stream from now on.
    func setTag(_ tag: StreamTag, of stream: StreamID) {
        httpReference?._withUnsafeGuaranteedRef { $0.setTag(tag, of: stream) }
    }

    /// The stream has bytes to send where it had none.
    func resume(_ stream: StreamID) {
        httpReference?._withUnsafeGuaranteedRef { $0.resume(stream) }
        worker.touch(self)
    }

    /// Nobody wants the stream any more: what still comes on it belongs to no exchange.
    func abandon(_ stream: StreamID) {
        httpReference?._withUnsafeGuaranteedRef {
            $0.setTag(0, of: stream)
            $0.reset(stream, .cancel)
        }
        worker.touch(self)
    }

    /// The endpoint may send as many octets more on the stream.
    func credit(_ stream: StreamID, _ byteCount: Int) {
        httpReference?._withUnsafeGuaranteedRef { $0.consume(stream, byteCount) }
        worker.touch(self)
    }

    func setWindow(of stream: StreamID, _ byteCount: Int) {
        httpReference?._withUnsafeGuaranteedRef { $0.setWindow(of: stream, byteCount) }
    }

    /// No new request: closes when the last stream has ended.
    func retire() {
        guard !isClosed, state != .retiring else { return }
        let wasOpen = state == .open
        state = .retiring
        if streamCount == 0 || !wasOpen { close() }
    }

    // MARK: What comes

    override func deliver(_ bytes: UnsafeRawBufferPointer) {
        guard let http else { return }
        if !http.receive(bytes) { return fail(.httpProtocolError, code: 0) }
        worker.touch(self)
    }

    override func headReceived(_ head: ReceivedHead) { worker.responseHeadReceived(head, on: self) }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        // Clients share this connection: its window is credited at once, the stream's as its client drains it.
        uncredited += bytes.count
        worker.responseBodyReceived(bytes, tag)
    }

    /// What came in this tick is credited in one call.
    override func flush() {
        if uncredited > 0 {
            let count = uncredited
            uncredited = 0
            httpReference?._withUnsafeGuaranteedRef { $0.consumeConnection(count) }
        }
        super.flush()
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) { worker.responseEnded(tag) }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply { worker.requestBodyReady(tag) }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool { worker.requestBodyTaken(tag, into: target, count: count) }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        streamCount -= 1
        idleSince = worker.now
        worker.upstreamStreamClosed(tag, stream, code, on: self, wasProcessed: mayHaveProcessed(stream))
        if state == .retiring, streamCount == 0 { close() }
        pool.roomAppeared(worker)
    }

    override func settingsReceived() {
        streamLimit = http?.maxConcurrentStreams ?? 0
        pool.learned(streamLimit: streamLimit)
        pool.roomAppeared(worker)
    }

    /// nghttp2 closes the streams above `lastStream` next, each with REFUSED_STREAM.
    override func goawayReceived(lastStream: StreamID, code: ErrorCode) {
        lastProcessed = min(lastProcessed, lastStream)
        retire()
    }

    /// False where the peer said that it did not, or cannot have seen it.
    func mayHaveProcessed(_ stream: StreamID) -> Bool { stream <= lastProcessed && stream <= lastDeparted }

    override func departed() {
        if let httpReference { lastDeparted = httpReference._withUnsafeGuaranteedRef { $0.lastHeadSent } }
    }

    override func pingAcknowledged(_ payload: UInt64) { pingedAt = nil }

    // MARK: The end

    override func fail(_ reason: ExchangeError.Reason, code: Int32) {
        guard !isClosed else { return }
        let wasConnecting = isConnecting
        close()
        if wasConnecting {
            worker.counters.upstreamConnectFailures += 1
            let refused: ExchangeError.Reason = reason == .connectionTerminated ? .connectionRefused : reason
            pool.connectFailed(ExchangeError(.upstream, refused, retry: .safe, code: code), worker)
        }
    }

    override func closing() {
        worker.cancel(timer)
        pool.closed(self)
        worker.upstreamLost(self)
        worker.poolLost(pool)
    }

    override func timerFired() {
        let now = worker.now
        switch state {
        case .connecting, .handshaking: return fail(.connectionTimeout, code: 0)
        case .open, .retiring: break
        }
        if streamCount == 0, now.milliseconds(since: idleSince) >= pool.target.settings.idleTimeoutMilliseconds {
            http?.terminate(.noError)
            flush()
            return close()
        }
        if streamCount > 0 { keepAlive(now) }
        if !isClosed { worker.schedule(&timer, token, at: now.advanced(milliseconds: 1_000)) }
    }

    /// A silent connection with streams on it is asked whether it lives (RFC 9113 §6.7).
    private func keepAlive(_ now: LoopTime) {
        let limits = worker.limits
        if let pingedAt {
            if now.milliseconds(since: max(pingedAt, wroteAt)) >= limits.keepaliveTimeoutMilliseconds {
                fail(.connectionReadTimeout, code: 0)
            }
        } else if now.milliseconds(since: readAt) >= limits.keepaliveIntervalMilliseconds {
            pingedAt = now
            http?.ping(worker.random.next())
            worker.touch(self)
        }
    }
}

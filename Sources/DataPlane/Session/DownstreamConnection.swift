import HTTP2
import Model
import Reactor
import TLS
import Wire

/// A client's connection.
///
///     accepted ─first bytes→ handshaking ─→ open ─warn→ refusing ─last stream→ closed
final class DownstreamConnection: Connection {
    /// Milliseconds between two looks at what may be overdue, with streams open and without.
    static let busyCheck: UInt64 = 1_000
    private static let idleCheck: UInt64 = 10_000
    /// How long a client may take to close after the last word to it.
    private static let lingerMilliseconds: UInt64 = 1_000

    /// Number of the place where it came in.
    let listener: Int
    private(set) var terms: ListenerTerms
    let peer: Peer
    /// Octets of the client's address as text, for `x-forwarded-for`.
    let clientText: OwnedText
    /// Whom the client's verified certificate names.
    private var certificateText: OwnedText?
    private(set) var http: DownstreamSession?
    /// The same without a retain at every use; `http` keeps it.
    private var httpReference: Unmanaged<DownstreamSession>?
    private var limits: Limits
    /// Plain bytes beyond a turn's frames.
    private var held = ByteQueue()
    private(set) var budget: ClientBudget
    /// Exchanges that wait for budget, oldest first.
    var waiting: [StreamTag] = []
    var exchangeCount = 0
    private var replayBytes = 0
    /// What this client may say.
    private(set) var trust: ConnectionTrust
    /// The last session token that was good here.
    var verified = VerifiedToken()
    var drain = SessionDrain()
    var drainDeadline = LoopTime.distantFuture
    /// It is to go, and has not asked for anything yet.
    var farewell: Farewell?
    /// A request of it came.
    private(set) var hasAsked = false
    private var floods: FloodGuard
    let openedAt: LoopTime
    private var idleSince: LoopTime
    var timer = TimerWheel.ID.none
    /// When the present step of its beginning must be over (limits.md, C1).
    private(set) var stepDeadline: LoopTime
    /// A PING of ours is out since then.
    private var pingedAt: LoopTime?
    /// The list of fields that has begun and not ended, by its number, and since when.
    private var openHead: (block: Int, since: LoopTime)?
    /// The client has gone too far: nothing more of it is decoded (limits.md, A2, A6–A8).
    private var isCalming = false
    /// Our side is closed, the client's is not yet.
    private var isLingering = false
    /// The SETTINGS of the client came: the preface was good.
    private(set) var isGreeted = false

    init(
        worker: Worker, socket: consuming Socket, token: UInt64, terms: ListenerTerms, peer: Peer, now: LoopTime
    ) {
        (self.terms, listener) = (terms, Int(terms.place.number))
        self.peer = peer
        trust = ConnectionTrust(terms.trust, client: peer.isUnix ? nil : peer.address)
        limits = worker.limits
        clientText = OwnedText(peer.isUnix ? "" : peer.address.description)
        budget = ClientBudget(initial: limits.clientBufferBytes, maximum: limits.clientBufferMaxBytes)
        floods = FloodGuard(limits, now: now)
        (openedAt, idleSince) = (now, now)
        stepDeadline = now.advanced(milliseconds: limits.handshakeMilliseconds)
        super.init(worker: worker, socket: socket, token: token, now: now)
        timer = worker.schedule(token, at: stepDeadline)
    }

    override var session: HTTP2.Session? { http }
    var isEncrypted: Bool { tls != nil }
    /// Absent without a verified certificate; lives as long as the connection.
    var certificateName: ByteView { certificateText?.view ?? .absent }

    // MARK: In

    override func receive(_ bytes: UnsafeRawBufferPointer) {
        // No TLS session before the first bytes: a connection that says nothing costs a descriptor (limits.md, C1).
        if http == nil, tls == nil {
            if let context = terms.context {
                guard let session = try? TLS.Session(server: context) else { return close() }
                tls = session
            } else {
                transportOpened()
            }
        }
        super.receive(bytes)
    }

    override func transportOpened() {
        if let tls {
            if tls.wasResumed { worker.counters.handshakesResumed += 1 }
            if let name = tls.peerCommonName { certify(as: OwnedText(bytes: name)) }
        }
        let http = DownstreamSession(owner: self, blocks: worker.headerBlocks, limits: limits)
        self.http = http
        httpReference = Unmanaged.passUnretained(http)
        stepDeadline = worker.now.advanced(milliseconds: limits.prefaceMilliseconds)
        extendFarewell()
        worker.schedule(&timer, token, at: min(stepDeadline, farewell?.deadline ?? .distantFuture))
        worker.touch(self)
    }

    /// The client has shown a certificate, and it is good.
    func certify(as name: OwnedText) { certificateText = name }

    override func takeTurn() {
        if isLingering { return discard() }
        guard held.isEmpty else { return takeHeld() }
        super.takeTurn()
    }

    /// Goes on with what an earlier turn left, before anything is read.
    private func takeHeld() {
        let room = worker.scratch.plaintext
        let count = held.remove(
            into: UnsafeMutableRawBufferPointer(rebasing: room[..<Scratch.inputCapacity]), to: worker.blockPool)
        var rest = held
        held = ByteQueue()
        deliver(UnsafeRawBufferPointer(rebasing: room[..<count]))
        guard !isClosed else { return rest.clear(to: worker.blockPool) }
        // What is left of this turn comes before what was held behind it.
        while !rest.isEmpty {
            let run = rest.first
            held.append(run, from: worker.blockPool)
            rest.removeFirst(run.count, to: worker.blockPool)
        }
        if !held.isEmpty || isReadable { worker.queueTurn(self) }
    }

    override func deliver(_ bytes: UnsafeRawBufferPointer) {
        guard let http, !isCalming else { return }
        floods.received(bytes.count)
        var turn = TurnBudget(frames: limits.turnFrames, requests: limits.turnRequests)
        guard let count = http.receive(bytes, turn: &turn) else {
            // What nghttp2 cannot go on with it has answered with GOAWAY; a bad preface it has not.
            if !isGreeted { worker.counters.handshakesFailed += 1 }
            http.terminate(.protocolError)
            flush()
            return close()
        }
        if count < bytes.count {
            held.append(UnsafeRawBufferPointer(rebasing: bytes[count...]), from: worker.blockPool)
            worker.queueTurn(self)
        }
        worker.touch(self)
        noteOpenHead(http.openBlock)
        if floods.isFlooded(now: worker.now) { calmDown() }
    }

    /// A list of fields that has begun must end in time, however slowly the client goes on with it.
    private func noteOpenHead(_ block: Int?) {
        guard block != openHead?.block else { return }
        openHead = block.map { ($0, worker.now) }
        // With streams open the next look is soon anyway.
        guard block != nil, exchangeCount == 0, isGreeted else { return }
        worker.schedule(&timer, token, at: worker.now.advanced(milliseconds: DownstreamConnection.busyCheck))
    }

    override func peerEnded() {
        // A half-closed client may still read what it asked for; what it had not finished asking is void.
        guard tls == nil, exchangeCount > 0 || !backlog.isEmpty else { return close() }
        worker.abortUnfinished(of: self)
    }

    override func fail(_ reason: ExchangeError.Reason, code: Int32) {
        if http == nil { worker.counters.handshakesFailed += 1 }
        close()
    }

    override func tlsFailed(_ error: TLSError) {
        worker.counters.handshakesFailed += 1
        close()
    }

    // MARK: The last words

    /// All is said. Closing at once would answer what the client still says, a window for what it reads, with a reset,
    /// and that may cost it answers that it has not read: our side is closed, its own is waited for (RFC 9112 §9.6).
    override func sessionFinished() {
        guard !isLingering else { return }
        isLingering = true
        sayGoodbye()
        socket.shutdownWriting()
        worker.schedule(&timer, token, at: worker.now.advanced(milliseconds: DownstreamConnection.lingerMilliseconds))
        takeTurn()
    }

    /// Reads and forgets until the client has closed too.
    private func discard() {
        guard !isClosed, isReadable else { return }
        switch socket.read(into: worker.readRoom) {
        case .bytes: worker.queueTurn(self)
        case .wouldBlock: isReadable = false
        case .endOfStream, .failed: close()
        }
    }

    // MARK: What the worker has the session do

    func setTag(_ tag: StreamTag, of stream: StreamID) {
        httpReference?._withUnsafeGuaranteedRef { $0.setTag(tag, of: stream) }
    }

    /// Sends a head; the block is the session's from here on.
    func respond(_ stream: StreamID, _ block: HeaderBlock, isEnd: Bool) {
        guard let httpReference else { return worker.headerBlocks.give(back: block) }
        httpReference._withUnsafeGuaranteedRef { $0.respond(stream, block, isEnd: isEnd) }
        worker.touch(self)
    }

    func inform(_ stream: StreamID, _ block: HeaderBlock) {
        guard let httpReference else { return worker.headerBlocks.give(back: block) }
        httpReference._withUnsafeGuaranteedRef { $0.inform(stream, block) }
        worker.touch(self)
    }

    /// The stream has bytes to send where it had none.
    func resume(_ stream: StreamID) {
        httpReference?._withUnsafeGuaranteedRef { $0.resume(stream) }
        worker.touch(self)
    }

    func reset(_ stream: StreamID, _ code: ErrorCode) {
        httpReference?._withUnsafeGuaranteedRef { $0.reset(stream, code) }
        worker.touch(self)
    }

    /// The client may send as many octets more: on the stream (none: 0) and on the connection.
    func credit(_ stream: StreamID, _ byteCount: Int) {
        guard !isClosed else { return }
        httpReference?._withUnsafeGuaranteedRef { session in
            if stream != 0 { session.consume(stream, byteCount) }
            session.consumeConnection(byteCount)
        }
        worker.touch(self)
    }

    // MARK: What the session says

    override func settingsReceived() {
        if !isGreeted {
            isGreeted = true
            worker.schedule(&timer, token, at: worker.now.advanced(milliseconds: DownstreamConnection.busyCheck))
        }
    }

    override func headReceived(_ head: ReceivedHead) {
        guard head.kind == .request else { return worker.trailersReceived(head) }
        guard !isCalming else { return worker.headerBlocks.give(back: head.block) }
        guard drain.streamOpened(UInt32(head.stream)) == .none else {
            // It crossed with the second GOAWAY and is above its last stream: not begun, so it may go elsewhere.
            worker.headerBlocks.give(back: head.block)
            return reset(head.stream, .refusedStream)
        }
        floods.useful(head.block.listBytes)
        exchangeCount += 1
        hasAsked = true
        worker.begin(head, on: self)
        if farewell != nil { takeLeave() }
        if head.isTooLarge { calmDown() }
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        floods.useful(bytes.count)
        worker.requestBodyReceived(bytes, tag, on: self, stream)
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) { worker.requestEnded(tag) }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply { worker.responseBodyReady(tag) }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        floods.useful(count)
        return worker.responseBodyTaken(tag, into: target, count: count)
    }

    override func endSent(_ stream: StreamID, _ tag: StreamTag) { worker.responseSent(tag) }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        let exchange = worker.exchanges.find(tag)
        // What an endpoint broke off is not the client's doing.
        if code != .noError, exchange?.pointee.wasBrokenOff != true { floods.streamDied(now: worker.now) }
        guard let exchange else { return }
        worker.end(exchange, code: code)
        exchangeEnded()
    }

    /// An exchange of this connection is gone.
    func exchangeEnded() {
        exchangeCount -= 1
        if exchangeCount == 0 { idleSince = worker.now }
        perform(drain.streamClosed())
    }

    /// The client opens no more streams; the session is finished with the last one.
    override func goawayReceived(lastStream: StreamID, code: ErrorCode) { worker.touch(self) }

    override func pingAcknowledged(_ payload: UInt64) {
        pingedAt = nil
        perform(drain.pingAcknowledged(payload))
    }

    override func glitched(_ glitch: Glitch) {
        worker.counters.glitches += 1
        floods.glitched(glitch.rawValue)
    }

    // MARK: Budget

    func reserve(_ byteCount: Int) -> Bool { budget.reserve(byteCount) }

    func release(_ byteCount: Int) {
        guard byteCount > 0 else { return }
        budget.release(byteCount)
        if !waiting.isEmpty { worker.wantsBudget(self) }
    }

    /// Sets octets of a request's body aside for a second attempt; false when this client has enough of them.
    func keepForReplay(_ byteCount: Int) -> Bool {
        guard replayBytes + byteCount <= limits.clientBufferBytes else { return false }
        replayBytes += byteCount
        return true
    }

    func droppedReplay(_ byteCount: Int) { replayBytes -= byteCount }

    func drained(_ byteCount: Int) { budget.drained(byteCount) }
    func stalled() { budget.stalled() }

    // MARK: Trust

    /// Terms of a reload, for the place where it came in.
    func adopt(_ terms: ListenerTerms) {
        self.terms = terms
        trust = ConnectionTrust(terms.trust, client: peer.isUnix ? nil : peer.address)
    }

    // MARK: Going away

    /// The client misbehaves: answers on their way may leave, nothing more is taken.
    private func calmDown() {
        guard !isCalming else { return }
        isCalming = true
        worker.counters.floodCloses += 1
        worker.touch(self)
    }

    override func flush() {
        guard !isLingering else { return }
        super.flush()
        if inputEnded, exchangeCount == 0, backlog.isEmpty { close() }
        // nghttp2 sends no answer once it is told to say goodbye: that comes last.
        guard isCalming, !isClosed, let http else { return }
        http.terminate(.enhanceYourCalm)
        super.flush()
    }

    override func closing() {
        worker.cancel(timer)
        held.clear(to: worker.blockPool)
        worker.endAll(of: self)
        worker.connectionClosed(self)
    }

    // MARK: Time

    /// Looks whether something is overdue, and when to look again.
    override func timerFired() {
        let now = worker.now
        if isLingering { return close() }
        if let farewell, now >= farewell.deadline, endsUnasked() { return }
        guard let http, isGreeted else { return now < stepDeadline ? awaitStep() : handshakeOverdue() }
        if now >= drainDeadline {
            perform(drain.deadlinePassed())
            flush()
            return close()
        }
        if !drain.isDraining, now.milliseconds(since: openedAt) >= worker.connectionAge(of: self) { startDrain() }
        if let openHead, now.milliseconds(since: openHead.since) >= limits.headerBlockMilliseconds {
            calmDown()
            flush()
            return close()
        }
        if exchangeCount == 0 {
            if now.milliseconds(since: idleSince) >= limits.idleMilliseconds {
                http.terminate(.noError)
                flush()
                return close()
            }
        } else if isDead(now) {
            return close()
        }
        let isIdle = exchangeCount == 0 && !drain.isDraining && openHead == nil && farewell == nil
        let pause = isIdle ? DownstreamConnection.idleCheck : DownstreamConnection.busyCheck
        worker.schedule(&timer, token, at: now.advanced(milliseconds: pause))
    }

    private func awaitStep() { worker.schedule(&timer, token, at: stepDeadline) }

    private func handshakeOverdue() {
        worker.counters.handshakesFailed += 1
        close()
    }

    /// Nothing was heard although asked, or nothing left although octets wait (limits.md, B4).
    private func isDead(_ now: LoopTime) -> Bool {
        if !backlog.isEmpty, now.milliseconds(since: wroteAt) >= limits.connectionStallMilliseconds { return true }
        if let pingedAt {
            return now.milliseconds(since: max(pingedAt, wroteAt)) >= limits.keepaliveTimeoutMilliseconds
        }
        if !inputEnded, now.milliseconds(since: readAt) >= limits.keepaliveIntervalMilliseconds {
            pingedAt = now
            http?.ping(worker.random.next())
            worker.touch(self)
        }
        return false
    }
}

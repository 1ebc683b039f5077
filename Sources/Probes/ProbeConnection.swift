import HTTP2
import Model
import Reactor
import TLS
import Wire

/// One connection to an endpoint, which serves one probe at a time and may be kept for the next.
///
///     connecting ─writable→ handshaking ─established→ open ─begin→ asking ─verdict→ idle ─begin→ asking …
///          └──────────────────────────┴──────────────────────┴─ any failure → broken: to be closed
///
/// A probe that asks nothing (`ProbeTarget.asksNothing`) has passed once the socket is writable, and is done with.
///
/// Confined to the loop's thread. After each call of it the runner looks at `ending` and `isUsable`.
final class ProbeConnection: SessionOwner {
    /// A probe as it was asked for.
    struct Request {
        var target: ProbeTarget
        var id: UInt32
        var deadline: LoopTime
        var timeoutMilliseconds: UInt64
    }

    enum Ending: Equatable {
        case passed
        case failed(ProbeFailure)
    }

    enum Phase { case connecting, handshaking, open }

    /// Received bytes that one probe may cost before it is failed: many times an honest answer.
    private static let byteBudget = 1 << 20

    /// What the loop calls this connection.
    let token: UInt64
    private(set) var request: Request
    private(set) var phase = Phase.connecting
    /// How the present probe ended; nil while it runs.
    private(set) var ending: Ending?
    /// Nothing speaks against another probe on it.
    private(set) var isUsable = true
    /// Probes begun on it, this one included.
    private(set) var probeCount = 1
    /// From request to first byte of the answer; 0 before it.
    private(set) var roundTripNanoseconds: UInt64 = 0
    /// The deadline of the probe, or the end of idleness.
    var timer = TimerWheel.ID.none

    private let transport: ProbeTransport
    private let blocks: HeaderBlockPool
    private let scratch: ProbeScratch
    private var session: UpstreamSession?
    private var judge: ProbeJudge
    /// In place of `judge` for a probe by gRPC.
    private var check: HealthCheck?
    /// What is left to send of the check's request.
    private var question: [UInt8] = []
    private let madeAt = EventLoop.readClock()
    private var stream: StreamID?
    private var sentAt: LoopTime?
    /// The peer has spoken HTTP/2: SETTINGS is a server's first frame (RFC 9113 §3.4).
    private var hasSettings = false
    private var budget = ProbeConnection.byteBudget

    init(
        token: UInt64, request: Request, context: ClientContext?, blocks: HeaderBlockPool, scratch: ProbeScratch
    ) throws(ProbeFailure) {
        (self.token, self.request, self.blocks, self.scratch) = (token, request, blocks, scratch)
        judge = ProbeJudge(request.target.health)
        check = ProbeConnection.check(request)
        transport = try ProbeTransport(to: request.target, context: context, scratch: scratch)
        super.init()
        session = UpstreamSession(owner: self, blocks: blocks, limits: Limits())
    }

    private static func check(_ request: Request) -> HealthCheck? {
        request.target.health.kind == .grpc ? HealthCheck(service: request.target.health.grpcService) : nil
    }

    var descriptor: Int32 { transport.descriptor }
    /// The connection was there before the present probe.
    var isReused: Bool { probeCount > 1 }

    /// Starts another probe on an idle connection.
    func begin(_ request: Request) {
        self.request = request
        judge = ProbeJudge(request.target.health)
        check = ProbeConnection.check(request)
        (ending, stream, sentAt) = (nil, nil, nil)
        (roundTripNanoseconds, budget) = (0, ProbeConnection.byteBudget)
        probeCount += 1
        attempt { () throws(ProbeFailure) in try advance() }
    }

    func ready(_ events: ReadyEvents) {
        attempt { () throws(ProbeFailure) in
            if phase == .connecting {
                guard !events.isDisjoint(with: [.writable, .error, .hangup]) else { return }
                try transport.connected()
                phase = .handshaking
                if request.target.asksNothing { return opened() }
            }
            if !events.isDisjoint(with: [.readable, .peerClosed, .error, .hangup]) { try receive() }
            try transport.flush()
            try advance()
        }
    }

    /// The connection was all that was asked.
    private func opened() {
        roundTripNanoseconds = max(1, EventLoop.readClock().nanoseconds(since: madeAt))
        (ending, isUsable) = (.passed, false)
    }

    /// The probe's time is over.
    func deadlinePassed() {
        let what =
            switch phase {
            case .connecting: "no connection"
            case .handshaking: "no TLS handshake"
            case .open: "no answer"
            }
        fail(ProbeFailure("\(what) in \(request.timeoutMilliseconds) ms"))
    }

    /// Says goodbye; the socket closes when the connection is let go of.
    func close() {
        isUsable = false
        guard phase == .open, let session else { return }
        session.terminate(.noError)
        guard let count = session.produce(into: scratch.output), count > 0 else { return }
        try? transport.send(UnsafeRawBufferPointer(rebasing: scratch.output[..<count]))
        transport.sayGoodbye()
    }

    // MARK: Moving bytes

    private func receive() throws(ProbeFailure) {
        guard let session else { return }
        try transport.receive(budget: &budget) { bytes throws(ProbeFailure) in
            guard session.receive(bytes) else { throw .notHTTP2 }
        }
    }

    /// Opens, asks, and writes what the session has to say.
    private func advance() throws(ProbeFailure) {
        if phase == .handshaking, transport.isOpen { phase = .open }
        guard phase == .open, let session else { return }
        if stream == nil, ending == nil { try ask(session) }
        while true {
            guard let count = session.produce(into: scratch.output) else { throw .notHTTP2 }
            if count == 0 { break }
            if sentAt == nil { sentAt = EventLoop.readClock() }
            try transport.send(UnsafeRawBufferPointer(rebasing: scratch.output[..<count]))
        }
        if session.isFinished { throw .notHTTP2 }
    }

    private func ask(_ session: UpstreamSession) throws(ProbeFailure) {
        let block = blocks.take()
        block.append(":method", literal: check == nil ? "GET" : "POST")
        block.append(":scheme", literal: request.target.upstream.protocol == .h2 ? "https" : "http")
        append(request.target.authority, as: ":authority", to: block)
        append(check == nil ? request.target.health.path : HealthCheck.path, as: ":path", to: block)
        block.append("user-agent", literal: "portolan-probe")
        if let check {
            question = check.requestBytes
            block.append("content-type", literal: "application/grpc")
            block.append("te", literal: "trailers")  // gRPC's way to find out proxies that drop trailers
        }
        guard let stream = session.request(block, tag: 1, isEnd: check == nil) else { throw .closed }
        self.stream = stream
    }

    private func append(_ text: String, as name: StaticString, to block: HeaderBlock) {
        var text = text
        text.withUTF8 { block.append(ByteView(name), copying: ByteView(UnsafeRawBufferPointer($0))) }
    }

    // MARK: Judging

    private func attempt(_ work: () throws(ProbeFailure) -> Void) {
        do throws(ProbeFailure) { try work() } catch { fail(error) }
    }

    /// A failure after the verdict only ends the connection.
    private func fail(_ failure: ProbeFailure) {
        isUsable = false
        if ending == nil { ending = .failed(failure) }
    }

    private func settle() {
        guard ending == nil else { return }
        switch check?.verdict ?? judge.verdict {
        case .undecided: return
        case .passed: ending = .passed
        case .failed(let detail): fail(ProbeFailure(detail))
        }
    }

    private func answerBegan() {
        guard let sentAt, roundTripNanoseconds == 0 else { return }
        roundTripNanoseconds = max(1, EventLoop.readClock().nanoseconds(since: sentAt))
    }

    // MARK: SessionOwner

    override func headReceived(_ head: ReceivedHead) {
        defer { blocks.give(back: head.block) }
        guard head.stream == stream, ending == nil else { return }
        answerBegan()
        let digits = head.block.value(of: .status)
        let status = digits.count == 3 ? Int(digits.text) : nil
        let grpcStatus = Int(head.block.value(named: "grpc-status").text)
        switch head.kind {
        case .response:
            judge.headReceived(status: status)
            check?.headReceived(status: status, grpcStatus: grpcStatus)
        case .trailers: check?.trailersReceived(grpcStatus: grpcStatus)
        case .informational, .request: return
        }
        settle()
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
        guard stream == self.stream, ending == nil else { return }
        if check == nil { judge.bodyReceived(bytes) }
        check?.bodyReceived(bytes)
        settle()
        // The body goes on past what is looked at.
        if ending != nil { session?.reset(stream, .cancel) }
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) {
        guard stream == self.stream, ending == nil else { return }
        judge.ended()
        check?.ended()
        settle()
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        BodySupply(count: question.count, isFinal: true)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        guard count <= question.count else { return false }
        question.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { target.copyMemory(from: base, byteCount: count) }
        }
        question.removeFirst(count)
        return true
    }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        guard stream == self.stream, ending == nil else { return }
        // Without SETTINGS it was nghttp2 that gave up, on bytes that are no HTTP/2.
        let told = ProbeFailure("the endpoint reset the request (HTTP/2 error \(code.rawValue))")
        fail(hasSettings ? told : .notHTTP2)
    }

    override func settingsReceived() { hasSettings = true }

    override func goawayReceived(lastStream: StreamID, code: ErrorCode) {
        isUsable = false
        guard ending == nil, let stream, stream > lastStream else { return }
        fail(ProbeFailure("the endpoint went away (GOAWAY, error \(code.rawValue))", isSilentEnd: true))
    }
}

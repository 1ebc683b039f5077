import HTTP2
import Model
import Reactor
import Wire

/// One connection of a load generator. What became of its requests lies in `outcomes` until the room takes it.
final class LoadConnection: SessionOwner {
    enum Outcome {
        case answered(LoadRequest, LoadAnswer)
        case failed(LoadRequest, String)
        /// Certainly not served: to be sent again elsewhere.
        case returned(LoadRequest)
        case goaway
    }

    private struct InFlight {
        var request: LoadRequest
        var answer = LoadAnswer()
        var bodyLeft: Int
    }

    /// Streams used at most. Before the peer's SETTINGS have come nghttp2 keeps back what is above this.
    private static let maxStreams = 100

    let token: UInt64
    private(set) var isOver = false
    /// Nothing speaks against another request.
    private(set) var isUsable = true
    /// The connection was made, whatever came of it then.
    private(set) var isConnected = false
    var outcomes: [Outcome] = []

    private let settings: LoadSettings
    private let link: Link
    private let blocks: HeaderBlockPool
    private var session: UpstreamSession?
    private var isOpen = false
    /// Requests that wait for the connection to open.
    private var queued: [LoadRequest] = []
    private var inFlight: [StreamID: InFlight] = [:]

    init(token: UInt64, link: Link, settings: LoadSettings, blocks: HeaderBlockPool) {
        (self.token, self.link, self.settings, self.blocks) = (token, link, settings, blocks)
        super.init()
        session = UpstreamSession(owner: self, blocks: blocks, limits: Limits())
    }

    var isIdle: Bool { queued.isEmpty && inFlight.isEmpty }

    /// Takes a request; `flush` sends it.
    func send(_ request: LoadRequest) { queued.append(request) }

    func ready(_ events: ReadyEvents) {
        attempt { () throws(LinkFailure) in
            if !isConnected {
                guard !events.isDisjoint(with: [.writable, .error, .hangup]) else { return }
                try link.connected()
                isConnected = true
            }
            guard let session else { return }
            try link.receive { session.receive($0) }
        }
        flush()
    }

    /// Writes all there is to say.
    func flush() {
        guard isConnected, !isOver, let session else { return }
        attempt { () throws(LinkFailure) in
            try link.flush()
            isOpen = isOpen || link.isOpen
            guard isOpen else { return }
            submitQueued(to: session)
            try link.send(from: session)
            if session.isFinished { throw .closed }
        }
        if !isUsable { giveBackQueued(because: "GOAWAY") }
    }

    /// Ends all requests due before `instant`.
    func expire(before instant: LoopTime, _ text: String) {
        for (stream, entry) in inFlight where entry.request.dueAt < instant {
            inFlight[stream] = nil
            session?.reset(stream, .cancel)
            outcomes.append(.failed(entry.request, text))
        }
        for request in queued where request.dueAt < instant {
            outcomes.append(.failed(request, request.lastFailure ?? text))
        }
        queued.removeAll { $0.dueAt < instant }
    }

    /// Says goodbye; the socket closes when the connection is let go of.
    func close() {
        guard isOpen, !isOver, let session else { return }
        session.terminate(.noError)
        try? link.send(from: session)
        link.sayGoodbye()
        isOver = true
    }

    private func attempt(_ work: () throws(LinkFailure) -> Void) {
        do throws(LinkFailure) { try work() } catch { end(error) }
    }

    private func end(_ failure: LinkFailure) {
        (isOver, isUsable) = (true, false)
        for entry in inFlight.values {
            outcomes.append(.failed(entry.request, failure.text))
        }
        inFlight = [:]
        giveBackQueued(because: failure.text)
    }

    private func giveBackQueued(because text: String) {
        for var request in queued {
            request.lastFailure = text
            outcomes.append(.returned(request))
        }
        queued = []
    }

    /// No more than leaves at once: what nghttp2 holds back when a GOAWAY comes could not be told from what was sent.
    private func submitQueued(to session: UpstreamSession) {
        guard isUsable, link.isClear, !queued.isEmpty else { return }
        let room = max(0, min(LoadConnection.maxStreams, session.maxConcurrentStreams) - inFlight.count)
        for request in queued.prefix(room) { submit(request, to: session) }
        queued.removeFirst(min(room, queued.count))
    }

    private func submit(_ request: LoadRequest, to session: UpstreamSession) {
        let block = blocks.take()
        append(":method", settings.method, to: block)
        block.append(":scheme", literal: settings.tls == nil ? "http" : "https")
        append(":authority", settings.authority, to: block)
        append(":path", settings.path, to: block)
        for header in settings.headers {
            var (name, value) = (header.name, header.value)
            name.withUTF8 { name in
                value.withUTF8 { value in
                    block.append(
                        copyingName: ByteView(UnsafeRawBufferPointer(name)),
                        copying: ByteView(UnsafeRawBufferPointer(value)))
                }
            }
        }
        guard let stream = session.request(block, tag: 1, isEnd: settings.bodyByteCount == 0) else {
            isUsable = false
            return outcomes.append(.returned(request))
        }
        inFlight[stream] = InFlight(request: request, bodyLeft: settings.bodyByteCount)
    }

    private func append(_ name: StaticString, _ text: String, to block: HeaderBlock) {
        var text = text
        text.withUTF8 { block.append(ByteView(name), copying: ByteView(UnsafeRawBufferPointer($0))) }
    }

    // MARK: SessionOwner

    override func headReceived(_ head: ReceivedHead) {
        defer { blocks.give(back: head.block) }
        guard head.kind == .response else { return }
        let block = head.block
        func text(_ name: StaticString) -> String? {
            let value = block.value(named: ByteView(name))
            return value.isAbsent ? nil : value.text
        }
        inFlight[head.stream]?.answer = LoadAnswer(
            status: Int(block.value(of: .status).text) ?? 0, edgeRegion: text("x-portolan-region"),
            edgeCell: text("x-portolan-cell"), reason: text("x-portolan-reason"), demoRegion: text("x-demo-region"),
            demoCell: text("x-demo-cell"), endpoint: text("x-demo-endpoint"))
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) {
        guard let entry = inFlight.removeValue(forKey: stream) else { return }
        outcomes.append(.answered(entry.request, entry.answer))
    }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        guard let entry = inFlight.removeValue(forKey: stream) else { return }
        // REFUSED_STREAM is also what nghttp2 says of streams above GOAWAY's last (RFC 9113 §8.7).
        let text = "stream reset (HTTP/2 error \(code.rawValue))"
        outcomes.append(code == .refusedStream ? .returned(entry.request) : .failed(entry.request, text))
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        BodySupply(count: inFlight[stream]?.bodyLeft ?? 0, isFinal: true)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        guard let left = inFlight[stream]?.bodyLeft, left >= count else { return false }
        target.initializeMemory(as: UInt8.self, repeating: 0, count: count)
        inFlight[stream]?.bodyLeft = left - count
        return true
    }

    override func goawayReceived(lastStream: StreamID, code: ErrorCode) {
        isUsable = false
        outcomes.append(.goaway)
    }
}

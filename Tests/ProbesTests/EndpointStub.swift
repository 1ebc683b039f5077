import HTTP2
import Model
import Reactor
import Synchronization
import TLS
import Wire

/// An endpoint with a behaviour, on a Unix socket and a thread of its own.
final class EndpointStub: Sendable {
    enum Behaviour: Sendable {
        case answer(UInt16, body: String)
        /// A body of so many bytes, which never ends unless they were taken.
        case flood
        case silent
        /// Answers a connection's first request, and closes at the second.
        case closeAtSecond
        /// Answers a connection's first request, and swallows the others.
        case swallowAfterFirst
        case reset
        case goAway
        /// Speaks HTTP/1.1 to whoever comes.
        case oldHTTP
        /// grpc.health.v1.Health: the server and `good` serve, `ill` does not, others are not known.
        case healthService
    }

    let address: Address
    let accepted = Atomic<Int>(0)
    let closed = Atomic<Int>(0)
    fileprivate let behaviour: Behaviour
    fileprivate let context: ServerContext?
    private let stopping: Mailbox<Void>
    private let thread = Mutex<Reactor.Thread?>(nil)

    init(_ behaviour: Behaviour, at path: String, context: ServerContext? = nil) throws {
        address = .unix(path: path)
        self.behaviour = behaviour
        self.context = context
        let loop = try EventLoop()
        stopping = Mailbox(waker: loop.waker)
        let listener = try Socket.listen(on: address, reusePort: false, backlog: 64)
        try loop.register(listener.descriptor, token: 0, edgeTriggered: false)
        nonisolated(unsafe) let room = StubRoom(stub: self, loop: loop, listener: listener.release())
        thread.withLock { $0 = startThread(name: "stub") { room.run() } }
    }

    /// Waits for the end; every connection is closed then.
    func stop() {
        stopping.post(())
        thread.withLock { $0.take() }?.join()
    }
}

private final class StubRoom: EventLoopDelegate {
    let stub: EndpointStub
    let loop: EventLoop
    let listener: Socket
    let blocks = HeaderBlockPool()
    var connections: [UInt64: StubConnection] = [:]

    init(stub: EndpointStub, loop: EventLoop, listener: Int32) {
        (self.stub, self.loop) = (stub, loop)
        self.listener = Socket(adopting: listener)
    }

    func run() { loop.run(self) }
    func tickBegan(now: LoopTime) {}
    func woken(now: LoopTime) { loop.stop() }
    func timerFired(_ token: UInt64, now: LoopTime) {}
    func tickEnded(now: LoopTime) -> Bool { false }

    func ready(_ token: UInt64, _ events: ReadyEvents, now: LoopTime) {
        if token == 0 {
            guard case .accepted(let socket, _) = listener.accept() else { return }
            let token = UInt64(stub.accepted.add(1, ordering: .relaxed).newValue)
            try? loop.register(socket.descriptor, token: token)
            connections[token] = StubConnection(stub, socket, blocks)
        } else if let connection = connections[token], !connection.ready() {
            connections[token] = nil
            stub.closed.add(1, ordering: .relaxed)
        }
    }
}

private final class StubConnection: SessionOwner {
    let stub: EndpointStub
    let socket: Socket
    let blocks: HeaderBlockPool
    var tls: TLS.Session?
    var session: DownstreamSession?
    var requestCount = 0
    var isClosing = false
    var body: [UInt8] = []
    /// Of the present question, and whether it was asked as gRPC is.
    var question: [UInt8] = []
    var isCheck = false
    var trailers: HeaderBlock?
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
    let plaintext = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 131_072, alignment: 16)

    init(_ stub: EndpointStub, _ socket: consuming Socket, _ blocks: HeaderBlockPool) {
        (self.stub, self.blocks) = (stub, blocks)
        self.socket = socket
        tls = stub.context.flatMap { try? TLS.Session(server: $0) }
        super.init()
        session = DownstreamSession(owner: self, blocks: blocks, limits: Limits())
    }

    deinit {
        input.deallocate()
        plaintext.deallocate()
        output.deallocate()
    }

    /// False: the connection is over.
    func ready() -> Bool {
        if case .oldHTTP = stub.behaviour, requestCount == 0 {
            requestCount = 1
            "HTTP/1.1 400 Bad Request\r\n\r\n".utf8.withContiguousStorageIfAvailable { _ = socket.write(.init($0)) }
        }
        while !isClosing {
            switch socket.read(into: input) {
            case .bytes(let count): guard take(.init(rebasing: input[..<count])) else { return false }
            case .wouldBlock: return flush()
            default: return false
            }
        }
        return flush() && !isClosing
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let tls else { return feed(bytes) }
        let progress = tls.receive(bytes, plaintext: plaintext, ciphertext: output)
        _ = socket.write(.init(rebasing: output[..<progress.ciphertextCount]))
        guard progress.status == .open || progress.status == .handshaking else { return false }
        return feed(.init(rebasing: plaintext[..<progress.plaintextCount]))
    }

    private func feed(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var turn = TurnBudget(frames: 1_000, requests: 1_000)
        return session?.receive(bytes, turn: &turn) == bytes.count
    }

    private func flush() -> Bool {
        guard let session, tls?.isEstablished ?? true else { return true }
        let room = UnsafeMutableRawBufferPointer(rebasing: output[..<HTTP2.Session.produceCapacity])
        while let count = session.produce(into: room), count > 0 {
            let plain = UnsafeRawBufferPointer(rebasing: room[..<count])
            guard let tls else {
                _ = socket.write(plain)
                continue
            }
            let copy = Array(plain)
            let progress = copy.withUnsafeBytes { tls.send($0, ciphertext: output) }
            _ = socket.write(.init(rebasing: output[..<progress.ciphertextCount]))
        }
        return true
    }

    override func headReceived(_ head: ReceivedHead) {
        requestCount += 1
        defer { blocks.give(back: head.block) }
        switch stub.behaviour {
        case .answer(let status, let text): answer(head.stream, "\(status)", text)
        case .flood: answer(head.stream, "200", String(repeating: "x", count: 1_000_000))
        case .closeAtSecond where requestCount == 1: answer(head.stream, "200", "first")
        case .closeAtSecond: isClosing = true
        case .swallowAfterFirst where requestCount == 1: answer(head.stream, "200", "first")
        case .reset: session?.reset(head.stream, .internalError)
        case .goAway: session?.refuse(after: 0)
        case .healthService:
            isCheck =
                head.block.value(of: .path).equals("/grpc.health.v1.Health/Check")
                && head.block.value(of: .contentType).equals("application/grpc")
                && head.block.value(of: .te).equals("trailers") && head.block.value(of: .method).equals("POST")
            question = []
        case .silent, .oldHTTP, .swallowAfterFirst: break
        }
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
        question += bytes
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) {
        guard case .healthService = stub.behaviour, isCheck else { return }
        let ask = { (name: String) in
            [0, 0, 0, 0, UInt8(name.utf8.count + 2), 0x0A, UInt8(name.utf8.count)] + name.utf8
        }
        switch question {
        case [0, 0, 0, 0, 0], ask("good"): tell(stream, [8, 1])
        case ask("ill"): tell(stream, [8, 2])
        default:  // trailers alone
            let block = blocks.take()
            block.append(":status", literal: "200")
            block.append("content-type", literal: "application/grpc")
            block.append("grpc-status", literal: "5")
            session?.respond(stream, block, isEnd: true)
        }
    }

    private func tell(_ stream: StreamID, _ message: [UInt8]) {
        let block = blocks.take()
        block.append(":status", literal: "200")
        block.append("content-type", literal: "application/grpc")
        body = [0, 0, 0, 0, UInt8(message.count)] + message
        let end = blocks.take()
        end.append("grpc-status", literal: "0")
        trailers = end
        session?.respond(stream, block, isEnd: false)
    }

    private func answer(_ stream: StreamID, _ status: String, _ text: String) {
        let block = blocks.take()
        var status = status
        status.withUTF8 { block.append(":status", copying: ByteView(UnsafeRawBufferPointer($0))) }
        body = Array(text.utf8)
        session?.respond(stream, block, isEnd: text.isEmpty)
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        BodySupply(count: body.count, isFinal: true, trailers: trailers)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        body.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: count) }
        body.removeFirst(count)
        return true
    }
}

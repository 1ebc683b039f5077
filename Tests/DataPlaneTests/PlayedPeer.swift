import Glibc
import HTTP2
import Model

/// The other end of one of the edge's connections, a client or a backend, that does what its test says. Reads and
/// writes in `turn` only.
final class PlayedPeer: SessionOwner {
    struct Message {
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var hasEnded = false
        var reset: ErrorCode?

        subscript(name: String) -> String? { fields.first { $0.name == name }?.value }
        func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }
        var names: [String] { fields.map(\.name) }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    private let descriptor: Int32
    private let pool = HeaderBlockPool()
    private var bodies: [StreamID: (bytes: [UInt8], isFinal: Bool)] = [:]
    private(set) var messages: [StreamID: Message] = [:]
    private(set) var isClosed = false
    /// A request's head came, or its end.
    var heard: (PlayedPeer, StreamID) -> Void = { _, _ in }
    private(set) var server: DownstreamSession?
    private(set) var client: UpstreamSession?
    private var session: Session? { server ?? client }

    init(_ descriptor: Int32, isServer: Bool) {
        self.descriptor = descriptor
        super.init()
        if isServer {
            server = DownstreamSession(owner: self, blocks: pool, limits: Limits())
        } else {
            client = UpstreamSession(owner: self, blocks: pool, limits: Limits())
        }
    }

    deinit { close(descriptor) }

    // MARK: Saying

    /// A request; with `body` nil it ends with its head, with `ends` false it goes on.
    func request(_ fields: [(String, String)], body: [UInt8]? = nil, ends: Bool = true) -> StreamID {
        let stream = client?.request(block(fields), tag: 1, isEnd: body == nil && ends) ?? 0
        bodies[stream] = (body ?? [], ends)
        messages[stream] = Message()
        return stream
    }

    func say(more bytes: [UInt8], ends: Bool, on stream: StreamID) {
        bodies[stream] = ((bodies[stream]?.bytes ?? []) + bytes, ends)
        session?.resume(stream)
    }

    func answer(_ stream: StreamID, _ status: Int, _ fields: [(String, String)] = [], ends: Bool = true) {
        bodies[stream] = ([], ends)
        server?.respond(stream, block([(":status", "\(status)")] + fields), isEnd: ends)
    }

    func reset(_ stream: StreamID, _ code: ErrorCode) { session?.reset(stream, code) }
    func hangUp() { isClosed = shutdown(descriptor, Int32(SHUT_RDWR)) == 0 }

    private func block(_ fields: [(String, String)]) -> HeaderBlock {
        let block = pool.take()
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { block.append(copyingName: ByteView(name), copying: ByteView($0)) }
            }
        }
        return block
    }

    // MARK: A turn

    /// Takes what came and writes what there is to say. False: nothing came.
    @discardableResult
    func turn() -> Bool {
        var room = [UInt8](repeating: 0, count: 1 << 17)
        var hasHeard = false
        while !isClosed {
            let count = read(descriptor, &room, room.count)
            if count == 0 { isClosed = true }
            guard count > 0, let session else { break }
            hasHeard = true
            let isSound = room.withUnsafeBytes { session.receive(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            precondition(isSound, "the edge broke the protocol")
        }
        speak()
        return hasHeard
    }

    private func speak() {
        var room = [UInt8](repeating: 0, count: 1 << 17)
        while !isClosed, let count = room.withUnsafeMutableBytes({ session?.produce(into: $0) }), count > 0 {
            let sent = send(descriptor, room, count, Int32(MSG_NOSIGNAL))
            guard sent == count else { break }
        }
    }

    // MARK: Hearing

    override func headReceived(_ head: ReceivedHead) {
        defer { pool.give(back: head.block) }
        guard head.kind == .request || head.kind == .response else { return }
        let fields = (0..<head.block.count).map { (head.block.name($0).text, head.block.value($0).text) }
        messages[head.stream, default: Message()].fields = fields
        if server != nil, !head.isEnd { heard(self, head.stream) }
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        messages[stream]?.body += bytes
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) {
        messages[stream]?.hasEnded = true
        if server != nil { heard(self, stream) }
    }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        if code != .noError { messages[stream]?.reset = code }
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        let body = bodies[stream]
        return BodySupply(count: body?.bytes.count ?? 0, isFinal: body?.isFinal ?? true)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        guard let body = bodies[stream], body.bytes.count >= count else { return false }
        target.copyMemory(from: body.bytes, byteCount: count)
        bodies[stream]?.bytes.removeFirst(count)
        return true
    }
}

import HTTP2
import Model
import Support

/// One session with its owner and its own pool, and whole frames in and out of it.
final class Side<Kind: Session> {
    let blocks = HeaderBlockPool()
    let owner = Recorder()
    let session: Kind
    /// The session cannot go on.
    private(set) var hasFailed = false
    /// Octets `produce` may write at a time.
    var room = Session.produceCapacity
    private var unread: [UInt8] = []

    init(_ make: (SessionOwner, HeaderBlockPool) -> Kind) {
        session = make(owner, blocks)
        (owner.session, owner.blocks) = (session, blocks)
    }

    /// A head of literal fields.
    func block(_ fields: [(String, String)]) -> HeaderBlock {
        let block = blocks.take()
        for (name, value) in fields {
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { block.append(copyingName: ByteView(name), copying: ByteView($0)) }
            }
        }
        return block
    }

    func feed(_ bytes: [UInt8]) {
        guard !hasFailed else { return }
        bytes.withUnsafeBytes { bytes in
            guard let downstream = session as? DownstreamSession else {
                hasFailed = !session.receive(bytes)
                return
            }
            var rest = bytes[...]
            while !rest.isEmpty {
                var turn = TurnBudget(frames: 128, requests: 32)
                guard let count = downstream.receive(UnsafeRawBufferPointer(rebasing: rest), turn: &turn) else {
                    hasFailed = true
                    return
                }
                rest = rest.dropFirst(count)
            }
        }
    }

    /// One call of `produce`.
    func produce() -> [UInt8] {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: room, alignment: 16)
        defer { bytes.deallocate() }
        let count = session.produce(into: bytes) ?? 0
        return Array(bytes[..<count])
    }

    /// All that the session has to say.
    func drain() -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let bytes = produce()
            if bytes.isEmpty { return all }
            all += bytes
        }
    }

    /// The same as frames; octets of a torn frame wait for the next call.
    func drainFrames() -> [Frame] {
        let (frames, rest) = Frame.read(unread + drain())
        unread = rest
        return frames
    }
}

extension Side where Kind == DownstreamSession {
    convenience init(_ limits: Limits = .pinned) {
        self.init { DownstreamSession(owner: $0, blocks: $1, limits: limits) }
    }

    /// Takes frames, and says what comes back.
    func answer(_ frames: Frame...) -> [String] {
        feed(frames.flatMap(\.bytes))
        return drainFrames().map(\.text)
    }

    /// Past the preface and both SETTINGS.
    func greet() {
        feed(Frame.preface + settings().bytes)
        _ = drain()
        feed(settingsAck().bytes)
        _ = owner.takeSaid()
    }

    /// Answers every complete request with 200 and five octets.
    func answersRequests() {
        owner.onEnd = { [unowned self] stream in
            owner.bodies[stream] = .init(bytes: Array("hello".utf8))
            session.respond(stream, block([(":status", "200")]), isEnd: false)
        }
    }
}

extension Side where Kind == UpstreamSession {
    convenience init(_ limits: Limits = .pinned) {
        self.init { UpstreamSession(owner: $0, blocks: $1, limits: limits) }
    }
}

import HTTP2
import Model

/// An owner that writes down what its session says, and supplies bodies that a test laid out.
final class Recorder: SessionOwner {
    struct Body {
        var bytes: [UInt8] = []
        var isFinal = true
        var trailers: HeaderBlock?
    }

    /// `head 1 request end :method=GET …`, `data 1 5`, `end 1`, `closed 1 NO_ERROR`, …
    private(set) var said: [String] = []
    var bodies: [StreamID: Body] = [:]
    private(set) var received: [StreamID: [UInt8]] = [:]
    private(set) var glitches: [Glitch] = []
    private(set) var tags: [StreamTag] = []
    /// Set before anything is received.
    var session: Session?
    var blocks: HeaderBlockPool?
    /// Windows are given back as bytes come.
    var consumes = true
    /// Asked for each head; by default heads are given back.
    var onHead: ((ReceivedHead) -> Void)?
    var onEnd: ((StreamID) -> Void)?
    /// Octets taken by `bodyTaken` before it says that there are none any more.
    var failsAfter = Int.max
    private(set) var taken = 0

    override func headReceived(_ head: ReceivedHead) {
        let fields = (0..<head.block.count).map { "\(head.block.name($0).text)=\(head.block.value($0).text)" }
        let marks = (head.isEnd ? " end" : "") + (head.isTooLarge ? " too-large" : "")
        said.append("head \(head.stream) \(head.kind)\(marks) \(fields.joined(separator: " "))")
        if let onHead { onHead(head) } else { blocks?.give(back: head.block) }
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        said.append("data \(stream) \(bytes.count)")
        tags.append(tag)
        received[stream, default: []] += bytes
        guard consumes else { return }
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
    }

    override func endReceived(_ stream: StreamID, _ tag: StreamTag) {
        said.append("end \(stream)")
        onEnd?(stream)
    }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        said.append("closed \(stream) \(code.rawValue)")
        tags.append(tag)
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        guard let body = bodies[stream] else { return BodySupply(count: 0, isFinal: false) }
        return BodySupply(count: body.bytes.count, isFinal: body.isFinal, trailers: body.trailers)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        guard let body = bodies[stream], body.bytes.count >= count, taken + count <= failsAfter else { return false }
        body.bytes.withUnsafeBytes { target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count) }
        bodies[stream]?.bytes.removeFirst(count)
        taken += count
        return true
    }

    override func endSent(_ stream: StreamID, _ tag: StreamTag) { said.append("sent \(stream)") }
    override func settingsReceived() { said.append("settings") }
    override func goawayReceived(lastStream: StreamID, code: ErrorCode) {
        said.append("goaway \(lastStream) \(code.rawValue)")
    }
    override func pingAcknowledged(_ payload: UInt64) { said.append("pong \(payload)") }
    override func glitched(_ glitch: Glitch) { glitches.append(glitch) }

    /// What was said since the last call.
    func takeSaid() -> [String] {
        defer { said = [] }
        return said
    }
}

import HTTP2
import Model
import Reactor
import Wire

/// One connection that an endpoint accepted: answers each request once its region's distance has passed.
final class DemoConnection: SessionOwner {
    let token: UInt64
    let endpoint: Int
    private let link: Link
    private let blocks: HeaderBlockPool
    private let place: DemoAnswer.Place
    private let requestReceived: (StreamID) -> Void
    private var session: DownstreamSession?
    /// Answers by stream, from the request's head to the body's last byte.
    private var answers: [StreamID: (head: HeaderBlock?, body: ArraySlice<UInt8>)] = [:]

    /// - Parameter requestReceived: told of each request; `respond` is to be called for it later.
    init(
        token: UInt64, endpoint: Int, link: Link, blocks: HeaderBlockPool, place: DemoAnswer.Place,
        requestReceived: @escaping (StreamID) -> Void
    ) {
        (self.token, self.endpoint, self.link, self.blocks) = (token, endpoint, link, blocks)
        (self.place, self.requestReceived) = (place, requestReceived)
        super.init()
        session = DownstreamSession(owner: self, blocks: blocks, limits: Limits())
    }

    deinit { for case .some(let head) in answers.values.map(\.head) { blocks.give(back: head) } }

    /// Reads and writes what can be; false when the connection is over.
    func ready() -> Bool {
        guard let session else { return false }
        do throws(LinkFailure) {
            var turn = TurnBudget(frames: .max, requests: .max)
            try link.receive { session.receive($0, turn: &turn) == $0.count }
            return write()
        } catch {
            return false
        }
    }

    /// The distance has passed for one request. False when the connection is over.
    func respond(_ stream: StreamID) -> Bool {
        guard let answer = answers[stream], let head = answer.head else { return true }
        answers[stream]?.head = nil
        session?.respond(stream, head, isEnd: answer.body.isEmpty)
        return write()
    }

    /// As if the endpoint's process had been killed.
    func kill() { link.resetOnClose() }

    /// Takes no further request, and ends with the last answer (RFC 9113 §6.8). False when there is none.
    func leave() -> Bool {
        if let session { session.refuse(after: session.lastStream) }
        return write()
    }

    private func write() -> Bool {
        guard let session else { return false }
        do throws(LinkFailure) { try link.send(from: session) } catch { return false }
        return !session.isFinished
    }

    // MARK: SessionOwner

    override func headReceived(_ head: ReceivedHead) {
        defer { blocks.give(back: head.block) }
        guard head.kind == .request else { return }
        let method = head.block.value(of: .method).text
        let xRegion = head.block.value(of: .xRegion)
        let body = DemoAnswer.body(
            place, method: method, path: head.block.value(of: .path).text,
            xRegion: xRegion.isAbsent ? nil : xRegion.text)
        answers[head.stream] = (makeHead(bodyCount: body.count), method == "HEAD" ? [] : body[...])
        requestReceived(head.stream)
    }

    private func makeHead(bodyCount: Int) -> HeaderBlock {
        let block = blocks.take()
        block.append(":status", literal: "200")
        block.append("content-type", literal: "application/json")
        append("content-length", "\(bodyCount)", to: block)
        append("x-demo-region", place.region, to: block)
        append("x-demo-cell", place.cell, to: block)
        append("x-demo-endpoint", place.endpoint, to: block)
        return block
    }

    private func append(_ name: StaticString, _ text: String, to block: HeaderBlock) {
        var text = text
        text.withUTF8 { block.append(ByteView(name), copying: ByteView(UnsafeRawBufferPointer($0))) }
    }

    override func dataReceived(_ stream: StreamID, _ tag: StreamTag, _ bytes: UnsafeRawBufferPointer) {
        session?.consume(stream, bytes.count)
        session?.consumeConnection(bytes.count)
    }

    override func bodyReady(_ stream: StreamID, _ tag: StreamTag) -> BodySupply {
        BodySupply(count: answers[stream]?.body.count ?? 0, isFinal: true)
    }

    override func bodyTaken(
        _ stream: StreamID, _ tag: StreamTag, into target: UnsafeMutableRawPointer, count: Int
    ) -> Bool {
        guard let body = answers[stream]?.body, body.count >= count else { return false }
        body.withUnsafeBytes { target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: count) }
        answers[stream]?.body = body.dropFirst(count)
        return true
    }

    override func streamClosed(_ stream: StreamID, _ tag: StreamTag, _ code: ErrorCode) {
        guard let answer = answers.removeValue(forKey: stream), let head = answer.head else { return }
        blocks.give(back: head)
    }
}

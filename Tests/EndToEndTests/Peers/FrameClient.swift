import Foundation

/// A client that says exactly the frames it is told to, over plain TCP, and keeps account of what comes back. Used by
/// one thread.
final class FrameClient {
    /// What came on one stream.
    struct Answer {
        var informational: [Fields] = []
        var fields: Fields?
        var body: [UInt8] = []
        var trailers: Fields?
        var isEnded = false
        /// The code of RST_STREAM.
        var reset: UInt32?

        var isOver: Bool { isEnded || reset != nil }
        var status: Int { fields?[":status"].flatMap { Int($0) } ?? 0 }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let socket: FrameSocket
    private let decoder = FieldDecoder()
    private(set) var answers: [UInt32: Answer] = [:]
    private(set) var goaways: [(last: UInt32, code: UInt32)] = []
    private(set) var settings: [UInt16: UInt32] = [:]
    private(set) var pingAcknowledgements: [[UInt8]] = []
    private(set) var isClosed = false
    private(set) var windowUpdates: [UInt32: Int] = [:]
    /// Gives windows back as DATA comes.
    var creditsWindows = true
    var answersPings = true
    private var unansweredPings: [[UInt8]] = []
    private var nextStream: UInt32 = 1
    private var block: (stream: UInt32, flags: UInt8, bytes: [UInt8])?

    /// - Parameter greets: sends the preface and SETTINGS, and waits for the edge's.
    init(
        port: UInt16, settings: [(id: UInt16, value: UInt32)] = [], greets: Bool = true, receiveBuffer: Int32? = nil
    ) throws {
        socket = try FrameSocket(port: port, receiveBuffer: receiveBuffer)
        guard greets else { return }
        socket.write(Frame.preface + Frame.settings(settings).bytes)
        try wait(for: "the edge's SETTINGS") { !self.settings.isEmpty }
    }

    convenience init(_ edge: RunningEdge, _ listener: RunningEdge.Listener = .plain) throws {
        try self.init(port: edge.port(listener))
    }

    // MARK: Saying

    func send(_ frames: Frame...) { socket.write(frames.flatMap(\.bytes)) }

    func newStream() -> UInt32 {
        defer { nextStream += 2 }
        return nextStream
    }

    static func head(_ method: String, _ path: String, _ more: Fields = [:]) -> Fields {
        let head: Fields = [":method": method, ":scheme": "http", ":authority": "localhost", ":path": path]
        return head + more
    }

    static func get(_ path: String, _ more: Fields = [:]) -> Fields { head("GET", path, more) }
    static func post(_ path: String, _ more: Fields = [:]) -> Fields { head("POST", path, more) }

    /// Opens a stream.
    @discardableResult
    func open(_ fields: Fields, end: Bool = true) -> UInt32 {
        let stream = newStream()
        send(.headers(stream, fields, end: end))
        return stream
    }

    /// A head in as many frames as it takes (RFC 9113 §6.10).
    func sendSplit(_ stream: UInt32, _ fields: Fields, end: Bool = true) {
        let block = fields.encoded
        let parts = stride(from: 0, to: block.count, by: 16_384).map {
            Array(block[$0..<min($0 + 16_384, block.count)])
        }
        let frames = parts.enumerated().map { index, part in
            let last = index == parts.count - 1 ? Frame.endHeaders : 0
            if index > 0 { return Frame(.continuation, flags: last, stream: stream, part) }
            return Frame(.headers, flags: last | (end ? Frame.endStream : 0), stream: stream, part)
        }
        socket.write(frames.flatMap(\.bytes))
    }

    // MARK: Hearing

    /// A whole request and its whole answer.
    func exchange(_ fields: Fields, body: [UInt8]? = nil, within seconds: Double = 5) throws -> Answer {
        let stream = open(fields, end: body == nil)
        if let body { send(.data(stream, body, end: true)) }
        return try answer(to: stream, within: seconds)
    }

    /// Waits until the stream is over, by its end or a reset.
    func answer(to stream: UInt32, within seconds: Double = 5) throws -> Answer {
        try wait(for: "the end of stream \(stream)", within: seconds) { answers[stream]?.isOver == true }
        return answers[stream] ?? Answer()
    }

    /// Waits for the answer's head alone.
    func head(of stream: UInt32, within seconds: Double = 5) throws -> Fields {
        try wait(for: "the head of stream \(stream)", within: seconds) {
            answers[stream]?.fields != nil || answers[stream]?.isOver == true
        }
        return answers[stream]?.fields ?? Fields()
    }

    /// Reads frames until `condition` holds; throws when it does not in time, or the connection ends before.
    func wait(for what: String, within seconds: Double = 5, _ condition: () -> Bool) throws {
        let deadline = Patience.now + seconds
        while !condition() {
            guard !isClosed else { throw HarnessError("the edge closed before \(what); GOAWAYs \(goaways)") }
            do { try hear(within: deadline - Patience.now) } catch {
                throw HarnessError("waited \(seconds) s in vain for \(what); GOAWAYs \(goaways)")
            }
        }
    }

    /// Reads until the edge closes the connection.
    func waitForClose(within seconds: Double = 5) throws {
        try wait(for: "the end of the connection", within: seconds) { isClosed }
    }

    /// A PING and its answer: all that was sent before has been seen.
    func roundTrip() throws {
        let count = pingAcknowledgements.count
        send(Frame(.ping, [UInt8](repeating: 7, count: 8)))
        try wait(for: "the answer to a PING") { pingAcknowledgements.count > count }
    }

    private func hear(within seconds: Double) throws {
        guard let frame = try socket.read(within: max(0, seconds)) else {
            isClosed = true
            return
        }
        switch frame.kind {
        case .data: dataReceived(frame)
        case .headers: block = (frame.stream, frame.flags, frame.payload)
        case .continuation: block?.bytes += frame.payload
        case .reset: answers[frame.stream, default: Answer()].reset = frame.word(at: 0)
        case .settings: settingsReceived(frame)
        case .ping: pingReceived(frame)
        case .goaway: goaways.append((frame.word(at: 0), frame.word(at: 4)))
        case .windowUpdate: windowUpdates[frame.stream, default: 0] += Int(frame.word(at: 0))
        case .priority, .pushPromise, nil: break
        }
        if let block, frame.has(Frame.endHeaders), frame.kind == .headers || frame.kind == .continuation {
            self.block = nil
            headReceived(block.stream, try decoder.decode(block.bytes), end: block.flags & Frame.endStream != 0)
        }
    }

    private func headReceived(_ stream: UInt32, _ fields: Fields, end: Bool) {
        var answer = answers[stream] ?? Answer()
        if fields[":status"]?.hasPrefix("1") == true {
            answer.informational.append(fields)
        } else if answer.fields == nil {
            answer.fields = fields
        } else {
            answer.trailers = fields
        }
        if end { answer.isEnded = true }
        answers[stream] = answer
    }

    private func dataReceived(_ frame: Frame) {
        answers[frame.stream, default: Answer()].body += frame.payload
        if frame.has(Frame.endStream) { answers[frame.stream]?.isEnded = true }
        guard creditsWindows, !frame.payload.isEmpty else { return }
        let count = UInt32(frame.payload.count)
        send(.windowUpdate(0, count))
        if !frame.has(Frame.endStream) { send(.windowUpdate(frame.stream, count)) }
    }

    private func settingsReceived(_ frame: Frame) {
        guard !frame.has(Frame.ack) else { return }
        for place in stride(from: 0, to: frame.payload.count - 5, by: 6) {
            let id = UInt16(frame.payload[place]) << 8 | UInt16(frame.payload[place + 1])
            settings[id] = frame.word(at: place + 2)
        }
        send(Frame(.settings, flags: Frame.ack))
    }

    private func pingReceived(_ frame: Frame) {
        if frame.has(Frame.ack) { return pingAcknowledgements.append(frame.payload) }
        unansweredPings.append(frame.payload)
        if answersPings { answerPings() }
    }

    /// Answers those that were left unanswered, and all that come.
    func answerPings() {
        answersPings = true
        for payload in unansweredPings { send(Frame(.ping, flags: Frame.ack, payload)) }
        unansweredPings.removeAll()
    }
}

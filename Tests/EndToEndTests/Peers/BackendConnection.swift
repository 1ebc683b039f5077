import Foundation

/// One connection of a `ScriptedBackend`: reads on its own thread, is written to by its streams' threads.
final class BackendConnection: @unchecked Sendable {
    let socket: FrameSocket
    private let backend: ScriptedBackend
    private let decoder = FieldDecoder()
    /// Guards what follows, and is signalled whenever any of it changes.
    let state = NSCondition()
    private var streams: [UInt32: BackendStream] = [:]
    private(set) var isClosed = false
    private(set) var isBusy = false
    private(set) var lastStream: UInt32 = 0
    private(set) var window = 65_535
    private var initialWindow = 65_535
    private var block: (stream: UInt32, flags: UInt8, bytes: [UInt8])?

    init(_ socket: FrameSocket, of backend: ScriptedBackend) { (self.socket, self.backend) = (socket, backend) }

    func close() {
        socket.shut()
        state.withLock {
            isClosed = true
            state.broadcast()
        }
    }

    /// GOAWAY: streams above `last` were not processed.
    func goAway(last: UInt32, _ code: UInt32 = Code.noError) { socket.write(Frame.goaway(last: last, code)) }

    func spend(_ byteCount: Int) { window -= byteCount }

    func run() {
        socket.write(Frame.settings(backend.settings))
        guard (try? readPreface()) == true else { return close() }
        // Tests never last longer than this; `close` ends the wait.
        while let frame = try? socket.read(within: 120) { hear(frame) }
        close()
    }

    private func readPreface() throws -> Bool {
        try socket.readBytes(Frame.preface.count, within: 60) == Frame.preface
    }

    private func hear(_ frame: Frame) {
        switch frame.kind {
        case .headers: block = (frame.stream, frame.flags, BackendConnection.fragment(of: frame))
        case .continuation: block?.bytes += frame.payload
        case .data: dataReceived(frame)
        case .settings where !frame.has(Frame.ack): settingsReceived(frame)
        case .ping where !frame.has(Frame.ack): socket.write(Frame(.ping, flags: Frame.ack, frame.payload))
        case .windowUpdate: windowReceived(frame)
        case .reset: change(frame.stream) { $0.resetCode = frame.word(at: 0) }
        default: break
        }
        if let block, frame.has(Frame.endHeaders), frame.kind == .headers || frame.kind == .continuation {
            self.block = nil
            guard let fields = try? decoder.decode(block.bytes) else { return close() }
            headReceived(block.stream, fields, end: block.flags & Frame.endStream != 0)
        }
    }

    private static func fragment(of frame: Frame) -> [UInt8] {
        frame.has(Frame.priorityFlag) ? Array(frame.payload.dropFirst(5)) : frame.payload
    }

    private func headReceived(_ id: UInt32, _ fields: Fields, end: Bool) {
        if state.withLock({ streams[id] != nil }) {
            return change(id) { stream in
                stream.receivedTrailers = fields
                stream.hasEnded = end
            }
        }
        if fields[":path"] == "/healthz" {
            socket.write(Frame.headers(id, [":status": "\(backend.probeStatus)"], end: true))
            return
        }
        backend.noteRequest(fields)
        let stream = state.withLock {
            isBusy = true
            lastStream = id
            let stream = BackendStream(id, fields, on: self, hasEnded: end, window: initialWindow)
            streams[id] = stream
            return stream
        }
        let serve = backend.serve
        // What a script cannot finish, because the edge went away, the test sees by itself.
        Thread.detachNewThread { try? serve(stream) }
    }

    private func dataReceived(_ frame: Frame) {
        let padding = frame.has(Frame.padded) ? Int(frame.payload[0]) + 1 : 0
        let bytes = padding > 0 ? Array(frame.payload.dropFirst().dropLast(padding - 1)) : frame.payload
        var credits = false
        change(frame.stream) { stream in
            stream.received += bytes
            stream.hasEnded = frame.has(Frame.endStream)
            credits = stream.creditsWindow
        }
        guard !frame.payload.isEmpty else { return }
        let count = UInt32(frame.payload.count)
        socket.write(Frame.windowUpdate(0, count))
        if credits, !frame.has(Frame.endStream) { socket.write(Frame.windowUpdate(frame.stream, count)) }
    }

    private func settingsReceived(_ frame: Frame) {
        state.withLock {
            for place in stride(from: 0, to: frame.payload.count - 5, by: 6) where frame.payload[place + 1] == 4 {
                let value = Int(frame.word(at: place + 2))
                for stream in streams.values { stream.window += value - initialWindow }
                initialWindow = value
            }
            state.broadcast()
        }
        socket.write(Frame(.settings, flags: Frame.ack))
    }

    private func windowReceived(_ frame: Frame) {
        state.withLock {
            if frame.stream == 0 { window += Int(frame.word(at: 0)) }
            streams[frame.stream]?.window += Int(frame.word(at: 0))
            state.broadcast()
        }
    }

    private func change(_ id: UInt32, _ body: (BackendStream) -> Void) {
        state.withLock {
            guard let stream = streams[id] else { return }
            body(stream)
            state.broadcast()
        }
    }
}

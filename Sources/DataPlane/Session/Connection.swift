import HTTP2
import Model
import Reactor
import TLS
import Wire

/// A socket, its TLS session if it has one, and the bytes between them and an HTTP/2 session. What downstream and
/// upstream connections share; confined to its worker's thread.
///
///     socket ─read→ decrypt ─→ deliver            (at most one read a turn)
///     socket ←write─ encrypt ←─ produce           (once a tick, when touched)
class Connection: SessionOwner {
    let worker: Worker
    let socket: Socket
    let token: UInt64
    var tls: TLS.Session?
    /// Bytes the socket did not take, encrypted already.
    var backlog = ByteQueue()
    var isReadable = false
    var isWritable = true
    /// The peer's end of stream was announced: read on until it is seen.
    var peerHasClosed = false
    var inputEnded = false
    /// In the worker's list of connections to flush, of connections that want another turn.
    var isTouched = false
    var isQueued = false
    var isClosed = false
    private var hasSaidGoodbye = false
    /// Octets last left the socket.
    var wroteAt: LoopTime
    var readAt: LoopTime

    init(worker: Worker, socket: consuming Socket, token: UInt64, now: LoopTime) {
        self.worker = worker
        self.socket = socket
        self.token = token
        (wroteAt, readAt) = (now, now)
    }

    // MARK: For the two kinds

    /// Plain bytes came.
    func deliver(_ bytes: UnsafeRawBufferPointer) {}
    /// The session that produces frames, once there is one.
    var session: HTTP2.Session? { nil }
    /// TLS is established, or was not wanted.
    func transportOpened() {}
    /// The peer will send nothing more.
    func peerEnded() { fail(.connectionTerminated, code: 0) }
    /// The connection cannot go on.
    func fail(_ reason: ExchangeError.Reason, code: Int32) { close() }
    /// The connection's timer is due.
    func timerFired() {}
    /// Some of what the session produced last has left for the peer.
    func departed() {}
    /// Called once, as the connection closes.
    func closing() {}

    // MARK: In

    func ready(_ events: ReadyEvents) {
        if events.contains(.writable) { isWritable = true }
        if events.contains(.peerClosed) || events.contains(.hangup) || events.contains(.error) {
            peerHasClosed = true
            isReadable = true
        }
        if events.contains(.readable) { isReadable = true }
        takeTurn()
        if isWritable, !backlog.isEmpty || session?.hasOutput == true { worker.touch(self) }
    }

    /// One turn: at most one read of 64 KiB, then others have theirs.
    func takeTurn() {
        guard !isClosed, isReadable, !inputEnded else { return }
        let input = worker.readRoom
        switch socket.read(into: input) {
        case .bytes(let count):
            readAt = worker.now
            // Less than there was room for: the socket is empty, and tells when that changes.
            if count < input.count, !peerHasClosed { isReadable = false }
            receive(UnsafeRawBufferPointer(rebasing: input[..<count]))
            if isReadable, !isClosed { worker.queueTurn(self) }
        case .wouldBlock: isReadable = false
        case .endOfStream:
            isReadable = false
            inputEnded = true
            peerEnded()
        case .failed(let code):
            isReadable = false
            fail(.connectionTerminated, code: code)
        }
    }

    func receive(_ bytes: UnsafeRawBufferPointer) {
        guard let tls else { return deliver(bytes) }
        let wasEstablished = tls.isEstablished
        let (plaintext, ciphertext) = (worker.scratch.plaintext, worker.scratch.ciphertext)
        let progress = tls.receive(bytes, plaintext: plaintext, ciphertext: ciphertext)
        if progress.ciphertextCount > 0 {
            write(UnsafeRawBufferPointer(rebasing: ciphertext[..<progress.ciphertextCount]))
        }
        if !wasEstablished, tls.isEstablished { transportOpened() }
        if progress.plaintextCount > 0, !isClosed {
            deliver(UnsafeRawBufferPointer(rebasing: plaintext[..<progress.plaintextCount]))
        }
        switch progress.status {
        case .handshaking, .open: break
        case .closedByPeer:
            inputEnded = true
            if !isClosed { peerEnded() }
        case .outputFull: fail(.tlsProtocolError, code: 0)
        case .failed(let error): tlsFailed(error)
        }
    }

    func tlsFailed(_ error: TLSError) { fail(.tlsProtocolError, code: Int32(truncatingIfNeeded: error.code)) }

    // MARK: Out

    /// Writes what the session has to say until the socket is full or nothing is left.
    func flush() {
        guard !isClosed else { return }
        guard writeBacklog(), let session else { return }
        while isWritable {
            guard let count = session.produce(into: worker.flushRoom) else {
                return fail(.httpProtocolError, code: 0)
            }
            if count == 0 { break }
            send(UnsafeRawBufferPointer(rebasing: worker.scratch.staging[..<count]))
            guard !isClosed, backlog.isEmpty, count > Scratch.stagingCapacity / 4 else { break }
        }
        if session.isFinished, backlog.isEmpty, !isClosed { sessionFinished() }
    }

    /// The HTTP/2 session has ended in good order, and all of it was written.
    func sessionFinished() { close() }

    private func send(_ bytes: UnsafeRawBufferPointer) {
        guard let tls else { return write(bytes) }
        let progress = tls.send(bytes, ciphertext: worker.scratch.ciphertext)
        write(UnsafeRawBufferPointer(rebasing: worker.scratch.ciphertext[..<progress.ciphertextCount]))
        if case .failed(let error) = progress.status { tlsFailed(error) }
    }

    /// Writes at once what the socket takes and keeps the rest, in order.
    private func write(_ bytes: UnsafeRawBufferPointer) {
        guard backlog.isEmpty, isWritable else { return backlog.append(bytes, from: worker.blockPool) }
        switch socket.write(bytes) {
        case .bytes(let count):
            wroteAt = worker.now
            departed()
            guard count < bytes.count else { return }
            isWritable = false
            backlog.append(UnsafeRawBufferPointer(rebasing: bytes[count...]), from: worker.blockPool)
        case .wouldBlock:
            isWritable = false
            backlog.append(bytes, from: worker.blockPool)
        case .endOfStream: break
        case .failed(let code): fail(.connectionTerminated, code: code)
        }
    }

    /// False while something of it is left.
    private func writeBacklog() -> Bool {
        while !backlog.isEmpty {
            guard isWritable else { return false }
            let run = backlog.first
            switch socket.write(run) {
            case .bytes(let count):
                wroteAt = worker.now
                departed()
                backlog.removeFirst(count, to: worker.blockPool)
                if count < run.count { isWritable = false }
            case .wouldBlock: isWritable = false
            case .endOfStream: return false
            case .failed(let code):
                fail(.connectionTerminated, code: code)
                return false
            }
        }
        return true
    }

    // MARK: The end

    /// close_notify, once, where it can leave at once (RFC 8446 §6.1).
    final func sayGoodbye() {
        guard !hasSaidGoodbye, let tls, tls.isEstablished, isWritable, backlog.isEmpty else { return }
        hasSaidGoodbye = true
        let count = tls.close(ciphertext: worker.scratch.ciphertext)
        if count > 0 { _ = socket.write(UnsafeRawBufferPointer(rebasing: worker.scratch.ciphertext[..<count])) }
    }

    /// Closes the socket after what the tick has still to do; safe to call from a session's callback, and twice.
    final func close() {
        guard !isClosed else { return }
        isClosed = true
        closing()
        sayGoodbye()
        backlog.clear(to: worker.blockPool)
        worker.loop.deregister(socket.descriptor)
        worker.bury(self)
    }
}

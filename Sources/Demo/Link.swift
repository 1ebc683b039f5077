import HTTP2
import Model
import Reactor
import TLS

/// One connection's bytes, either side: a socket, with TLS on it or not, and what an HTTP/2 session has to say. Closed
/// when let go of.
final class Link {
    private let socket: Socket
    private let tls: TLS.Session?
    private let scratch: LinkScratch
    /// Bytes that the socket had no room for.
    private var waiting: [UInt8] = []
    private var waitingStart = 0

    init(_ socket: consuming Socket, tls: TLS.Session?, scratch: LinkScratch) {
        self.socket = socket
        (self.tls, self.scratch) = (tls, scratch)
    }

    var descriptor: Int32 { socket.descriptor }
    /// The handshake is over, or none is needed.
    var isOpen: Bool { tls?.isEstablished ?? true }
    /// Nothing waits for room in the socket.
    var isClear: Bool { waiting.isEmpty }

    /// A connection in progress is writable or broken for the first time: begins the handshake, if there is one.
    func connected() throws(LinkFailure) {
        let code = socket.pendingError
        guard code == 0 else { throw LinkFailure(errno: code) }
        if tls != nil { try received(UnsafeRawBufferPointer(start: nil, count: 0)) { _ in true } }
    }

    /// Reads until nothing is left and hands plaintext to `take`, which says whether it could use it.
    func receive(_ take: (UnsafeRawBufferPointer) -> Bool) throws(LinkFailure) {
        while true {
            switch socket.read(into: scratch.input) {
            case .bytes(let count): try received(UnsafeRawBufferPointer(rebasing: scratch.input[..<count]), take)
            case .wouldBlock: return
            case .endOfStream: throw .closed
            case .failed(let code): throw LinkFailure(errno: code)
            }
        }
    }

    private func received(
        _ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) -> Bool
    ) throws(LinkFailure) {
        guard let tls else {
            guard take(bytes) else { throw .notHTTP2 }
            return
        }
        var input = bytes
        while true {
            let progress = tls.receive(input, plaintext: scratch.plaintext, ciphertext: scratch.ciphertext)
            try write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<progress.ciphertextCount]))
            if progress.plaintextCount > 0 {
                let isTaken = take(UnsafeRawBufferPointer(rebasing: scratch.plaintext[..<progress.plaintextCount]))
                guard isTaken else { throw .notHTTP2 }
            }
            switch progress.status {
            case .handshaking, .open: return
            case .outputFull: input = UnsafeRawBufferPointer(start: nil, count: 0)
            case .closedByPeer: throw .closed
            case .failed(let error): throw LinkFailure(error.text)
            }
        }
    }

    /// Writes what waits, then all that the session has to say, as far as the socket takes it.
    func send(from session: HTTP2.Session) throws(LinkFailure) {
        try flush()
        while waiting.isEmpty {
            guard let count = session.produce(into: scratch.output) else { throw .notHTTP2 }
            if count == 0 { return }
            try send(UnsafeRawBufferPointer(rebasing: scratch.output[..<count]))
        }
    }

    private func send(_ bytes: UnsafeRawBufferPointer) throws(LinkFailure) {
        guard let tls else { return try write(bytes) }
        let progress = tls.send(bytes, ciphertext: scratch.ciphertext)
        if case .failed(let error) = progress.status { throw LinkFailure(error.text) }
        try write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<progress.ciphertextCount]))
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(LinkFailure) {
        guard bytes.count > 0 else { return }
        guard waiting.isEmpty else {
            waiting += bytes
            return
        }
        switch socket.write(bytes) {
        case .bytes(let count): waiting += bytes.dropFirst(count)
        case .wouldBlock: waiting += bytes
        case .endOfStream: throw .closed
        case .failed(let code): throw LinkFailure(errno: code)
        }
    }

    func flush() throws(LinkFailure) {
        while waitingStart < waiting.count {
            let result = waiting.withUnsafeBytes { socket.write(UnsafeRawBufferPointer(rebasing: $0[waitingStart...])) }
            switch result {
            case .bytes(let count): waitingStart += count
            case .wouldBlock: return
            case .endOfStream: throw .closed
            case .failed(let code): throw LinkFailure(errno: code)
            }
        }
        waiting.removeAll(keepingCapacity: true)
        waitingStart = 0
    }

    /// Closing will be an RST, as the kernel does for a process that died with unread bytes.
    func resetOnClose() { socket.setLingerReset() }

    /// TLS's goodbye, as far as the socket takes it.
    func sayGoodbye() {
        guard let tls, tls.isEstablished, waiting.isEmpty else { return }
        let count = tls.close(ciphertext: scratch.ciphertext)
        if count > 0 { _ = socket.write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<count])) }
    }
}

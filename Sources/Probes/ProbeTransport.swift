import Model
import Reactor
import TLS

/// A connection's socket, with TLS on it or not: plaintext goes in and comes out. Closed when let go of.
final class ProbeTransport {
    private let socket: Socket
    private let tls: TLS.Session?
    private let scratch: ProbeScratch
    /// Bytes that the socket had no room for.
    private var waiting: [UInt8] = []
    private var waitingStart = 0

    /// Begins to connect.
    init(to target: ProbeTarget, context: ClientContext?, scratch: ProbeScratch) throws(ProbeFailure) {
        if case .name = target.address { throw ProbeFailure("the name “\(target.address)” is not resolved") }
        do throws(TLSError) {
            tls = if let context { try TLS.Session(client: context, serverName: target.serverName) } else { nil }
        } catch {
            throw ProbeFailure(error.text)
        }
        do throws(SystemError) { socket = try Socket.connect(to: target.address) } catch {
            throw ProbeFailure(errno: error.code)
        }
        self.scratch = scratch
    }

    var descriptor: Int32 { socket.descriptor }
    /// The handshake is over, or none is needed.
    var isOpen: Bool { tls?.isEstablished ?? true }

    /// The socket is writable or broken for the first time: begins the handshake, if there is one.
    func connected() throws(ProbeFailure) {
        let code = socket.pendingError
        guard code == 0 else { throw ProbeFailure(errno: code) }
        if tls != nil { try received(UnsafeRawBufferPointer(start: nil, count: 0)) { _ throws(ProbeFailure) in } }
        try flush()
    }

    /// Reads until nothing is left, handing plaintext to `take`.
    /// - Parameter budget: bytes this probe may still cost.
    func receive(
        budget: inout Int, _ take: (UnsafeRawBufferPointer) throws(ProbeFailure) -> Void
    ) throws(ProbeFailure) {
        while true {
            switch socket.read(into: scratch.input) {
            case .bytes(let count):
                budget -= count
                guard budget >= 0 else { throw .tooMuch }
                try received(UnsafeRawBufferPointer(rebasing: scratch.input[..<count]), take)
            case .wouldBlock: return
            case .endOfStream: throw .closed
            case .failed(let code): throw ProbeFailure(errno: code)
            }
        }
    }

    private func received(
        _ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws(ProbeFailure) -> Void
    ) throws(ProbeFailure) {
        guard let tls else { return try take(bytes) }
        var input = bytes
        while true {
            let progress = tls.receive(input, plaintext: scratch.plaintext, ciphertext: scratch.ciphertext)
            try write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<progress.ciphertextCount]))
            if progress.plaintextCount > 0 {
                try take(UnsafeRawBufferPointer(rebasing: scratch.plaintext[..<progress.plaintextCount]))
            }
            switch progress.status {
            case .handshaking: return
            case .open:
                guard tls.negotiatedProtocol == .h2 else { throw .notHTTP2 }
                return
            case .outputFull: input = UnsafeRawBufferPointer(start: nil, count: 0)
            case .closedByPeer: throw .closed
            case .failed(let error): throw ProbeFailure(error.text)
            }
        }
    }

    /// Sends plaintext.
    func send(_ bytes: UnsafeRawBufferPointer) throws(ProbeFailure) {
        guard let tls else { return try write(bytes) }
        let progress = tls.send(bytes, ciphertext: scratch.ciphertext)
        if case .failed(let error) = progress.status { throw ProbeFailure(error.text) }
        try write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<progress.ciphertextCount]))
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(ProbeFailure) {
        guard bytes.count > 0 else { return }
        guard waiting.isEmpty else {
            waiting += bytes
            return
        }
        switch socket.write(bytes) {
        case .bytes(let count): waiting += bytes.dropFirst(count)
        case .wouldBlock: waiting += bytes
        case .endOfStream: throw .closed
        case .failed(let code): throw ProbeFailure(errno: code)
        }
    }

    /// The socket may have room again.
    func flush() throws(ProbeFailure) {
        while waitingStart < waiting.count {
            let result = waiting.withUnsafeBytes { socket.write(UnsafeRawBufferPointer(rebasing: $0[waitingStart...])) }
            switch result {
            case .bytes(let count): waitingStart += count
            case .wouldBlock: return
            case .endOfStream: throw .closed
            case .failed(let code): throw ProbeFailure(errno: code)
            }
        }
        waiting.removeAll(keepingCapacity: true)
        waitingStart = 0
    }

    /// Says goodbye in TLS's way, as far as the socket takes it.
    func sayGoodbye() {
        guard let tls, tls.isEstablished else { return }
        let count = tls.close(ciphertext: scratch.ciphertext)
        if count > 0, waiting.isEmpty {
            _ = socket.write(UnsafeRawBufferPointer(rebasing: scratch.ciphertext[..<count]))
        }
    }
}

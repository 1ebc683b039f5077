import Model
import Reactor

/// One worker's share of a listening address: a copy of a socket that the edge keeps.
final class Listener {
    /// Connections taken in one tick; the rest have their turn in the next (the socket is level-triggered).
    static let acceptsPerTick = 64
    /// How long a listener rests when descriptors have run out (limits.md, D2).
    static let pauseMilliseconds: UInt64 = 100

    let socketID: Int
    var terms: ListenerTerms
    /// In its worker's list.
    var index = 0
    /// Nil once closed.
    private var socket: Socket?
    private var reserve: ReserveDescriptor

    init(socketID: Int, terms: ListenerTerms, socket: consuming Socket) throws(SystemError) {
        (self.socketID, self.terms) = (socketID, terms)
        self.socket = .some(socket)
        reserve = try ReserveDescriptor()
    }

    /// −1 once closed.
    var descriptor: Int32 { socket?.descriptor ?? -1 }
    func accept() -> AcceptResult { socket?.accept() ?? .wouldBlock }
    /// Takes a waiting connection with the spare descriptor and closes it: better than letting it hang.
    func refuse() -> Bool {
        switch socket {
        case .some(let socket): reserve.acceptAndClose(socket)
        case .none: false
        }
    }
    /// With the last copy the kernel refuses who comes.
    func close() { socket = nil }
}

extension Worker {
    func register(_ listener: Listener) {
        // A fresh epoll instance refuses only what was registered before, and nothing was.
        try? loop.register(
            listener.descriptor, token: Token(.listener, index: listener.index).bits, edgeTriggered: false)
    }

    func accept(from listener: Listener) {
        for _ in 0..<Listener.acceptsPerTick {
            switch listener.accept() {
            case .accepted(let socket, let peer): take(socket, peer: peer, on: listener)
            case .wouldBlock: return
            case .exhausted:
                counters.connectionsRefused += 1
                _ = listener.refuse()
                return pause(listener)
            case .failed: return pause(listener)
            }
        }
    }

    func take(_ socket: consuming Socket, peer: Peer, on listener: Listener) {
        if openDownstream < maxConnections, admits(peer, on: listener.terms) {
            open(socket, peer: peer, on: listener.terms)
        } else {
            counters.connectionsRefused += 1
        }
    }

    /// Trusted addresses stand for many clients, and are not limited.
    private func admits(_ peer: Peer, on terms: ListenerTerms) -> Bool {
        let isTrusted = terms.trust.from.contains { $0.contains(peer.address) }
        let limit = max(1, maxConnections * limits.connectionsPerAddressPercent / 100)
        return addresses.admits(peer, limit: isTrusted ? .max : limit)
    }

    private func open(_ socket: consuming Socket, peer: Peer, on terms: ListenerTerms) {
        if !peer.isUnix {
            socket.setNoDelay()
            socket.setNotSentLowWater(16_384)
        }
        let descriptor = socket.descriptor
        let token = connections.reserve()
        let connection = DownstreamConnection(
            worker: self, socket: socket, token: token, terms: terms, peer: peer, now: now)
        connections.insert(connection)
        openDownstream += 1
        counters.connectionsAccepted += 1
        do {
            try loop.register(descriptor, token: token)
        } catch {
            connection.close()
        }
    }

    private func pause(_ listener: Listener) {
        loop.deregister(listener.descriptor)
        let token = Token(.resume, index: listener.index).bits
        _ = schedule(token, at: now.advanced(milliseconds: Listener.pauseMilliseconds))
    }

    func resume(_ listener: Listener) { register(listener) }
}

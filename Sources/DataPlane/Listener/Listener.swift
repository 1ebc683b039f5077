import Model
import Reactor

/// One worker's share of a listening address: a socket of its own (SO_REUSEPORT), or of a Unix socket a copy.
final class Listener {
    /// Connections taken in one tick; the rest have their turn in the next (the socket is level-triggered).
    static let acceptsPerTick = 64
    /// How long a listener rests when descriptors have run out (limits.md, D2).
    static let pauseMilliseconds: UInt64 = 100

    let index: Int
    /// Nil once closed.
    private var socket: Socket?
    private var reserve: ReserveDescriptor

    init(index: Int, socket: consuming Socket) throws(SystemError) {
        self.index = index
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
    /// Who connects from now on is refused, and goes to another edge at once. Letting go of the listener is not
    /// enough: what made it keeps it.
    func close() { socket = nil }
}

extension Worker {
    func register(_ listener: Listener) {
        // A fresh epoll instance refuses only what was registered before, and nothing was.
        try? loop.register(
            listener.descriptor, token: Token(.listener, index: listener.index).bits, edgeTriggered: false)
    }

    func accept(from index: Int) {
        guard index < listeners.count else { return }
        let listener = listeners[index]
        for _ in 0..<Listener.acceptsPerTick {
            switch listener.accept() {
            case .accepted(let socket, let peer):
                if openDownstream < shared.maxConnections, admits(peer, on: index) {
                    open(socket, peer: peer, on: index)
                } else {
                    counters.connectionsRefused += 1
                }
            case .wouldBlock: return
            case .exhausted:
                counters.connectionsRefused += 1
                _ = listener.refuse()
                return pause(listener)
            case .failed: return pause(listener)
            }
        }
    }

    /// Trusted addresses stand for many clients, and are not limited.
    private func admits(_ peer: Peer, on listener: Int) -> Bool {
        let isTrusted = snapshot._withUnsafeGuaranteedRef { snapshot in
            listener < snapshot.trust.count && snapshot.trust[listener].from.contains { $0.contains(peer.address) }
        }
        let limit = max(1, shared.maxConnections * limits.connectionsPerAddressPercent / 100)
        return addresses.admits(peer, limit: isTrusted ? .max : limit)
    }

    private func open(_ socket: consuming Socket, peer: Peer, on listener: Int) {
        if !peer.isUnix {
            socket.setNoDelay()
            socket.setNotSentLowWater(16_384)
        }
        let descriptor = socket.descriptor
        let token = connections.reserve()
        let connection = DownstreamConnection(
            worker: self, socket: socket, token: token, listener: listener, peer: peer, now: now)
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

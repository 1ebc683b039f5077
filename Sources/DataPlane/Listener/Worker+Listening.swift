import Model
import Reactor

/// Listeners that come and go while the worker runs, and its own leave (decision 0017).
extension Worker {
    /// The longest queue of a listener, and some that come meanwhile.
    private static let mostWaiting = 8_192

    func listen(on fresh: [Listener]) {
        for listener in fresh {
            let free = listeners.firstIndex { $0 == nil } ?? listeners.count
            if free == listeners.count { listeners.append(listener) } else { listeners[free] = listener }
            listener.index = free
            register(listener)
        }
    }

    /// Another worker accepts from these sockets: who waits there loses nothing.
    func letGo(of sockets: [Int]) {
        for case let listener? in listeners where sockets.contains(listener.socketID) { close(listener) }
    }

    /// Takes the terms of a reload: for listeners, and for connections, those whose address is wanted no longer, or
    /// speaks otherwise, excepted: these are told to go.
    func adopt(_ terms: [ListenerTerms], graceMilliseconds grace: UInt64) {
        var known: [ListenerTerms?] = Array(repeating: nil, count: 256)
        for terms in terms { known[Int(terms.place.number)] = terms }
        for case let listener? in listeners {
            let fresh = known[Int(listener.terms.place.number)]
            // Who connected before knows nothing of the change.
            if fresh?.speaksLike(listener.terms) != true { acceptWaiting(of: listener) }
            if let fresh { listener.terms = fresh } else { close(listener) }
        }
        for case let connection as DownstreamConnection in connections.all {
            if let fresh = known[connection.listener], fresh.speaksLike(connection.terms) {
                connection.adopt(fresh)
            } else {
                connection.startDrain(graceMilliseconds: grace)
            }
        }
    }

    /// Others have its sockets: no new connection comes; the present ones finish, at most `grace`.
    func leave(graceMilliseconds grace: UInt64) {
        guard phase == .serving else { return }
        phase = .leaving
        for case let listener? in listeners { close(listener) }
        drainConnections(graceMilliseconds: grace)
    }

    /// No new connection but those that wait already; the present ones finish, at most `grace`.
    func stop(graceMilliseconds grace: UInt64) {
        guard phase != .stopping else { return stopOverdue() }
        phase = .stopping
        for case let listener? in listeners {
            acceptWaiting(of: listener)
            close(listener)
        }
        drainConnections(graceMilliseconds: grace)
    }

    private func drainConnections(graceMilliseconds grace: UInt64) {
        for connection in connections.all {
            (connection as? DownstreamConnection)?.startDrain(graceMilliseconds: grace)
        }
        _ = schedule(Token(.stop, index: 0).bits, at: now.advanced(milliseconds: grace))
    }

    /// The kernel resets who is still waiting when the last copy of a socket closes.
    private func acceptWaiting(of listener: Listener) {
        for _ in 0..<Worker.mostWaiting {
            guard case .accepted(let socket, let peer) = listener.accept() else { return }
            take(socket, peer: peer, on: listener)
        }
    }

    private func close(_ listener: Listener) {
        // The edge has a copy, so that closing this one alone would leave it registered.
        loop.deregister(listener.descriptor)
        listener.close()
        listeners[listener.index] = nil
    }

    /// The time to finish is over.
    func stopOverdue() {
        // Clients first: an endpoint's connection that goes before them would have its requests sent again.
        let all = connections.all
        for connection in all where connection is DownstreamConnection { end(connection) }
        for connection in all { end(connection) }
    }

    private func end(_ connection: Connection) {
        connection.session?.terminate(.noError)
        connection.flush()
        connection.close()
    }
}

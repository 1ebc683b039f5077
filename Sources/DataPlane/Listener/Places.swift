import Model
import Reactor
import TLS

/// All that the edge listens on. A value: a reload works on a copy, and what it bound closes with the copy if it fails.
struct Places {
    private struct Tenure {
        weak var place: ListenerPlace?
        var name: String
    }

    /// What stands in a record, a byte; one number stands for none.
    private static let mostNumbers = 255

    /// In the configuration's order.
    private(set) var bound: [BoundPlace] = []
    private(set) var terms: [ListenerTerms] = []
    /// By number.
    private var tenures: [Tenure] = []
    private var nextSocket = 0
    /// Bound, and not listening yet.
    private var fresh: [(socket: BoundSocket, name: String)] = []

    var addresses: [Address] { bound.map(\.address) }
    /// By the number in records. One that is gone keeps its name until the number is another's.
    var names: [String] { tenures.map(\.name) }

    /// Moves to the listeners of a configuration and to those workers. Nothing that others notice happens before
    /// `startListening`.
    /// - Parameters:
    ///   - contexts: by listener; nil: plain text.
    ///   - workers: their ids.
    /// - Returns: by worker; those that leave need no word.
    mutating func change(
        to listeners: [Configuration.Listener], _ contexts: [ServerContext?], workers: [Int]
    ) throws(EdgeError) -> [Int: WorkerOrders] {
        let before = bound.flatMap(\.seats)
        var (next, terms): ([BoundPlace], [ListenerTerms]) = ([], [])
        for (index, known) in known(listeners).enumerated() {
            let listener = listeners[index]
            var place: BoundPlace
            if let known { place = bound[known] } else { place = try newPlace(for: listener) }
            do throws(SystemError) { try seat(&place, workers, listener.name) } catch {
                throw EdgeError(listener, error)
            }
            next.append(place)
            terms.append(
                ListenerTerms(
                    place: place.place, name: listener.name, context: contexts[index], trust: listener.trust))
            tenures[Int(place.place.number)].name = listener.name
        }
        (bound, self.terms) = (next, terms)
        return try orders(since: before, workers)
    }

    /// By listener, the bound place that it keeps or takes over. It is the address that counts, and the name decides
    /// between several that are the kernel's choice.
    private func known(_ listeners: [Configuration.Listener]) -> [Int?] {
        var known: [Int?] = listeners.map { listener in
            bound.indices.first { terms[$0].name == listener.name && bound[$0].isAt(listener.address) }
        }
        for (index, listener) in listeners.enumerated() where known[index] == nil {
            known[index] = bound.indices.first { bound[$0].isAt(listener.address) && !known.contains($0) }
        }
        return known
    }

    private mutating func seat(_ place: inout BoundPlace, _ workers: [Int], _ name: String) throws(SystemError) {
        let first = nextSocket
        try place.seat(workers, &nextSocket)
        var known: Set<Int> = []
        for seat in place.seats where seat.socket.id >= first && known.insert(seat.socket.id).inserted {
            fresh.append((seat.socket, name))
        }
    }

    /// With a number that no connection has any more.
    private mutating func newPlace(for listener: Configuration.Listener) throws(EdgeError) -> BoundPlace {
        let number = tenures.firstIndex { $0.place == nil } ?? tenures.count
        guard number < Places.mostNumbers else {
            throw EdgeError(
                listener: listener.name,
                "there are \(number) listeners, with those removed whose connections go on: wait for these to end")
        }
        let place = ListenerPlace(number: UInt8(number))
        let tenure = Tenure(place: place, name: listener.name)
        if number < tenures.count { tenures[number] = tenure } else { tenures.append(tenure) }
        return BoundPlace(place, at: listener.address)
    }

    private func orders(since before: [BoundPlace.Seat], _ workers: [Int]) throws(EdgeError) -> [Int: WorkerOrders] {
        struct Key: Hashable { let socket, worker: Int }
        var orders = Dictionary(uniqueKeysWithValues: workers.map { ($0, WorkerOrders()) })
        let kept = Set(bound.flatMap(\.seats).map { Key(socket: $0.socket.id, worker: $0.worker) })
        let wanted = Set(kept.map(\.socket))
        let known = Set(before.map { Key(socket: $0.socket.id, worker: $0.worker) })
        for seat in before where wanted.contains(seat.socket.id) {
            if !kept.contains(Key(socket: seat.socket.id, worker: seat.worker)) {
                orders[seat.worker]?.closing.append(seat.socket.id)
            }
        }
        for (place, terms) in zip(bound, terms) {
            for seat in place.seats where !known.contains(Key(socket: seat.socket.id, worker: seat.worker)) {
                do throws(SystemError) {
                    let listener = try Listener(socketID: seat.socket.id, terms: terms, socket: seat.socket.copy())
                    orders[seat.worker]?.opening.append(listener)
                } catch { throw EdgeError(listener: terms.name, "\(error): \(EdgeError.remedy(for: error.code))") }
            }
        }
        return orders
    }

    /// Lets clients come to what was bound last; those that come at once wait for their worker.
    mutating func startListening() throws(EdgeError) {
        for (socket, name) in fresh {
            do throws(SystemError) { try socket.startListening() } catch {
                throw EdgeError(listener: name, "cannot listen: \(error): \(EdgeError.remedy(for: error.code))")
            }
        }
        fresh = []
    }

    /// Closes the edge's own copies: the workers' are the last.
    mutating func close() { bound = [] }
}

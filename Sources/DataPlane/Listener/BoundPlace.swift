import Model
import Reactor

/// A place with its sockets. With TCP each worker has one or more of its own (SO_REUSEPORT), so that the kernel spreads
/// connections; a Unix socket cannot be bound twice, so its workers share copies of one.
struct BoundPlace {
    /// A socket and who accepts from it.
    struct Seat {
        let socket: BoundSocket
        var worker: Int
    }

    let place: ListenerPlace
    /// As the configuration wrote it, port 0 and all.
    let wanted: Address
    /// As it is.
    private(set) var address: Address
    private(set) var seats: [Seat] = []

    init(_ place: ListenerPlace, at wanted: Address) { (self.place, self.wanted, address) = (place, wanted, wanted) }

    func isAt(_ other: Address) -> Bool { other == wanted || other == address }

    /// Sees to it that each of the workers has a socket, and nobody else.
    mutating func seat(_ workers: [Int], _ nextSocket: inout Int) throws(SystemError) {
        if case .unix = address { return try share(among: workers, &nextSocket) }
        let plan = Seating.plan(seats.map(\.worker), for: workers)
        for index in seats.indices { seats[index].worker = plan.owners[index] }
        for worker in plan.without {
            seats.append(Seat(socket: try bind(&nextSocket), worker: worker))
        }
    }

    private mutating func share(among workers: [Int], _ nextSocket: inout Int) throws(SystemError) {
        let socket: BoundSocket
        if let first = seats.first { socket = first.socket } else { socket = try bind(&nextSocket) }
        seats = workers.map { Seat(socket: socket, worker: $0) }
    }

    private mutating func bind(_ nextSocket: inout Int) throws(SystemError) -> BoundSocket {
        let socket = try BoundSocket(address, id: nextSocket)
        nextSocket += 1
        address = socket.address ?? address
        return socket
    }
}

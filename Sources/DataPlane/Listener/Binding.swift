import Model
import Reactor

/// Sockets for every listener and worker. With TCP each worker has its own (SO_REUSEPORT), so that the kernel spreads
/// connections; a Unix socket cannot be bound twice, so its workers share copies of one.
struct Binding {
    static let backlog: Int32 = 4_096
    private(set) var addresses: [Address] = []
    /// By worker, then by listener.
    private(set) var listeners: [[Listener]]

    init(_ configured: [Configuration.Listener], workerCount: Int) throws(EdgeError) {
        listeners = Array(repeating: [], count: workerCount)
        for listener in configured { try bind(listener, workerCount: workerCount) }
    }

    private mutating func bind(_ listener: Configuration.Listener, workerCount: Int) throws(EdgeError) {
        do {
            let first = try Socket.listen(on: listener.address, reusePort: true, backlog: Binding.backlog)
            let address = first.localAddress() ?? listener.address
            let index = addresses.count
            for worker in 1..<max(1, workerCount) {
                let socket =
                    if case .unix = address { try first.duplicate() } else {
                        try Socket.listen(on: address, reusePort: true, backlog: Binding.backlog)
                    }
                listeners[worker].append(try Listener(index: index, socket: socket))
            }
            listeners[0].append(try Listener(index: index, socket: first))
            addresses.append(address)
        } catch {
            throw EdgeError(
                listener: listener.name,
                "cannot listen on \(listener.address): \(error) (another process may hold the address: ss -lntp)")
        }
    }
}

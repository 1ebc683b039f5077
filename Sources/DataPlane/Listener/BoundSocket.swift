import Model
import Reactor

/// A socket that listens, as the edge itself keeps it: workers accept from copies of it, so that no worker's end closes
/// it. With the last holder goes a Unix socket's file.
final class BoundSocket: Sendable {
    /// Connections that may wait to be accepted.
    private static let backlog: Int32 = 4_096

    /// What messages to workers call it.
    let id: Int
    private let socket: Socket
    private let file: SocketFile?

    /// Takes the address; nobody comes before `startListening`.
    init(_ address: Address, id: Int) throws(SystemError) {
        self.id = id
        socket = try Socket.bind(to: address, reusePort: true)
        if case .unix(let path) = address { file = SocketFile(path: path) } else { file = nil }
    }

    deinit { file?.remove() }

    /// With the kernel's choice of a port.
    var address: Address? { socket.localAddress() }
    func startListening() throws(SystemError) { try socket.startListening(backlog: BoundSocket.backlog) }
    /// What a worker accepts from.
    func copy() throws(SystemError) -> Socket { try socket.duplicate() }
}

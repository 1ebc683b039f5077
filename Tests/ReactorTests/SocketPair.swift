import Glibc
import Reactor

/// Two connected stream sockets, non-blocking, without a name or a port.
struct SocketPair: ~Copyable {
    let near: Socket
    let far: Socket

    init() {
        var descriptors: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        precondition(socketpair(AF_UNIX, type, 0, &descriptors) == 0, "socketpair: \(errno)")
        near = Socket(adopting: descriptors[0])
        far = Socket(adopting: descriptors[1])
    }
}

extension Socket {
    /// Writes text, and says what came of it.
    func send(_ text: StaticString) -> IOResult {
        write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Reads once: what came of it, and the bytes as text.
    func receive(atMost count: Int = 1_024) -> (result: IOResult, text: String) {
        var bytes = [UInt8](repeating: 0, count: count)
        let result = bytes.withUnsafeMutableBytes { read(into: $0) }
        guard case .bytes(let count) = result else { return (result, "") }
        return (result, String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    /// Closes now rather than at the end of the scope.
    consuming func close() {}

    /// Sleeps until one of `events` of poll(2), for sockets that have a network between them.
    func wait(for events: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while poll(&request, 1, -1) < 0 {}
    }
}

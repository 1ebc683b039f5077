import Foundation

/// A blocking TCP socket of 127.0.0.1 that speaks in frames.
final class FrameSocket: @unchecked Sendable {
    let descriptor: Int32
    private let writing = NSLock()
    private var buffer: [UInt8] = []
    private var start = 0

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, 4)
    }

    /// - Parameter receiveBuffer: octets of the kernel's buffer; with a small one a client that does not read is felt.
    convenience init(port: UInt16, receiveBuffer: Int32? = nil) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        if var size = receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &size, 4) }
        var address = FrameSocket.loopback(port)
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, 16) }
        }
        guard result == 0 else {
            close(descriptor)
            throw HarnessError("cannot connect to port \(port): errno \(errno)")
        }
        self.init(adopting: descriptor)
    }

    static func loopback(_ port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    deinit { close(descriptor) }

    /// Both directions end; whoever reads sees the end.
    func shut() { shutdown(descriptor, Int32(SHUT_RDWR)) }
    func shutWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Ends both directions with RST.
    func abort() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<Glibc.linger>.size))
        // Another socket in its place closes it without giving the number away while a thread may use it.
        let other = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        dup2(other, descriptor)
        close(other)
    }

    /// Writes all of it, whole frames at a time whatever thread calls. False when the peer is gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        writing.withLock {
            var position = 0
            while position < bytes.count {
                let count = bytes.withUnsafeBytes {
                    send(
                        descriptor, $0.baseAddress?.advanced(by: position), bytes.count - position,
                        Int32(MSG_NOSIGNAL))
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                position += count
            }
            return true
        }
    }

    @discardableResult
    func write(_ frames: Frame...) -> Bool { write(frames.flatMap(\.bytes)) }

    /// The next frame; nil when the peer closed. Throws when nothing comes for `seconds`.
    func read(within seconds: Double) throws -> Frame? {
        let deadline = Patience.now + seconds
        while true {
            if let frame = takeFrame() { return frame }
            guard try fill(until: deadline) else { return nil }
        }
    }

    /// Exactly so many bytes; fewer when the peer closed.
    func readBytes(_ count: Int, within seconds: Double) throws -> [UInt8] {
        let deadline = Patience.now + seconds
        while buffer.count - start < count, try fill(until: deadline) {}
        let end = min(buffer.count, start + count)
        defer { start = end }
        return Array(buffer[start..<end])
    }

    /// Whatever bytes are there, of any protocol, until the peer closes.
    func readToEnd(within seconds: Double) throws -> [UInt8] {
        let deadline = Patience.now + seconds
        while try fill(until: deadline) {}
        return Array(buffer[start...])
    }

    private func takeFrame() -> Frame? {
        guard buffer.count - start >= 9 else { return nil }
        let head = buffer[start..<start + 9].map { Int($0) }
        let count = head[0] << 16 | head[1] << 8 | head[2]
        guard buffer.count - start >= 9 + count else { return nil }
        let stream = head[5..<9].reduce(0) { $0 << 8 | UInt32($1) }
        let payload = Array(buffer[start + 9..<start + 9 + count])
        start += 9 + count
        if start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        return Frame(type: UInt8(head[3]), flags: UInt8(head[4]), stream: stream & 0x7FFF_FFFF, payload)
    }

    /// False at the end of the stream, or when the peer reset it.
    private func fill(until deadline: Double) throws -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let left = Int32(max(0, (deadline - Patience.now) * 1_000).rounded(.up))
        let ready = Glibc.poll(&poll, 1, left)
        if ready < 0, errno == EINTR { return true }
        guard ready > 0 else { throw HarnessError("nothing came from the peer in time") }
        var room = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &room, room.count, 0)
        guard count > 0 else { return false }
        buffer += room[..<count]
        return true
    }
}

import CLinux
import Glibc
public import Model

extension Socket {
    /// Binds and listens.
    ///
    /// TCP: SO_REUSEADDR, so that a restart need not wait; an IPv6 address is IPv6 alone, so that `[::]:443` and
    /// `0.0.0.0:443` go side by side; accepted sockets inherit TCP_NODELAY. Unix: a socket file that nobody listens on
    /// any more is replaced; removing the file in the end is the caller's.
    /// - Parameters:
    ///   - reusePort: several sockets may listen there and the kernel spreads connections; ignored for Unix.
    ///   - backlog: connections that may wait; the kernel caps it at net.core.somaxconn.
    /// - Throws: EADDRINUSE, EACCES and others of bind(2); EINVAL for a name, which must have been resolved.
    public static func listen(on address: Address, reusePort: Bool, backlog: Int32) throws(SystemError) -> Socket {
        let socket = try bind(to: address, reusePort: reusePort)
        try socket.startListening(backlog: backlog)
        return socket
    }

    /// The first half of `listen`: the address is taken, and nobody comes yet.
    public static func bind(to address: Address, reusePort: Bool) throws(SystemError) -> Socket {
        var native = try address.native("bind")
        let family = clinux_address_family(&native)
        let socket = Socket(adopting: try SystemError.check(clinux_socket(family), "socket"))
        if family != Int32(clinux_family_unix.rawValue) {
            try SystemError.check(clinux_set_reuse_address(socket.descriptor), "setsockopt")
            try SystemError.check(clinux_set_no_delay(socket.descriptor), "setsockopt")
            if reusePort { try SystemError.check(clinux_set_reuse_port(socket.descriptor), "setsockopt") }
        }
        if family == Int32(clinux_family_v6.rawValue) {
            try SystemError.check(clinux_set_v6_only(socket.descriptor), "setsockopt")
        }
        var bound = clinux_bind(socket.descriptor, &native)
        if bound == -EADDRINUSE, family == Int32(clinux_family_unix.rawValue), clinux_is_stale_socket(&native) {
            unlink(clinux_address_path(&native))
            bound = clinux_bind(socket.descriptor, &native)
        }
        try SystemError.check(bound, "bind")
        return socket
    }

    /// The second half: the kernel lets connections wait here from now on.
    /// - Throws: EADDRINUSE, when another socket came to listen there since.
    public func startListening(backlog: Int32) throws(SystemError) {
        try SystemError.check(clinux_listen(descriptor, backlog), "listen")
    }

    /// Begins to connect, with TCP_NODELAY. Once the socket is writable, `pendingError` says how it went.
    /// - Throws: what the kernel knows at once: ENETUNREACH, a Unix socket's ECONNREFUSED, ENOENT or EAGAIN (its queue
    ///   is full), EMFILE; EINVAL for a name, which must have been resolved.
    public static func connect(to address: Address) throws(SystemError) -> Socket {
        var native = try address.native("connect")
        let family = clinux_address_family(&native)
        let socket = Socket(adopting: try SystemError.check(clinux_socket(family), "socket"))
        if family != Int32(clinux_family_unix.rawValue) { socket.setNoDelay() }
        let result = clinux_connect(socket.descriptor, &native)
        if result != -EINPROGRESS, result != -EINTR { try SystemError.check(result, "connect") }
        return socket
    }

    /// Takes one waiting connection, non-blocking. Those that died while they waited are passed over (accept(2): what
    /// ailed a connection is reported by the accept that would have returned it).
    public func accept() -> AcceptResult {
        while true {
            var native = clinux_address()
            let result = clinux_accept(descriptor, &native)
            if result >= 0 { return .accepted(Socket(adopting: result), peer: Peer(native)) }
            switch -result {
            case EAGAIN: return .wouldBlock
            case EMFILE, ENFILE, ENOMEM, ENOBUFS: return .exhausted(-result)
            case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENETUNREACH, EHOSTDOWN, EHOSTUNREACH, ENONET, ENOPROTOOPT:
                continue
            default: return .failed(-result)
            }
        }
    }
}

extension Address {
    /// - Parameter call: what the address is wanted for, to tell in the error.
    func native(_ call: StaticString) throws(SystemError) -> clinux_address {
        switch self {
        case .ip(let address, let port):
            return address.isIPv6
                ? clinux_address_v6(address.high, address.low, port)
                : clinux_address_v4(UInt32(truncatingIfNeeded: address.high >> 32), port)
        case .unix(let path):
            let native = clinux_address_unix(path)
            guard native.length > 0 else { throw SystemError(call: call, code: ENAMETOOLONG) }
            return native
        case .name: throw SystemError(call: call, code: EINVAL)
        }
    }

    init?(_ native: clinux_address) {
        var native = native
        switch clinux_address_family(&native) {
        case Int32(clinux_family_v4.rawValue), Int32(clinux_family_v6.rawValue):
            self = .ip(IPAddress(native), port: clinux_address_port(&native))
        case Int32(clinux_family_unix.rawValue):
            let path = withUnsafePointer(to: &native) { String(cString: clinux_address_path($0)) }
            guard !path.isEmpty else { return nil }
            self = .unix(path: path)
        default: return nil
        }
    }
}

extension IPAddress {
    /// 0.0.0.0 for a Unix socket.
    init(_ native: clinux_address) {
        var native = native
        switch clinux_address_family(&native) {
        case Int32(clinux_family_v4.rawValue):
            self.init(v4: UInt32(truncatingIfNeeded: clinux_address_high(&native) >> 32))
        case Int32(clinux_family_v6.rawValue):
            self.init(high: clinux_address_high(&native), low: clinux_address_low(&native))
        default: self.init(v4: 0)
        }
    }
}

extension Peer {
    init(_ native: clinux_address) {
        var native = native
        let family = clinux_address_family(&native)
        let isIP = family == Int32(clinux_family_v4.rawValue) || family == Int32(clinux_family_v6.rawValue)
        self.init(address: IPAddress(native), port: isIP ? clinux_address_port(&native) : 0, isUnix: !isIP)
    }
}

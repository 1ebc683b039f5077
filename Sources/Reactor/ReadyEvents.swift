/// What epoll says of one descriptor.
public struct ReadyEvents: OptionSet, Sendable, BitwiseCopyable {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Bytes, the peer's end of stream, or a connection to accept.
    @inlinable public static var readable: ReadyEvents { ReadyEvents(rawValue: 1) }
    /// Room to write; for a connection in progress: it is done or has failed (`Socket.pendingError`).
    @inlinable public static var writable: ReadyEvents { ReadyEvents(rawValue: 2) }
    /// The peer will send no more (EPOLLRDHUP or EPOLLHUP). Bytes may still be waiting to be read, and to be written.
    @inlinable public static var peerClosed: ReadyEvents { ReadyEvents(rawValue: 4) }
    /// Nothing goes either way any more (EPOLLHUP). Comes with `peerClosed`.
    @inlinable public static var hangup: ReadyEvents { ReadyEvents(rawValue: 8) }
    /// The socket has failed (EPOLLERR); reading, writing or `Socket.pendingError` says how.
    @inlinable public static var error: ReadyEvents { ReadyEvents(rawValue: 16) }
}

import CLinux
public import Model

/// A non-blocking stream socket (TCP over IPv4 or IPv6, or Unix), closed when it goes out of scope.
public struct Socket: ~Copyable, Sendable {
    /// Stays this socket's: only for registering it with a loop.
    public let descriptor: Int32

    /// Takes over a descriptor, which must be a non-blocking stream socket and nobody else's.
    public init(adopting descriptor: Int32) { self.descriptor = descriptor }

    deinit { _ = clinux_close(descriptor) }

    /// Gives the descriptor away, open.
    public consuming func release() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    /// A second descriptor for the same socket: how several workers share one Unix listener, for which SO_REUSEPORT
    /// does nothing.
    /// - Throws: EMFILE.
    public func duplicate() throws(SystemError) -> Socket {
        Socket(adopting: try SystemError.check(clinux_duplicate(descriptor), "fcntl"))
    }

    /// Reads what is there, at most `bytes.count` (at least 1).
    public func read(into bytes: UnsafeMutableRawBufferPointer) -> IOResult {
        precondition(bytes.count > 0, "a read into nothing looks like the end of the stream")
        let count = clinux_receive(descriptor, bytes.baseAddress, bytes.count)
        if count > 0 { return .bytes(count) }
        return count == 0 ? .endOfStream : Socket.failure(count)
    }

    /// Writes as much as fits. Never raises SIGPIPE: a peer that is gone is `.failed(EPIPE)` or `.failed(ECONNRESET)`.
    public func write(_ bytes: UnsafeRawBufferPointer) -> IOResult {
        let count = clinux_send(descriptor, bytes.baseAddress, bytes.count)
        return count >= 0 ? .bytes(count) : Socket.failure(count)
    }

    private static func failure(_ result: Int) -> IOResult {
        result == -Int(EAGAIN) ? .wouldBlock : .failed(Int32(truncatingIfNeeded: -result))
    }

    /// Sends FIN after what was written; reading goes on (half-close).
    public func shutdownWriting() { _ = clinux_shutdown_writing(descriptor) }

    /// SO_ERROR, which reading clears: 0 once a connection in progress is made, ECONNREFUSED and the like if it failed.
    public var pendingError: Int32 { clinux_pending_error(descriptor) }

    /// TCP_NODELAY. Connections made by `connect` and accepted from `listen` have it already.
    public func setNoDelay() { _ = clinux_set_no_delay(descriptor) }

    /// TCP_NOTSENT_LOWAT: the socket is writable only while fewer than so many bytes wait unsent in the kernel.
    public func setNotSentLowWater(_ bytes: Int32) { _ = clinux_set_not_sent_low_water(descriptor, bytes) }

    /// Closing sends RST and drops what is unsent, with no TIME_WAIT (SO_LINGER of 0 s).
    public func setLingerReset() { _ = clinux_set_linger_reset(descriptor) }

    /// Where it is bound, with the port that the kernel chose; nil for a Unix socket without a path.
    public func localAddress() -> Address? {
        var address = clinux_address()
        guard clinux_local_address(descriptor, &address) == 0 else { return nil }
        return Address(address)
    }
}

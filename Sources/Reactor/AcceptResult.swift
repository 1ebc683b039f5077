/// What `Socket.accept` came to.
public enum AcceptResult: ~Copyable {
    case accepted(Socket, peer: Peer)
    /// Nobody is waiting.
    case wouldBlock
    /// Descriptors or memory have run out (EMFILE, ENFILE, ENOMEM, ENOBUFS); Linux says so even when nobody is waiting.
    /// See `ReserveDescriptor`.
    case exhausted(Int32)
    /// The listener itself is broken: an errno.
    case failed(Int32)
}

/// What `Socket.accept` came to.
public enum AcceptResult: ~Copyable {
    case accepted(Socket, peer: Peer)
    /// Nobody is waiting.
    case wouldBlock
    /// A connection is waiting, but descriptors or memory have run out (EMFILE, ENFILE, ENOMEM, ENOBUFS): see
    /// `ReserveDescriptor`.
    case exhausted(Int32)
    /// The listener itself is broken: an errno.
    case failed(Int32)
}

/// What one read or write came to.
public enum IOResult: Equatable, Sendable {
    /// So many were read (at least 1) or written.
    case bytes(Int)
    case wouldBlock
    /// Reads only: the peer has finished sending.
    case endOfStream
    /// An errno; ECONNRESET: the peer sent RST.
    case failed(Int32)
}

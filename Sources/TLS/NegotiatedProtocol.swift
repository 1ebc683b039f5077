/// What ALPN settled on (RFC 7301).
public enum NegotiatedProtocol: UInt8, Sendable, BitwiseCopyable {
    /// The peer sent no ALPN, or the handshake is not over.
    case none
    /// `h2`, RFC 9113 §3.2.
    case h2
    /// `http/1.1`.
    case http11
}

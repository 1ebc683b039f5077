import COpenSSL

/// What a server gave a client to resume with (RFC 8446 §4.6.1, RFC 5077). Holds the peer's verified identity: resuming
/// skips the certificate, so use a ticket with the context and server name it came from only. Any thread.
public final class ResumptionTicket: @unchecked Sendable {
    let session: OpaquePointer

    /// Takes over one reference to `session`.
    init(_ session: OpaquePointer) { self.session = session }

    deinit { SSL_SESSION_free(session) }
}

extension Session {
    /// The newest ticket of this client session; nil when none came yet. In TLS 1.3 tickets follow the handshake, with
    /// the first bytes the server sends, and each should be used once (RFC 8446 §C.4).
    public var resumptionTicket: ResumptionTicket? {
        guard isEstablished, let session = SSL_get_session(ssl), SSL_SESSION_is_resumable(session) == 1 else {
            return nil
        }
        // A copy: OpenSSL spoils the original when this session ends without a close of its own.
        guard let copy = SSL_SESSION_dup(session) else {
            ERR_clear_error()
            return nil
        }
        return ResumptionTicket(copy)
    }
}

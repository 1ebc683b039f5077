import COpenSSL
import Model

/// One TLS connection, either side, over bytes: the caller owns sockets and buffers. One thread at a time.
///
///     handshaking ─Finished→ open ─close_notify→ closedByPeer
///          └──────────┴─ any fatal error → failed, for good
public final class Session {
    /// Where the connection stands after a call.
    public enum Status: Equatable, Sendable {
        /// No plaintext can pass yet.
        case handshaking
        case open
        /// The peer sent close_notify: nothing more will come; sending is still allowed (RFC 8446 §6.1).
        case closedByPeer
        /// A buffer was too small. What could not be handled is kept: flush, then receive again with empty input.
        case outputFull
        /// Over. `ciphertext` may hold an alert that the peer should still get.
        case failed(TLSError)
    }

    /// What one call did: bytes written to each buffer, and where that leaves the connection.
    public struct Progress: Equatable, Sendable {
        public var plaintextCount: Int
        public var ciphertextCount: Int
        public var status: Status

        init(plaintextCount: Int = 0, ciphertextCount: Int = 0, status: Status) {
            (self.plaintextCount, self.ciphertextCount, self.status) = (plaintextCount, ciphertextCount, status)
        }
    }

    let ssl: OpaquePointer
    let wire: UnsafeMutablePointer<COpenSSLWire>
    /// OpenSSL calls back into it for the name and the protocol.
    private let server: ServerContext?
    /// Said when the peer's certificate is for another. Empty on the server's side.
    let serverName: String
    /// Ends the session for good.
    var failure: TLSError?
    /// Ciphertext that a call could not handle for want of room. Empty in all normal life.
    var held: [UInt8] = []
    /// True from the moment both sides have proved themselves; stays true.
    public internal(set) var isEstablished = false
    var isClosedByPeer = false
    var isClosed = false
    var hasReceived = false

    /// A session of the accepting side.
    public init(server: ServerContext) throws(TLSError) {
        (ssl, wire) = try Session.make(server.first)
        self.server = server
        serverName = ""
        SSL_set_accept_state(ssl)
    }

    /// A session of the connecting side, which begins with `receive` of no input. `serverName` is what the certificate
    /// must be for: a DNS name, also sent as SNI, or an IP address, which SNI cannot carry (RFC 6066 §3).
    /// `resuming`: a ticket to offer; a server that does not take it does a full handshake.
    public init(
        client: ClientContext, serverName: String, resuming ticket: ResumptionTicket? = nil
    ) throws(TLSError) {
        (ssl, wire) = try Session.make(client.context)
        server = nil
        self.serverName = serverName
        SSL_set_connect_state(ssl)
        try name(serverName, verifies: client.verifies)
        if let ticket, SSL_set_session(ssl, ticket.session) != 1 { ERR_clear_error() }
    }

    deinit {
        SSL_free(ssl)
        wire.deallocate()
    }

    private static func make(
        _ context: OpaquePointer
    ) throws(TLSError) -> (OpaquePointer, UnsafeMutablePointer<COpenSSLWire>) {
        guard let ssl = SSL_new(context) else { throw TLSError.taken(.internalFailure) }
        let wire = UnsafeMutablePointer<COpenSSLWire>.allocate(capacity: 1)
        wire.initialize(to: COpenSSLWire())
        guard let bio = copenssl_wire_bio(wire) else {
            SSL_free(ssl)
            wire.deallocate()
            throw TLSError.taken(.internalFailure)
        }
        SSL_set_bio(ssl, bio, bio)
        return (ssl, wire)
    }

    private func name(_ name: String, verifies: Bool) throws(TLSError) {
        let invalid = TLSError(
            .serverNameInvalid, detail: "'\(name)': a server's name is a DNS name of 1 to 253 bytes or an IP address")
        guard (1...253).contains(name.utf8.count), !name.utf8.contains(0) else { throw invalid }
        if IPAddress(name) != nil {
            guard !verifies || X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name) == 1 else { throw invalid }
            return
        }
        // A SAN or nothing: RFC 9525 §6.3 took the subject's common name out of use.
        SSL_set_hostflags(ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
        guard copenssl_set_server_name(ssl, name) == 1, !verifies || SSL_set1_host(ssl, name) == 1 else {
            ERR_clear_error()
            throw invalid
        }
    }
}

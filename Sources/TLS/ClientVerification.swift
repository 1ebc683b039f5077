import COpenSSL

/// What a listener asks of its clients' certificates.
public struct ClientVerification: Equatable, Sendable {
    /// PEM file of the authorities that sign them.
    public let authoritiesPath: String
    /// A client without a certificate is turned away; otherwise it is let in, as nobody.
    public let isRequired: Bool

    public init(authoritiesPath: String, isRequired: Bool) {
        (self.authoritiesPath, self.isRequired) = (authoritiesPath, isRequired)
    }

    /// What tickets are bound to. Whoever resumes shows no certificate again, so a ticket from a listener that asked
    /// for less, or trusted others, must not do here: 32 bytes of these authorities and this demand.
    func ticketScope() throws(TLSError) -> [UInt8] {
        let file = try PEMFile(authoritiesPath, unreadable: .authoritiesUnreadable)
        return file.digest(behind: isRequired ? 1 : 0)
    }

    /// Has sessions of `context` ask for a certificate and verify it.
    func install(in context: OpaquePointer) throws(TLSError) {
        try TrustedAuthorities.load(authoritiesPath, into: context)
        guard let names = SSL_load_client_CA_file(authoritiesPath) else {
            throw TrustedAuthorities.malformed(authoritiesPath)
        }
        SSL_CTX_set_client_CA_list(context, names)
        let demand = isRequired ? SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT : SSL_VERIFY_PEER
        SSL_CTX_set_verify(context, demand, nil)
    }
}

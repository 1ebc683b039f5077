import COpenSSL

/// What sessions to upstreams share: whom to trust and which protocols to offer. Immutable, any thread.
public final class ClientContext: @unchecked Sendable {
    let context: OpaquePointer
    let verifies: Bool

    /// `authoritiesPath`: a PEM file or a hashed directory; nil: what the system trusts. Without `verifies` any
    /// certificate for any name will do. `protocols`: ALPN names to offer, preferred first; empty: no ALPN.
    public convenience init(
        authoritiesPath: String?, verifies: Bool = true, protocols: [String] = ["h2"]
    ) throws(TLSError) {
        try self.init(
            authoritiesPath: authoritiesPath, verifies: verifies, protocols: protocols, settings: ContextSettings())
    }

    init(
        authoritiesPath: String?, verifies: Bool, protocols: [String], settings: ContextSettings
    ) throws(TLSError) {
        self.verifies = verifies
        context = try settings.makeContext(isServer: false)
        let list = ProtocolList.encoded(protocols)
        // The one function of the library for which 0 is success.
        guard list.isEmpty || SSL_CTX_set_alpn_protos(context, list, UInt32(list.count)) == 0 else {
            throw TLSError.taken(.internalFailure)
        }
        guard verifies else { return }
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
        try TrustedAuthorities.load(authoritiesPath, into: context)
    }

    deinit { SSL_CTX_free(context) }
}

import COpenSSL

/// What both sides ask of every session (limits.md, E1). Tests loosen it to play an old or odd peer.
struct ContextSettings {
    var minimumVersion = TLS1_2_VERSION
    var maximumVersion = TLS1_3_VERSION
    /// TLS 1.2: ECDHE with an AEAD, nothing else. AES-128 first: it costs a third less than AES-256.
    var ciphers = """
        ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:\
        ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:\
        ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        """
    /// TLS 1.3, where the key exchange always is ephemeral.
    var suites = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
    /// Key exchange. X25519 is the cheapest and every client's first guess.
    var groups = "X25519:P-256:P-384"

    /// A fresh `SSL_CTX` with these settings; the caller frees it.
    func makeContext(isServer: Bool) throws(TLSError) -> OpaquePointer {
        guard Library.isReady, let context = SSL_CTX_new(isServer ? TLS_server_method() : TLS_client_method()) else {
            throw TLSError.taken(.internalFailure)
        }
        guard apply(to: context) else {
            SSL_CTX_free(context)
            throw TLSError.taken(.internalFailure)
        }
        return context
    }

    private func apply(to context: OpaquePointer) -> Bool {
        var options = COPENSSL_NO_RENEGOTIATION | COPENSSL_NO_COMPRESSION
        options |= COPENSSL_SERVER_PREFERENCE | COPENSSL_PRIORITIZE_CHACHA
        SSL_CTX_set_options(context, options)
        // A record's buffer is given back as soon as it is empty: 33 KiB less for each idle session.
        copenssl_set_mode(context, Int(SSL_MODE_RELEASE_BUFFERS))
        // One copy out of the caller's input takes all records that fit 16 KiB, rather than two for each record.
        copenssl_set_read_ahead(context)
        copenssl_disable_session_cache(context)
        return copenssl_set_minimum_version(context, minimumVersion) == 1
            && copenssl_set_maximum_version(context, maximumVersion) == 1
            && SSL_CTX_set_cipher_list(context, ciphers) == 1 && SSL_CTX_set_ciphersuites(context, suites) == 1
            && copenssl_set_groups(context, groups) == 1
    }
}

import COpenSSL

/// OpenSSL, once for the process.
enum Library {
    /// Read it before the first call of the library: memory functions can be set only while nothing is allocated.
    /// No cleanup at exit: it would free under the feet of workers that still run.
    static let isReady: Bool = {
        _ = copenssl_keep_record_buffers()
        return OPENSSL_init_ssl(UInt64(OPENSSL_INIT_NO_ATEXIT), nil) == 1
    }()

    /// Fills `bytes` from OpenSSL's generator of secrets.
    static func fillWithSecrets(_ bytes: UnsafeMutableRawBufferPointer) throws(TLSError) {
        let filled = RAND_priv_bytes(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(bytes.count))
        guard isReady, filled == 1 else { throw TLSError.taken(.internalFailure) }
    }
}

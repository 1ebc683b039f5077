import COpenSSL

/// A certificate in the making, with a key of its own.
final class Issued {
    let certificate: OpaquePointer
    let key: OpaquePointer

    /// `validity`: its first and last second, counted from now.
    init(subject: String, validity: (from: Int, until: Int)) throws(TLSError) {
        guard Library.isReady, let certificate = X509_new() else { throw TLSError.taken(.internalFailure) }
        guard let key = copenssl_make_p256_key() else {
            X509_free(certificate)
            throw TLSError.taken(.internalFailure)
        }
        (self.certificate, self.key) = (certificate, key)
        var serial: UInt64 = 0
        try withUnsafeMutableBytes(of: &serial) { bytes throws(TLSError) in try Library.fillWithSecrets(bytes) }
        let name = X509_get_subject_name(certificate)
        // 2 is X.509 v3. Serials are positive (RFC 5280 §4.1.2.2).
        let isFilled =
            X509_set_version(certificate, 2) == 1
            && ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate), serial >> 1 | 1) == 1
            && X509_gmtime_adj(X509_getm_notBefore(certificate), validity.from) != nil
            && X509_gmtime_adj(X509_getm_notAfter(certificate), validity.until) != nil
            && X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, subject, -1, -1, 0) == 1
            && X509_set_pubkey(certificate, key) == 1
        guard isFilled else { throw TLSError.taken(.internalFailure) }
    }

    deinit {
        X509_free(certificate)
        EVP_PKEY_free(key)
    }

    /// Adds an extension in OpenSSL's notation.
    func add(_ kind: Int32, _ value: String, issuer: Issued) throws(TLSError) {
        var context = X509V3_CTX()
        X509V3_set_ctx(&context, issuer.certificate, certificate, nil, nil, 0)
        guard let made = X509V3_EXT_conf_nid(nil, &context, kind, value) else { throw TLSError.taken(.internalFailure) }
        defer { X509_EXTENSION_free(made) }
        guard X509_add_ext(certificate, made, -1) == 1 else { throw TLSError.taken(.internalFailure) }
    }

    func sign(by issuer: Issued) throws(TLSError) {
        let isSigned =
            X509_set_issuer_name(certificate, X509_get_subject_name(issuer.certificate)) == 1
            && X509_sign(certificate, issuer.key, EVP_sha256()) > 0
        guard isSigned else { throw TLSError.taken(.internalFailure) }
    }
}

import COpenSSL
import Glibc
import Model

/// One certificate with its key, ready to serve: an `SSL_CTX`, and what is known about the certificate.
struct ServerCertificate {
    let context: OpaquePointer
    let summary: CertificateSummary

    /// Loads both files into a fresh context. The caller frees `context`.
    init(_ files: Configuration.Certificate, settings: ContextSettings) throws(TLSError) {
        let chain = try PEMFile(files.certificatePath, unreadable: .certificateUnreadable).certificates()
        defer { for certificate in chain { X509_free(certificate) } }
        let key = try PEMFile(files.keyPath, unreadable: .keyUnreadable).privateKey()
        defer { EVP_PKEY_free(key) }
        let context = try settings.makeContext(isServer: true)
        do {
            try ServerCertificate.install(chain, key, files, in: context)
        } catch {
            SSL_CTX_free(context)
            throw error
        }
        self.context = context
        summary = CertificateSummary(
            path: files.certificatePath, names: ServerCertificate.names(of: chain[0]),
            validFrom: ServerCertificate.unixSeconds(X509_get0_notBefore(chain[0])),
            validUntil: ServerCertificate.unixSeconds(X509_get0_notAfter(chain[0])))
    }

    private static func install(
        _ chain: [OpaquePointer], _ key: OpaquePointer, _ files: Configuration.Certificate, in context: OpaquePointer
    ) throws(TLSError) {
        if X509_check_private_key(chain[0], key) != 1 {
            throw TLSError.taken(
                .keyMismatch, detail: "\(files.keyPath): this key does not belong to \(files.certificatePath)")
        }
        var isGood = SSL_CTX_use_certificate(context, chain[0]) == 1 && SSL_CTX_use_PrivateKey(context, key) == 1
        for certificate in chain.dropFirst() where isGood {
            isGood = copenssl_add_chain_certificate(context, certificate) == 1
        }
        if isGood { return }
        let code = TLSError.takeCode()
        let words = TLSError.libraryText(code)
        throw TLSError(.certificateTooWeak, code: code, detail: "\(files.certificatePath): not usable: \(words)")
    }

    private static func names(of certificate: OpaquePointer) -> [String] {
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return [] }
        let names = OpaquePointer(found)
        defer { GENERAL_NAMES_free(names) }
        var list: [String] = []
        for index in 0..<copenssl_name_count(names) {
            var count: Int32 = 0
            guard let bytes = copenssl_dns_name(names, index, &count) else { continue }
            let name = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
            list.append(name.lowercased())
        }
        return list
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return Int64(timegm(&parts))
    }
}

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
        let alternatives = ServerCertificate.alternatives(of: chain[0])
        summary = CertificateSummary(
            path: files.certificatePath, names: alternatives.names, addresses: alternatives.addresses,
            subject: ServerCertificate.subject(of: chain[0]),
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

    /// DNS names and IP addresses of the SAN.
    private static func alternatives(of certificate: OpaquePointer) -> (names: [String], addresses: [String]) {
        guard let found = X509_get_ext_d2i(certificate, NID_subject_alt_name, nil, nil) else { return ([], []) }
        let alternatives = OpaquePointer(found)
        defer { GENERAL_NAMES_free(alternatives) }
        var (names, addresses): ([String], [String]) = ([], [])
        for index in 0..<copenssl_name_count(alternatives) {
            var count: Int32 = 0
            if let bytes = copenssl_dns_name(alternatives, index, &count) {
                let name = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
                names.append(name.lowercased())
            } else if let bytes = copenssl_ip_name(alternatives, index, &count) {
                let octets = UnsafeBufferPointer(start: bytes, count: Int(count))
                if let address = ServerCertificate.address(octets) { addresses.append(address.description) }
            }
        }
        return (names, addresses)
    }

    /// Four octets or sixteen (RFC 5280 §4.2.1.6); nil for another number.
    private static func address(_ octets: UnsafeBufferPointer<UInt8>) -> IPAddress? {
        func word(_ range: Range<Int>) -> UInt64 { octets[range].reduce(0) { $0 << 8 | UInt64($1) } }
        switch octets.count {
        case 4: return IPAddress(v4: UInt32(word(0..<4)))
        case 16: return IPAddress(high: word(0..<8), low: word(8..<16))
        default: return nil
        }
    }

    private static func subject(of certificate: OpaquePointer) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(output) }
        X509_NAME_print_ex(output, X509_get_subject_name(certificate), 0, copenssl_readable_names)
        var bytes: UnsafeMutablePointer<CChar>?
        let count = copenssl_memory_bytes(output, &bytes)
        guard let bytes, count > 0 else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64 {
        var parts = tm()
        guard ASN1_TIME_to_tm(time, &parts) == 1 else { return 0 }
        return Int64(timegm(&parts))
    }
}

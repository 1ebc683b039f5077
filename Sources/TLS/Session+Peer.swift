import COpenSSL

extension Session {
    /// The common name of the peer's certificate, as UTF-8: 1–255 bytes that a header field may carry (RFC 9110 §5.5).
    /// Nil: it showed none, none was asked for, or its name is empty or not fit for a field. A resumed session has the
    /// name of the one that its ticket came from. Allocates: once a connection.
    public var peerCommonName: [UInt8]? {
        guard isEstablished, let certificate = SSL_get0_peer_certificate(ssl),
            SSL_get_verify_result(ssl) == Int(X509_V_OK), let subject = X509_get_subject_name(certificate)
        else { return nil }
        // Of several the last one, which is the most specific.
        var place: Int32 = -1
        while true {
            let next = X509_NAME_get_index_by_NID(subject, NID_commonName, place)
            if next < 0 { break }
            place = next
        }
        guard place >= 0, let text = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, place)) else { return nil }
        return Session.fieldValue(text)
    }

    private static func fieldValue(_ text: UnsafePointer<ASN1_STRING>) -> [UInt8]? {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = ASN1_STRING_to_UTF8(&bytes, text)
        guard count >= 0, let bytes else {
            ERR_clear_error()
            return nil
        }
        defer { CRYPTO_free(bytes, nil, 0) }
        let name = [UInt8](UnsafeBufferPointer(start: bytes, count: Int(count)))
        return isFieldValue(name) ? name : nil
    }

    /// No control characters, no blank at either end: what would not come through a header field as it is.
    static func isFieldValue(_ name: [UInt8]) -> Bool {
        guard (1...255).contains(name.count), name.first != 32, name.last != 32 else { return false }
        return name.allSatisfy { $0 >= 32 && $0 != 127 }
    }
}

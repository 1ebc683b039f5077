import COpenSSL

extension TLSError: CustomStringConvertible {
    /// What happened and, where a person can do something about it, what. One line.
    public var text: String {
        if !detail.isEmpty { return detail }
        let library = TLSError.libraryText(code)
        return library.isEmpty ? reason.text : "\(reason.text) (\(library))"
    }

    public var description: String { text }

    /// OpenSSL's own words for a packed code; empty for 0 and for codes without words.
    static func libraryText(_ code: UInt) -> String {
        guard code != 0, let words = ERR_reason_error_string(code) else { return "" }
        return String(cString: words)
    }
}

extension TLSError.Reason {
    /// The reason in words, without the particulars.
    public var text: String {
        switch self {
        case .handshakeFailed: "the TLS handshake failed"
        case .noApplicationProtocol: "no application protocol in common (ALPN)"
        case .plainHTTP: "plain HTTP came to a TLS port; use https:// or a listener without tls"
        case .notTLS: "the peer does not speak TLS"
        case .unsupportedVersion: "no TLS version in common; 1.2 and 1.3 are spoken here"
        case .noSharedCipher: "no cipher suite in common; ECDHE with AES-GCM or ChaCha20-Poly1305 is spoken here"
        case .certificateUntrusted: "the peer's certificate does not lead to a trusted authority"
        case .certificateNameMismatch: "the peer's certificate is for another name"
        case .certificateExpired: "the peer's certificate has expired or is not valid yet"
        case .certificateRefused: "the peer refused our certificate"
        case .peerAlert: "the peer gave up with an alert"
        case .peerClosedUncleanly: "the peer closed the connection without close_notify"
        case .corruptRecord: "a TLS record is corrupt"
        case .certificateUnreadable: "a certificate file cannot be read"
        case .certificateMalformed: "a certificate file holds no usable certificate"
        case .certificateTooWeak: "a certificate's key or signature is too weak"
        case .keyUnreadable: "a key file cannot be read"
        case .keyMalformed: "a key file holds no usable key"
        case .keyMismatch: "a key does not belong to its certificate"
        case .authoritiesUnreadable: "the trusted authorities cannot be read"
        case .fileUnwritable: "a file cannot be written"
        case .serverNameInvalid: "the name of the server is not one that TLS can verify"
        case .sentAfterClose: "bytes were given to a session that is closed"
        case .internalFailure: "OpenSSL failed inside"
        }
    }
}

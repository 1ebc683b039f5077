import COpenSSL

extension TLSError {
    /// The oldest error of OpenSSL's SSL part on this thread, else the oldest of any: what lies on top is mostly
    /// consequence. Empties the queue, or the next call's result would be misread. 0: the queue was empty.
    static func takeCode() -> UInt {
        var first: UInt = 0
        var chosen: UInt = 0
        while true {
            let code = ERR_get_error()
            if code == 0 { break }
            if first == 0 { first = code }
            if chosen == 0, ERR_GET_LIB(code) == ERR_LIB_SSL { chosen = code }
        }
        return chosen == 0 ? first : chosen
    }

    /// Makes an error of what OpenSSL left on this thread's queue, and empties it.
    static func taken(_ reason: Reason, detail: String = "") -> TLSError {
        TLSError(reason, code: takeCode(), detail: detail)
    }

    /// What `code` means for a session; `isEstablished` tells a broken record from a failed handshake.
    static func reason(of code: UInt, isEstablished: Bool) -> Reason {
        guard ERR_GET_LIB(code) == ERR_LIB_SSL else { return isEstablished ? .corruptRecord : .handshakeFailed }
        switch ERR_GET_REASON(code) {
        case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: return .plainHTTP
        case SSL_R_NO_APPLICATION_PROTOCOL, SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: return .noApplicationProtocol
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_VERSION_TOO_LOW,
            SSL_R_NO_PROTOCOLS_AVAILABLE, SSL_R_BAD_PROTOCOL_VERSION_NUMBER:
            return .unsupportedVersion
        // Peers answer "version" and "cipher" with the same bare alert; only the server knows which it was.
        case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS: return .noSharedCipher
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_PACKET_LENGTH_TOO_LONG, SSL_R_RECORD_LENGTH_MISMATCH,
            SSL_R_UNEXPECTED_MESSAGE, SSL_R_UNEXPECTED_RECORD:
            return isEstablished ? .corruptRecord : .notTLS
        case SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC, SSL_R_DATA_LENGTH_TOO_LONG, SSL_R_ENCRYPTED_LENGTH_TOO_LONG,
            SSL_R_BAD_RECORD_TYPE, SSL_R_LENGTH_TOO_SHORT:
            return .corruptRecord
        case SSL_R_CERTIFICATE_VERIFY_FAILED: return .certificateUntrusted
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE,
            SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED,
            SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            return .certificateRefused
        // SSL_AD_REASON_OFFSET: what the peer said, by the number of its alert.
        case 1000...1255: return .peerAlert
        default: return isEstablished ? .corruptRecord : .handshakeFailed
        }
    }

    /// The error for a peer's certificate that did not verify (X509_V_ERR_*), said with the name that was asked for.
    static func verification(_ result: Int, code: UInt, serverName: String) -> TLSError {
        let words = String(cString: X509_verify_cert_error_string(result))
        let reason: Reason
        switch Int32(truncatingIfNeeded: result) {
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: reason = .certificateNameMismatch
        case X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID: reason = .certificateExpired
        default: reason = .certificateUntrusted
        }
        return TLSError(reason, code: code, detail: "\(serverName): \(reason.text) (\(words))")
    }

    /// Whether `bytes` begin as a request line or the HTTP/2 preface do: capitals, then a space. OpenSSL itself knows
    /// four methods only.
    static func looksLikeHTTP(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < bytes.count, index < 9, (65...90).contains(bytes[index]) { index += 1 }
        return index >= 3 && index < bytes.count && bytes[index] == 32
    }
}

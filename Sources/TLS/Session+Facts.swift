import COpenSSL
import Glibc

extension Session {
    /// What ALPN settled on; `none` before the handshake is over.
    public var negotiatedProtocol: NegotiatedProtocol {
        var bytes: UnsafePointer<UInt8>?
        var count: UInt32 = 0
        SSL_get0_alpn_selected(ssl, &bytes, &count)
        guard let bytes else { return .none }
        if count == 2, bytes[0] == UInt8(ascii: "h"), bytes[1] == UInt8(ascii: "2") { return .h2 }
        return count == 8 && memcmp(bytes, "http/1.1", 8) == 0 ? .http11 : .none
    }

    /// Whether a ticket spared the full handshake.
    public var wasResumed: Bool { SSL_session_reused(ssl) == 1 }

    /// `TLSv1.2` or `TLSv1.3`. For logs.
    public var versionText: String { String(cString: SSL_get_version(ssl)) }

    /// The cipher suite's name in OpenSSL's spelling; `(NONE)` before one is chosen. For logs.
    public var cipherText: String { String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))) }
}

import Crypto
import Foundation

/// `x-portolan-signature`: shows a receiver that a delivery is this edge's, whole and fresh.
public enum WebhookSignature {
    /// `t=SECONDS,v1=HEX`, HEX being HMAC-SHA256 (RFC 2104) with the secret over `SECONDS.BODY`.
    /// - Parameter seconds: since 1970, when it is sent: receivers refuse old ones, which somebody may have recorded.
    public static func text(secret: String, seconds: UInt64, body: [UInt8]) -> String {
        var mac = HMAC<SHA256>(key: SymmetricKey(data: Data(secret.utf8)))
        mac.update(data: Data("\(seconds).".utf8))
        mac.update(data: Data(body))
        return "t=\(seconds),v1=\(HexText.lowercase(mac.finalize()))"
    }
}

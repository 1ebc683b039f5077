/// Why a context could not be made or a session failed.
public struct TLSError: Error, Equatable, Sendable {
    /// Raw values live in logs and dashboards: append, never renumber.
    public enum Reason: UInt8, Sendable, CaseIterable, BitwiseCopyable {
        /// The peers could not agree, for a reason that has no case of its own.
        case handshakeFailed
        /// No protocol in common (RFC 7301 §3.2), found here or told by the peer's alert.
        case noApplicationProtocol
        /// A request in plain HTTP came to a TLS port.
        case plainHTTP
        /// The first bytes are no TLS record.
        case notTLS
        /// The peer speaks no version we do.
        case unsupportedVersion
        case noSharedCipher
        /// The peer's certificate, as a client sees it.
        case certificateUntrusted, certificateNameMismatch, certificateExpired
        /// The peer did not like our certificate (its alert).
        case certificateRefused
        /// Any other fatal alert of the peer.
        case peerAlert
        /// The transport ended without close_notify: what came last may be cut off (RFC 8446 §6.1).
        case peerClosedUncleanly
        /// A record that does not decrypt, or breaks the record layer's rules.
        case corruptRecord
        /// Files.
        case certificateUnreadable, certificateMalformed, certificateTooWeak
        case keyUnreadable, keyMalformed, keyMismatch
        case authoritiesUnreadable, fileUnwritable
        /// A name that can neither be asked for nor be verified.
        case serverNameInvalid
        /// `send` after `close`.
        case sentAfterClose
        /// OpenSSL failed where only lack of memory or a broken installation can be the cause.
        case internalFailure
    }

    public let reason: Reason
    /// OpenSSL's packed error code, or errno for files; 0 when neither has a say. For logs; never branched on.
    public let code: UInt
    /// The part of `text` that only the place of the failure knew; empty when code and reason say all.
    let detail: String

    init(_ reason: Reason, code: UInt = 0, detail: String = "") {
        (self.reason, self.code, self.detail) = (reason, code, detail)
    }
}

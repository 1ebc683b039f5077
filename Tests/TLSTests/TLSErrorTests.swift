import Testing

@testable import TLS

struct TLSErrorTests {
    @Test func everyReasonHasWordsOfItsOwn() {
        let texts = TLSError.Reason.allCases.map { TLSError($0).text }
        #expect(Set(texts).count == texts.count)
        for text in texts { #expect(!text.isEmpty && !text.contains("\n")) }
    }

    /// Raw values live in logs and dashboards.
    static let pinned: [(TLSError.Reason, UInt8)] = [
        (.handshakeFailed, 0), (.noApplicationProtocol, 1), (.plainHTTP, 2), (.notTLS, 3), (.unsupportedVersion, 4),
        (.noSharedCipher, 5), (.certificateUntrusted, 6), (.certificateNameMismatch, 7), (.certificateExpired, 8),
        (.certificateRefused, 9), (.peerAlert, 10), (.peerClosedUncleanly, 11), (.corruptRecord, 12),
        (.certificateUnreadable, 13), (.certificateMalformed, 14), (.certificateTooWeak, 15), (.keyUnreadable, 16),
        (.keyMalformed, 17), (.keyMismatch, 18), (.authoritiesUnreadable, 19), (.fileUnwritable, 20),
        (.serverNameInvalid, 21), (.sentAfterClose, 22), (.internalFailure, 23),
    ]
    @Test func rawValuesStay() {
        #expect(
            Self.pinned.map(\.0.rawValue) == Self.pinned.map(\.1) && Self.pinned.count == TLSError.Reason.allCases.count
        )
    }

    static let lines: [(String, Bool)] = [
        ("GET / HTTP/1.1", true), ("PRI * HTTP/2.0", true), ("OPTIONS *", true), ("PROPFIND /", true),
        ("GET", false), ("get / HTTP/1.1", false), ("SSH-2.0", false), ("", false), ("AB /", false),
        ("\u{16}\u{3}\u{1}", false),
    ]
    @Test("request lines, by their first bytes", arguments: lines)
    func knowsHTTP(line: String, isHTTP: Bool) {
        #expect(Array(line.utf8).withUnsafeBytes { TLSError.looksLikeHTTP($0) } == isHTTP)
    }
}

import COpenSSL
public import Model

/// A secret that signs short messages: HMAC-SHA256 (RFC 2104, FIPS 180-4) cut to its first 128 bits. What depends on
/// the secret alone is computed once. Immutable; any thread.
public final class MessageKey: @unchecked Sendable {
    public static let secretCount = 32
    public static let codeCount = 16

    private let state: UnsafeMutablePointer<COpenSSLMessageKey>

    /// - Parameter secret: `secretCount` octets; nobody else should know them.
    public init(_ secret: [UInt8]) {
        precondition(secret.count == MessageKey.secretCount, "a message key is made of 32 octets")
        _ = Library.isReady
        state = .allocate(capacity: 1)
        state.initialize(to: COpenSSLMessageKey())
        copenssl_message_key_set(state, secret, secret.count)
    }

    deinit {
        OPENSSL_cleanse(state, MemoryLayout<COpenSSLMessageKey>.size)
        state.deallocate()
    }

    /// Writes the message's code, `codeCount` octets. Allocates nothing.
    public func sign(_ message: ByteView, into code: UnsafeMutablePointer<UInt8>) {
        copenssl_message_code(state, message.base, message.count, code)
    }

    /// Whether `code` is the message's; takes as long whichever octet differs.
    public func verifies(_ message: ByteView, code: UnsafePointer<UInt8>) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: MessageKey.codeCount) { room in
            guard let own = room.baseAddress else { return false }
            sign(message, into: own)
            return CRYPTO_memcmp(own, code, MessageKey.codeCount) == 0
        }
    }
}

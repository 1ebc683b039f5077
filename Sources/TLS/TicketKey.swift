import COpenSSL

/// One key for session tickets: a name that travels in the clear, AES-256-CBC and HMAC-SHA256 (RFC 5077 §4).
struct TicketKey: BitwiseCopyable {
    private static let nameCount = 16
    private static let secretCount = 32

    private var name: InlineArray<16, UInt8>
    private var cipherKey: InlineArray<32, UInt8>
    private var macKey: InlineArray<32, UInt8>

    static func random() throws(TLSError) -> TicketKey {
        var key = TicketKey(
            name: InlineArray(repeating: 0), cipherKey: InlineArray(repeating: 0), macKey: InlineArray(repeating: 0))
        // A struct of bytes alone has neither padding nor references, so it may be filled as bytes.
        try withUnsafeMutableBytes(of: &key) { bytes throws(TLSError) in try Library.fillWithSecrets(bytes) }
        return key
    }

    func isNamed(_ other: UnsafePointer<UInt8>) -> Bool {
        for index in 0..<TicketKey.nameCount where name[index] != other[index] { return false }
        return true
    }

    /// Writes the name and a fresh vector, and sets both contexts up to seal.
    func seal(
        name place: UnsafeMutablePointer<UInt8>, vector: UnsafeMutablePointer<UInt8>, cipher: OpaquePointer,
        mac: OpaquePointer
    ) -> Bool {
        for index in 0..<TicketKey.nameCount { place[index] = name[index] }
        return RAND_bytes(vector, EVP_CIPHER_get_iv_length(TicketKey.algorithm)) == 1
            && withBytes(of: cipherKey) { EVP_EncryptInit_ex2(cipher, TicketKey.algorithm, $0, vector, nil) } == 1
            && withBytes(of: macKey) { copenssl_ticket_mac(mac, $0, TicketKey.secretCount) } == 1
    }

    func open(vector: UnsafePointer<UInt8>, cipher: OpaquePointer, mac: OpaquePointer) -> Bool {
        withBytes(of: macKey) { copenssl_ticket_mac(mac, $0, TicketKey.secretCount) } == 1
            && withBytes(of: cipherKey) { EVP_DecryptInit_ex2(cipher, TicketKey.algorithm, $0, vector, nil) } == 1
    }

    private func withBytes(of key: InlineArray<32, UInt8>, _ body: (UnsafePointer<UInt8>?) -> Int32) -> Int32 {
        withUnsafeBytes(of: key) { bytes in body(bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)) }
    }

    /// Fetched once: an implicit fetch takes locks and allocates, each time.
    nonisolated(unsafe) private static let algorithm = EVP_CIPHER_fetch(nil, "AES-256-CBC", nil)
}

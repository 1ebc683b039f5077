import COpenSSL

extension Session {
    /// RFC 8446 §5.1: no record carries more.
    private static let largestRecord = 16_384
    /// Header, nonce and tag of a record: 22 bytes in TLS 1.3, 29 in 1.2.
    private static let recordOverhead = 32
    /// A key update or an alert that waits to go first.
    private static let controlRoom = 512

    /// Room that `send` needs for `plaintextCount` bytes, whatever the version and cipher.
    public static func ciphertextBound(_ plaintextCount: Int) -> Int {
        plaintextCount + (plaintextCount / largestRecord + 1) * recordOverhead + controlRoom
    }

    /// Encrypts all of `plaintext` in records of at most 16 KiB; traps when `ciphertext` has less room than
    /// `ciphertextBound`. While the session handshakes, and after a failure, nothing is taken: the status says so.
    public func send(_ plaintext: UnsafeRawBufferPointer, ciphertext: UnsafeMutableRawBufferPointer) -> Progress {
        if let failure { return Progress(status: .failed(failure)) }
        if isClosed { return Progress(status: .failed(TLSError(.sentAfterClose))) }
        guard isEstablished else { return Progress(status: .handshaking) }
        precondition(ciphertext.count >= Session.ciphertextBound(plaintext.count), "too little room for the ciphertext")
        attach(UnsafeRawBufferPointer(start: nil, count: 0), ciphertext)
        var progress = Progress(status: isClosedByPeer ? .closedByPeer : .open)
        while progress.plaintextCount < plaintext.count, let base = plaintext.baseAddress {
            let count = min(plaintext.count - progress.plaintextCount, Int(Int32.max))
            let result = SSL_write(ssl, base + progress.plaintextCount, Int32(truncatingIfNeeded: count))
            if result <= 0 {
                progress.status = stalled(result, whenStarved: .open, UnsafeRawBufferPointer(start: nil, count: 0))
                break
            }
            progress.plaintextCount += Int(result)
        }
        progress.ciphertextCount = ciphertext.count - wire.pointee.outputRoom
        detach()
        return progress
    }

    /// Writes close_notify (RFC 8446 §6.1), once; the number of bytes written. 0 before the handshake is over, after a
    /// failure (the alert has said it) and when called again. Give at least `ciphertextBound(0)`.
    public func close(ciphertext: UnsafeMutableRawBufferPointer) -> Int {
        guard isEstablished, failure == nil, !isClosed else { return 0 }
        isClosed = true
        attach(UnsafeRawBufferPointer(start: nil, count: 0), ciphertext)
        defer { detach() }
        if SSL_shutdown(ssl) < 0 { ERR_clear_error() }
        return ciphertext.count - wire.pointee.outputRoom
    }
}

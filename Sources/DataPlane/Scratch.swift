import HTTP2
import TLS

/// A worker's buffers for bytes that pass within one call: what cannot leave at once is moved to a connection's queue.
final class Scratch {
    /// What one read may bring (limits.md, A12).
    static let inputCapacity = 65_536
    /// Frames of one flush, before encryption.
    static let stagingCapacity = HTTP2.Session.produceCapacity + 65_536

    let input: UnsafeMutableRawBufferPointer
    let plaintext: UnsafeMutableRawBufferPointer
    let staging: UnsafeMutableRawBufferPointer
    let ciphertext: UnsafeMutableRawBufferPointer

    init() {
        input = .allocate(byteCount: Scratch.inputCapacity, alignment: 64)
        // A record's rest that came earlier may be decrypted together with this read: one record more.
        plaintext = .allocate(byteCount: Scratch.inputCapacity + 17_408, alignment: 64)
        staging = .allocate(byteCount: Scratch.stagingCapacity, alignment: 64)
        ciphertext = .allocate(
            byteCount: max(65_536, TLS.Session.ciphertextBound(Scratch.stagingCapacity)), alignment: 64)
    }

    deinit {
        input.deallocate()
        plaintext.deallocate()
        staging.deallocate()
        ciphertext.deallocate()
    }
}

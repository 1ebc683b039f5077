import HTTP2
import TLS

/// The probe loop's memory for bytes on their way, used by one connection at a time.
final class ProbeScratch {
    let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 16_384, alignment: 16)
    let plaintext = UnsafeMutableRawBufferPointer.allocate(byteCount: 65_536, alignment: 16)
    let ciphertext = UnsafeMutableRawBufferPointer.allocate(
        byteCount: max(65_536, TLS.Session.ciphertextBound(HTTP2.Session.produceCapacity)), alignment: 16)
    let output = UnsafeMutableRawBufferPointer.allocate(byteCount: HTTP2.Session.produceCapacity, alignment: 16)

    deinit {
        input.deallocate()
        plaintext.deallocate()
        ciphertext.deallocate()
        output.deallocate()
    }
}

import COpenSSL
import Glibc

/// PEM text on its way to a file.
enum PEMOutput {
    /// Runs `body` (1: success) over a buffer and writes the result, so that a file is never half of something.
    static func write(
        to path: String, mode: mode_t, _ body: (OpaquePointer) -> Int32
    ) throws(TLSError) {
        guard let buffer = BIO_new(BIO_s_secmem()) else { throw TLSError.taken(.internalFailure) }
        defer { BIO_free(buffer) }
        guard body(buffer) == 1 else { throw TLSError.taken(.internalFailure) }
        var bytes: UnsafeMutablePointer<CChar>?
        let count = copenssl_memory_bytes(buffer, &bytes)
        try replace(path, mode, UnsafeRawBufferPointer(start: bytes, count: count))
    }

    static func unwritable(_ path: String, _ code: Int32) -> TLSError {
        let words = String(cString: strerror(code))
        return TLSError(.fileUnwritable, code: UInt(code), detail: "\(path): cannot be written: \(words)")
    }

    /// A new file beside the old, then a rename: the mode holds from the first byte, and readers see old or new.
    private static func replace(_ path: String, _ mode: mode_t, _ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        let fresh = "\(path).new"
        unlink(fresh)
        let descriptor = Glibc.open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw unwritable(path, errno) }
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            written += count
        }
        let isWhole = written == bytes.count
        guard Glibc.close(descriptor) == 0, isWhole, rename(fresh, path) == 0 else {
            let code = errno
            unlink(fresh)
            throw unwritable(path, code)
        }
    }
}

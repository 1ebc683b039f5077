import COpenSSL
import Glibc

/// A certificate or key file, read whole. Its bytes are wiped when it goes.
struct PEMFile: ~Copyable {
    /// Far above any chain of certificates, far below what a mistaken path (a log, a device) could pull in.
    private static let largest = 1 << 20
    private static let hint = "give the right path, or run make certs for development certificates"

    let path: String
    private let bytes: UnsafeMutableRawBufferPointer

    /// `reason` is what an unreadable file is reported as.
    init(_ path: String, unreadable reason: TLSError.Reason) throws(TLSError) {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PEMFile.unreadable(path, reason, errno) }
        defer { Glibc.close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: PEMFile.largest, alignment: 16)
        var count = 0
        while count < buffer.count {
            let got = Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
            if got == 0 { break }
            if got < 0 {
                if errno == EINTR { continue }
                let code = errno
                buffer.deallocate()
                throw PEMFile.unreadable(path, reason, code)
            }
            count += got
        }
        self.path = path
        bytes = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
    }

    deinit {
        OPENSSL_cleanse(bytes.baseAddress, bytes.count)
        bytes.deallocate()
    }

    private static func unreadable(_ path: String, _ reason: TLSError.Reason, _ code: Int32) -> TLSError {
        let advice = code == ENOENT ? "; \(hint)" : ""
        return TLSError(
            reason, code: UInt(code), detail: "\(path): cannot be read: \(String(cString: strerror(code)))\(advice)")
    }

    /// SHA-256 of `first` and the file's bytes.
    func digest(behind first: UInt8) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        let content = [first] + bytes
        let made = EVP_Digest(content, content.count, &digest, nil, EVP_sha256(), nil)
        precondition(made == 1, "OpenSSL has no SHA-256")
        return digest
    }

    /// The first certificate and those that follow it, its chain. The caller frees each.
    func certificates() throws(TLSError) -> [OpaquePointer] {
        let source = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
        defer { BIO_free(source) }
        var found: [OpaquePointer] = []
        while let certificate = PEM_read_bio_X509(source, nil, copenssl_no_passphrase, nil) {
            found.append(certificate)
        }
        // At the end of a good file the search for one more leaves "no start line"; anything else is a broken block.
        let isAtEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
        let code = TLSError.takeCode()
        if isAtEnd, !found.isEmpty { return found }
        for certificate in found { X509_free(certificate) }
        let what = isAtEnd ? "no certificate in PEM form" : "certificate \(found.count + 1) is broken"
        let words = TLSError.libraryText(code)
        throw TLSError(.certificateMalformed, code: code, detail: "\(path): \(what): \(words); \(PEMFile.hint)")
    }

    /// The private key. The caller frees it.
    func privateKey() throws(TLSError) -> OpaquePointer {
        let source = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
        defer { BIO_free(source) }
        var wasAsked: Int32 = 0
        if let key = PEM_read_bio_PrivateKey(source, nil, copenssl_no_passphrase, &wasAsked) {
            ERR_clear_error()
            return key
        }
        let code = TLSError.takeCode()
        let what = wasAsked != 0 ? "the key needs a passphrase: store it without one" : "no private key in PEM form"
        let words = TLSError.libraryText(code)
        throw TLSError(.keyMalformed, code: code, detail: "\(path): \(what): \(words); \(PEMFile.hint)")
    }
}

import COpenSSL
import Glibc

/// The authorities whose certificates a context believes.
enum TrustedAuthorities {
    /// `path`: a PEM file or a hashed directory; nil: what the system trusts.
    static func load(_ path: String?, into context: OpaquePointer) throws(TLSError) {
        guard let path else {
            guard SSL_CTX_set_default_verify_paths(context) == 1 else { throw TLSError.taken(.authoritiesUnreadable) }
            return
        }
        var status = stat()
        guard stat(path, &status) == 0 else {
            let words = String(cString: strerror(errno))
            throw TLSError(.authoritiesUnreadable, code: UInt(errno), detail: "\(path): cannot be read: \(words)")
        }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        let loaded = SSL_CTX_load_verify_locations(context, isFolder ? nil : path, isFolder ? path : nil)
        if loaded == 1 {
            ERR_clear_error()
            return
        }
        throw malformed(path)
    }

    static func malformed(_ path: String) -> TLSError {
        let code = TLSError.takeCode()
        let words = TLSError.libraryText(code)
        return TLSError(
            .authoritiesUnreadable, code: code, detail: "\(path): no trusted authorities in PEM form: \(words)")
    }
}

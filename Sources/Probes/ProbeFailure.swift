import Glibc

/// Why a probe failed, in words for operators.
struct ProbeFailure: Error, Equatable {
    let detail: String
    /// The connection ended without a word of answer. On one kept from an earlier probe that says only that the
    /// endpoint closes idle connections: the probe begins again on a new one.
    let isSilentEnd: Bool

    init(_ detail: String, isSilentEnd: Bool = false) { (self.detail, self.isSilentEnd) = (detail, isSilentEnd) }

    /// A failed connect, read or write by its errno.
    init(errno code: Int32) {
        switch code {
        case ECONNREFUSED: self.init("connection refused")
        case ECONNRESET, EPIPE: self.init("connection reset before an answer", isSilentEnd: true)
        case EHOSTUNREACH, ENETUNREACH: self.init("no route to the address")
        case ETIMEDOUT: self.init("connection timed out")
        case ENOENT: self.init("no such socket file")
        case EMFILE, ENFILE: self.init("the edge has no descriptor left")
        default: self.init(String(cString: strerror(code)).lowercased())
        }
    }

    static let closed = ProbeFailure("connection closed before an answer", isSilentEnd: true)
    static let notHTTP2 = ProbeFailure("the endpoint does not speak HTTP/2")
    static let tooMuch = ProbeFailure("more than 1 MiB received for one probe")
}

import Glibc

/// Why a connection of the demo ended, in plain words.
struct LinkFailure: Error, Equatable {
    let text: String
    init(_ text: String) { self.text = text }

    init(errno code: Int32) {
        switch code {
        case ECONNREFUSED: self.init("connection refused")
        case ECONNRESET, EPIPE: self.init("connection reset")
        default: self.init(String(cString: strerror(code)).lowercased())
        }
    }

    static let closed = LinkFailure("connection closed")
    static let notHTTP2 = LinkFailure("the peer does not speak HTTP/2")
}

import AsyncHTTPClient

/// Why no answer came, and what that says about the request.
enum ConnectionFault: Equatable {
    /// Nobody took it.
    case refused(String)
    /// The connection broke: it may have been taken.
    case broken(String)
    /// It was taken, perhaps, and time ran out.
    case silent(String)

    var words: String {
        switch self {
        case .refused(let words), .broken(let words), .silent(let words): words
        }
    }

    /// By what the network says; only the part of it that says something to an operator is kept.
    init(_ error: any Error) {
        if let error = error as? HTTPClientError {
            let words = error.shortDescription.lowercased()
            switch error {
            case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .emptyHost:
                self = .refused(words)
            case .readTimeout, .writeTimeout, .deadlineExceeded: self = .silent(words)
            default: self = .broken(words)
            }
            return
        }
        let text = "\(error)"
        func says(_ part: String) -> Bool { text.localizedCaseInsensitiveContains(part) }
        let known = [
            "connection refused", "permission denied", "no such file or directory", "no route to host",
            "network is unreachable", "name or service not known",
        ]
        if let found = known.first(where: says) {
            self = .refused(found)
        } else if says("certificate verify failed") || says("CERTIFICATE_VERIFY_FAILED") {
            self = .refused("its certificate is not trusted: name its authority with --cacert or PORTOLAN_CACERT")
        } else if says("unableToValidateCertificate") || says("noSANMatch") || says("hostname") {
            self = .refused("its certificate is for another name than the one in --admin")
        } else if says("CERTIFICATE_REQUIRED") || says("handshake") {
            self = .refused("the TLS handshake failed: a client certificate (--cert, --key) may be missing")
        } else if says("connection reset") || says("broken pipe") || says("eof") {
            self = .broken("the connection broke")
        } else {
            self = .broken(text.split(separator: "\n").first.map(String.init) ?? "the connection failed")
        }
    }
}

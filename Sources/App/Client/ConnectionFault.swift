import AsyncHTTPClient

/// Why no answer came, and what that says about the request.
enum ConnectionFault: Equatable {
    /// Nobody took it.
    case refused(String)
    /// The socket is there, and not ours to open.
    case forbidden
    /// One of the two ends does not trust the other: nothing was sent.
    case distrusted(String)
    /// The connection broke: it may have been taken.
    case broken(String)
    /// It was taken, perhaps, and time ran out.
    case silent(String)

    var words: String {
        switch self {
        case .forbidden: "permission denied"
        case .refused(let words), .distrusted(let words), .broken(let words), .silent(let words): words
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
            "connection refused", "no such file or directory", "no route to host", "network is unreachable",
            "name or service not known",
        ]
        if says("permission denied") {
            self = .forbidden
        } else if let found = known.first(where: says) {
            self = .refused(found)
        } else if let words = ConnectionFault.distrust.first(where: { row in row.parts.contains(where: says) })?.words {
            self = .distrusted(words)
        } else if says("connection reset") || says("broken pipe") || says("eof") || says("uncleanShutdown") {
            self = .broken("the connection broke")
        } else {
            self = .broken(text.split(separator: "\n").first.map(String.init) ?? "the connection failed")
        }
    }

    /// Parts of what TLS says, and what it means.
    private static let distrust: [(parts: [String], words: String)] = [
        (["WRONG_VERSION_NUMBER"], "it speaks no TLS there: is it http://?"),
        (
            ["CERTIFICATE_VERIFY_FAILED", "certificate verify failed"],
            "its certificate is not trusted: name its authority with --cacert or PORTOLAN_CACERT"
        ),
        (
            ["unableToValidateCertificate", "noSANMatch", "hostname"],
            "its certificate is for another name than the one in --admin"
        ),
        (["failedToLoadPrivateKey"], "--key is not the key of --cert"),
        (
            ["CERTIFICATE_REQUIRED", "handshake"],
            "the TLS handshake failed: it may want a client certificate (--cert, --key)"
        ),
    ]
}

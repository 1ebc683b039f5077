extension Kind where T == String {
    /// Bytes of a token (RFC 9110 §5.6.2).
    private static func isToken(_ text: String) -> Bool {
        let others = Set("!#$%&'*+-.^_`|~".utf8)
        return !text.isEmpty && text.utf8.count <= 256
            && text.utf8.allSatisfy { (97...122).contains($0 | 0x20) || (48...57).contains($0) || others.contains($0) }
    }

    static var method: Kind {
        Kind("a method in capitals such as GET") { text in
            guard isToken(text) else { return .wrong() }
            return text == text.uppercased()
                ? .value(text) : .wrong(right: "\(text.uppercased()), methods are in capitals")
        }
    }

    /// Lower case, as HTTP/2 sends it (RFC 9113 §8.2).
    static var headerName: Kind {
        Kind("a header's name such as x-user-id") { text in
            if text.hasPrefix(":") { return .wrong(", which is a pseudo-header", right: "an ordinary header's name") }
            return isToken(text) ? .value(text.lowercased()) : .wrong()
        }
    }

    /// A header that a client sends and Portolan reads a key from.
    static var keyHeader: Kind {
        headerName.demanding { name in
            isReserved(name)
                ? (", which Portolan or the protocol gives its own meaning", "another header, such as x-user-id") : nil
        }
    }

    /// A header that a route may add or remove: none that frames the message or that Portolan speaks for itself.
    static var changeableHeader: Kind {
        headerName.demanding { name in
            if hopByHop.contains(name) { return (", which belongs to one connection", "an end-to-end header") }
            if framing.contains(name) { return (", which the message itself decides", "another header") }
            if isReserved(name) { return (", which Portolan sets itself", "a header of your own") }
            return nil
        }
    }

    /// A header's value (RFC 9110 §5.5), which may be a credential.
    static var headerValue: Kind {
        var kind = text(upTo: 4_096).demanding { text in
            text.hasPrefix(" ") || text.hasSuffix(" ")
                ? (", with a space at an end", "a value without spaces around it") : nil
        }
        kind.isSecret = true
        return kind
    }

    /// RFC 9110 §7.6.1, RFC 9113 §8.2.2.
    private static var hopByHop: Set<String> {
        [
            "connection", "keep-alive", "proxy-connection", "proxy-authenticate", "proxy-authorization", "te",
            "trailer",
            "transfer-encoding", "upgrade", "http2-settings",
        ]
    }
    private static var framing: Set<String> { ["content-length", "host", "via", "date"] }

    private static func isReserved(_ name: String) -> Bool {
        name.hasPrefix("x-portolan-") || hopByHop.contains(name) || framing.contains(name) || name == "x-region"
    }
}

extension Kind where T == ClosedRange<Int> {
    /// One status, or a range as `200-299`.
    static var statuses: Kind {
        Kind("a status from 100 to 599 or a range such as 200-299") { text in
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
                Kind<Int>.number(String(part), in: 100...599)
            }
            guard (1...2).contains(ends.count), let first = ends.first ?? nil, let last = ends.last ?? nil,
                first <= last
            else { return .wrong() }
            return .value(first...last)
        }
    }
}

extension Kind where T == String {
    /// What regions, cells, routes, datasets, listeners and jurisdictions are called: a label of metrics, a word in a
    /// header and in `drain use-a`, hence narrow.
    static func name(_ example: String) -> Kind {
        Kind("1 to 63 of a-z, 0-9, - and _, beginning with a letter or digit, such as \(example)") { text in
            isName(text, extra: []) ? .value(text) : .wrong()
        }
    }

    /// An edge's name, which `via` carries (RFC 9110 §7.6.3): dots too.
    static var edgeName: Kind {
        Kind("1 to 63 of a-z, 0-9, -, _ and ., beginning with a letter or digit, such as edge-1") { text in
            isName(text, extra: [46]) ? .value(text) : .wrong()
        }
    }

    private static func isName(_ text: String, extra: Set<UInt8>) -> Bool {
        let isPlain = { (byte: UInt8) in (97...122).contains(byte) || (48...57).contains(byte) }
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, isPlain(first) else { return false }
        return text.utf8.allSatisfy { isPlain($0) || $0 == 45 || $0 == 95 || extra.contains($0) }
    }

    /// A tenant as its header says it: visible ASCII; no comma, which separates the columns of `pins_file`.
    static var tenant: Kind {
        Kind("1 to 128 visible ASCII characters without a comma, such as acme") { text in
            let isTenant = text.utf8.allSatisfy { (33...126).contains($0) && $0 != 44 }
            return isTenant && (1...128).contains(text.utf8.count) ? .value(text) : .wrong()
        }
    }

    /// A name given elsewhere in the file.
    static func known(_ known: KnownNames) -> Kind {
        let list = known.names.isEmpty ? "none are configured" : "one of \(known.names.joined(separator: ", "))"
        return Kind("a \(known.what): \(list)") { text in
            if known.names.contains(text) || !known.isComplete { return .value(text) }
            let suggestion = Suggestion.nearest(to: text, among: known.names).map { "did you mean \"\($0)\"?" }
            return .wrong(", which is no \(known.what) here", right: suggestion ?? list)
        }
    }

    /// A path of the file system, made absolute.
    static func path(_ reading: Reading) -> Kind {
        Kind("a path, relative to this file's folder or absolute") { text in
            text.isEmpty || hasControls(text) ? .wrong() : .value(reading.absolutePath(text))
        }
    }

    /// A request path or the beginning of one.
    static func requestPath(_ example: String) -> Kind {
        Kind("a path that begins with /, without spaces, ? and #, such as \(example)") { text in
            let isPath = text.utf8.allSatisfy { (33...126).contains($0) && $0 != 35 && $0 != 63 }
            return isPath && text.hasPrefix("/") ? .value(text) : .wrong()
        }
    }

    /// Any text of 1 to `most` bytes without control characters.
    static func text(upTo most: Int) -> Kind {
        Kind("a text of 1 to \(most) bytes on one line") { text in
            (1...most).contains(text.utf8.count) && !hasControls(text) ? .value(text) : .wrong()
        }
    }

    static func hasControls(_ text: String) -> Bool { text.utf8.contains { $0 < 32 || $0 == 127 } }
}

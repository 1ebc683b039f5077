extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or RFC 4291 §2.2 text (with at most one `::` and no zone). Nil for anything else.
    public init?(_ text: some StringProtocol) {
        if text.contains(":") {
            guard let groups = IPAddress.groups(of: text) else { return nil }
            let words = groups.map(UInt64.init)
            self.init(
                high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
                low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
        } else {
            guard let value = IPAddress.dotted(text) else { return nil }
            self.init(v4: value)
        }
    }

    private static func dotted(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.utf8.allSatisfy({ (48...57).contains($0) }),
                part.count == 1 || part.first != "0", let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func groups(of text: some StringProtocol) -> [UInt16]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        // Dotted decimal may only end the address (RFC 4291 §2.2), so not stand before a `::`.
        guard halves.count <= 2, let head = words(halves[0], mayEndDotted: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return head.count == 8 ? head : nil }
        guard let tail = words(halves[1], mayEndDotted: true), head.count + tail.count < 8 else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func words(_ text: some StringProtocol, mayEndDotted: Bool) -> [UInt16]? {
        if text.isEmpty { return [] }
        var words: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if mayEndDotted, index == parts.count - 1, part.contains(".") {
                guard let v4 = dotted(part) else { return nil }
                words += [UInt16(v4 >> 16), UInt16(v4 & 0xFFFF)]
            } else {
                guard (1...4).contains(part.count), part.allSatisfy(\.isHexDigit), let word = UInt16(part, radix: 16)
                else { return nil }
                words.append(word)
            }
        }
        return words
    }

    public var description: String {
        guard isIPv6 else { return (0..<4).map { String(byte($0)) }.joined(separator: ".") }
        let words = (0..<8).map { UInt16(byte(2 * $0)) << 8 | UInt16(byte(2 * $0 + 1)) }
        let zeros = longestZeroRun(words)
        let text = { (part: ArraySlice<UInt16>) in part.map { String($0, radix: 16) }.joined(separator: ":") }
        guard zeros.count > 1 else { return text(words[...]) }
        return text(words[..<zeros.lowerBound]) + "::" + text(words[zeros.upperBound...])
    }

    private func longestZeroRun(_ words: [UInt16]) -> Range<Int> {
        var best = 0..<0
        var start: Int?
        for (index, word) in (words + [1]).enumerated() {
            if word == 0, index < 8 {
                start = start ?? index
            } else if let first = start {
                if index - first > best.count { best = first..<index }
                start = nil
            }
        }
        return best
    }
}

extension Address: CustomStringConvertible {
    /// `IPv4:port`, `[IPv6]:port`, `unix:PATH` or `name:port`; port 1–65535, or 0 where the kernel shall choose.
    public init?(_ text: String) {
        if text.hasPrefix("unix:") {
            let path = String(text.dropFirst(5))
            guard !path.isEmpty, path.utf8.count < 108, !path.utf8.contains(0) else { return nil }  // sun_path, unix(7)
            self = .unix(path: path)
            return
        }
        guard let colon = text.lastIndex(of: ":"), let port = Address.port(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            guard let address = IPAddress(host.dropFirst().dropLast()), address.isIPv6 else { return nil }
            self = .ip(address, port: port)
        } else if let address = IPAddress(host), !address.isIPv6 {
            self = .ip(address, port: port)
        } else {
            guard Address.isName(host) else { return nil }
            self = .name(String(host).lowercased(), port: port)
        }
    }

    private static func port(_ text: Substring) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt16(text)
    }

    /// A host name as RFC 1123 §2.1 has it; a name of digits and dots alone is a broken address, not a name.
    private static func isName(_ host: Substring) -> Bool {
        guard (1...253).contains(host.utf8.count) else { return false }
        let labels = host.split(separator: ".", omittingEmptySubsequences: false)
        let areLabels = labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && label.first != "-" && label.last != "-"
                && label.utf8.allSatisfy { isLabelByte($0) }
        }
        return areLabels && labels.last?.allSatisfy(\.isNumber) == false
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        (97...122).contains(byte | 0x20) || (48...57).contains(byte) || byte == 45 || byte == 95
    }

    public var description: String {
        switch self {
        case .ip(let address, let port): address.isIPv6 ? "[\(address)]:\(port)" : "\(address):\(port)"
        case .unix(let path): "unix:\(path)"
        case .name(let name, let port): "\(name):\(port)"
        }
    }
}

extension AddressRange: CustomStringConvertible {
    /// `10.0.0.0/8`, `::1/128`, or a bare address, which stands for itself. Nil when host bits are set.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = IPAddress(parts[0]) else { return nil }
        let width: UInt8 = address.isIPv6 ? 128 : 32
        // UInt8 alone would take a sign.
        guard parts.count == 1 || parts[1].utf8.allSatisfy({ (48...57).contains($0) }),
            let length = parts.count == 2 ? UInt8(parts[1]) : width, length <= width
        else { return nil }
        self.init(address: address, prefixLength: length)
        guard isCanonical else { return nil }
    }

    private var isCanonical: Bool {
        let bits = Int(prefixLength)
        return (bits..<(address.isIPv6 ? 128 : 32)).allSatisfy { address.byte($0 / 8) & (0x80 >> ($0 % 8)) == 0 }
    }

    public var description: String { "\(address)/\(prefixLength)" }
}

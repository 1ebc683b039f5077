import Glibc
import HTTP2
import Model

/// The cookie that carries a session token (RFC 6265bis: the prefix binds it to the host, the path `/` and TLS).
enum SessionCookie {
    static var name: ByteView { "__Host-portolan=" }
    private static var attributes: ByteView { "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" }

    /// Takes our pairs out of the `cookie` field at `index` and leaves the others as they are, byte for byte; the first
    /// of ours is noted in `token`.
    ///
    /// - Returns: true when nothing else was in the field, which is then to be removed.
    static func take(from block: HeaderBlock, at index: Int, _ token: inout ByteView) -> Bool {
        let value = block.value(index)
        guard contains(value) else { return false }
        let kept = block.allocate(value.count)
        var keptCount = 0
        var rest = value
        while !rest.isEmpty {
            let end = length(ofPairIn: rest)
            let pair = rest.prefix(end)
            rest = rest.dropFirst(end + 1)
            let text = trimmed(pair)
            if text.hasPrefix(name) {
                if token.isAbsent { token = block.keep(text.dropFirst(name.count), upTo: SessionToken.textCount + 1) }
            } else {
                // The first that stays has no separator before it.
                let bytes = keptCount == 0 ? text : pair
                if keptCount > 0 { kept[keptCount] = UInt8(ascii: ";") }
                let start = keptCount == 0 ? 0 : keptCount + 1
                if let base = bytes.base { (kept + start).update(from: base, count: bytes.count) }
                keptCount = start + bytes.count
            }
        }
        if keptCount == 0 { return true }
        block.replace(index, held: ByteView(base: kept, count: keptCount))
        return false
    }

    private static func contains(_ value: ByteView) -> Bool {
        var rest = value
        while rest.count >= name.count {
            let end = length(ofPairIn: rest)
            if trimmed(rest.prefix(end)).hasPrefix(name) { return true }
            rest = rest.dropFirst(end + 1)
        }
        return false
    }

    private static func length(ofPairIn value: ByteView) -> Int {
        guard let base = value.base, let found = memchr(base, Int32(UInt8(ascii: ";")), value.count) else {
            return value.count
        }
        return UnsafeRawPointer(base).distance(to: UnsafeRawPointer(found))
    }

    private static func trimmed(_ pair: ByteView) -> ByteView {
        var pair = pair
        while !pair.isEmpty, pair[0] == 32 || pair[0] == 9 { pair = pair.dropFirst(1) }
        while !pair.isEmpty, pair[pair.count - 1] == 32 || pair[pair.count - 1] == 9 { pair = pair.dropLast(1) }
        return pair
    }

    /// Adds `set-cookie` to an answer.
    static func append(to block: HeaderBlock, _ token: SessionToken, maxAge: UInt32, _ keys: SessionKeys) {
        Decimal(UInt64(maxAge)).withDigits { digits in
            let head = name.count + SessionToken.textCount
            let count = head + attributes.count + digits.count
            let bytes = block.allocate(count)
            if let base = name.base { bytes.update(from: base, count: name.count) }
            token.write(to: bytes + name.count, keys)
            if let base = attributes.base { (bytes + head).update(from: base, count: attributes.count) }
            if let base = digits.base { (bytes + head + attributes.count).update(from: base, count: digits.count) }
            block.append("set-cookie", held: ByteView(base: bytes, count: count))
        }
    }
}

extension HeaderBlock {
    /// A copy of the bytes, or of the first `limit` of them, that lives as long as the block's fields.
    func keep(_ bytes: ByteView, upTo limit: Int) -> ByteView {
        let count = min(bytes.count, limit)
        let copy = allocate(count)
        if let base = bytes.base { copy.update(from: base, count: count) }
        return ByteView(base: copy, count: count)
    }
}

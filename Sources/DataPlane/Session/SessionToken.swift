import Model
import TLS

/// A session as the client carries it (routing.md, Weights, drains, sessions): 54 octets, 72 characters of base64url.
///
///     version 2 │ key generation 4 │ region 8 │ cell 8 │ issued 4 │ seen 4 │ id 8 │ HMAC-SHA256/128 16
///
/// Little-endian. Region and cell are tags made of their names, so that they mean the same after a restart and in
/// another edge.
struct SessionToken: Equatable, BitwiseCopyable {
    static let version: UInt16 = 1
    static let messageCount = 38
    static let byteCount = messageCount + MessageKey.codeCount
    static let textCount = byteCount / 3 * 4

    /// The key that signed it, `SessionKeys.generation`.
    var generation: UInt32 = 0
    var region: UInt64
    var cell: UInt64
    /// Seconds since 1970: when the session began, and when the token was made.
    var issued: UInt32
    var seen: UInt32
    /// Random; the hash that keys the session's requests.
    var id: UInt64

    /// The token in the text, or nil when nobody with our keys wrote it.
    static func read(_ text: ByteView, _ keys: SessionKeys) -> SessionToken? {
        guard text.count == textCount else { return nil }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { room in
            guard let bytes = room.baseAddress, decode(text, into: bytes) else { return nil }
            let raw = UnsafeRawPointer(bytes)
            guard raw.loadUnaligned(as: UInt16.self).littleEndian == version else { return nil }
            let generation = raw.loadUnaligned(fromByteOffset: 2, as: UInt32.self).littleEndian
            let message = ByteView(base: bytes, count: messageCount)
            guard keys.verifies(message, code: bytes + messageCount, generation: generation) else { return nil }
            return SessionToken(
                generation: generation, region: raw.loadUnaligned(fromByteOffset: 6, as: UInt64.self).littleEndian,
                cell: raw.loadUnaligned(fromByteOffset: 14, as: UInt64.self).littleEndian,
                issued: raw.loadUnaligned(fromByteOffset: 22, as: UInt32.self).littleEndian,
                seen: raw.loadUnaligned(fromByteOffset: 26, as: UInt32.self).littleEndian,
                id: raw.loadUnaligned(fromByteOffset: 30, as: UInt64.self).littleEndian)
        }
    }

    /// Writes `textCount` characters, signed with the present key.
    func write(to text: UnsafeMutablePointer<UInt8>, _ keys: SessionKeys) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SessionToken.byteCount) { room in
            guard let bytes = room.baseAddress else { return }
            let raw = UnsafeMutableRawPointer(bytes)
            raw.storeBytes(of: SessionToken.version.littleEndian, as: UInt16.self)
            raw.storeBytes(of: keys.generation.littleEndian, toByteOffset: 2, as: UInt32.self)
            raw.storeBytes(of: region.littleEndian, toByteOffset: 6, as: UInt64.self)
            raw.storeBytes(of: cell.littleEndian, toByteOffset: 14, as: UInt64.self)
            raw.storeBytes(of: issued.littleEndian, toByteOffset: 22, as: UInt32.self)
            raw.storeBytes(of: seen.littleEndian, toByteOffset: 26, as: UInt32.self)
            raw.storeBytes(of: id.littleEndian, toByteOffset: 30, as: UInt64.self)
            let message = ByteView(base: bytes, count: SessionToken.messageCount)
            keys.sign(message, into: bytes + SessionToken.messageCount)
            SessionToken.encode(bytes, into: text)
        }
    }

    /// Idle or lived too long. A clock that goes back makes nothing older.
    func hasExpired(_ now: UInt32, _ rules: SessionRules) -> Bool {
        SessionToken.age(seen, now) > rules.idleSeconds || SessionToken.age(issued, now) > rules.lifeSeconds
    }

    /// So old that the client gets a fresh one (routing.md: a tenth of the idle time).
    func isDue(_ now: UInt32, _ rules: SessionRules) -> Bool {
        SessionToken.age(seen, now) > rules.idleSeconds / 10
    }

    private static func age(_ then: UInt32, _ now: UInt32) -> UInt32 { now > then ? now - then : 0 }

    // MARK: base64url (RFC 4648 §5), without padding: 54 octets need none

    private static func decode(_ text: ByteView, into bytes: UnsafeMutablePointer<UInt8>) -> Bool {
        var invalid: UInt32 = 0
        for group in 0..<byteCount / 3 {
            let (a, b) = (value(text[group * 4]), value(text[group * 4 + 1]))
            let (c, d) = (value(text[group * 4 + 2]), value(text[group * 4 + 3]))
            invalid |= a | b | c | d
            let word = a << 18 | b << 12 | c << 6 | d
            bytes[group * 3] = UInt8(truncatingIfNeeded: word >> 16)
            bytes[group * 3 + 1] = UInt8(truncatingIfNeeded: word >> 8)
            bytes[group * 3 + 2] = UInt8(truncatingIfNeeded: word)
        }
        return invalid < 64
    }

    /// 0–63, or above.
    private static func value(_ character: UInt8) -> UInt32 {
        if character &- 97 < 26 { return UInt32(character &- 71) }
        if character &- 65 < 26 { return UInt32(character &- 65) }
        if character &- 48 < 10 { return UInt32(character &+ 4) }
        if character == 45 { return 62 }
        return character == 95 ? 63 : 0x80
    }

    private static func encode(_ bytes: UnsafePointer<UInt8>, into text: UnsafeMutablePointer<UInt8>) {
        let alphabet: ByteView = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        for group in 0..<byteCount / 3 {
            let high = UInt32(bytes[group * 3]) << 16 | UInt32(bytes[group * 3 + 1]) << 8
            let word = high | UInt32(bytes[group * 3 + 2])
            for place in 0..<4 { text[group * 4 + place] = alphabet[Int(word >> (18 - 6 * UInt32(place)) & 63)] }
        }
    }
}

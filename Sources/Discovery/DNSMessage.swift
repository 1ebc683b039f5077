import Model

/// A DNS answer's addresses (RFC 1035 §4). Whether it answers the question asked was libresolv's to see.
enum DNSMessage {
    private static let internet = 1
    private static let (a, cname, aaaa) = (1, 5, 28)

    /// The A and AAAA records of the answer section, with the shortest life among them and the aliases that led there;
    /// nil for bytes that are no message. Nothing traps, whatever the bytes: each read asks for its room first.
    static func answer(in bytes: ArraySlice<UInt8>) -> Answer? {
        var reader = Reader(rest: bytes)
        guard reader.skip(4), let questions = reader.number(2), let records = reader.number(2), reader.skip(4) else {
            return nil
        }
        for _ in 0..<questions { guard reader.skipName(), reader.skip(4) else { return nil } }
        var (addresses, life): ([IPAddress], UInt32) = ([], .max)
        for _ in 0..<records {
            guard reader.skipName(), let type = reader.number(2), let space = reader.number(2),
                let seconds = reader.number(4), let count = reader.number(2), let data = reader.take(count)
            else { return nil }
            guard space == internet, [a, cname, aaaa].contains(type) else { continue }
            // With the highest bit set it means 0 (RFC 2181 §8).
            life = min(life, seconds > Int(Int32.max) ? 0 : UInt32(seconds))
            if type == cname { continue }
            guard let address = address(data, of: type) else { return nil }
            addresses.append(address)
        }
        return Answer(addresses, lifeSeconds: addresses.isEmpty ? 0 : life)
    }

    private static func address(_ data: ArraySlice<UInt8>, of type: Int) -> IPAddress? {
        guard data.count == (type == a ? 4 : 16) else { return nil }
        if type == a { return IPAddress(v4: data.reduce(0) { $0 << 8 | UInt32($1) }) }
        return IPAddress(
            high: data.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
            low: data.suffix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        mutating func skip(_ count: Int) -> Bool { take(count) != nil }

        mutating func number(_ byteCount: Int) -> Int? { take(byteCount)?.reduce(0) { $0 << 8 | Int($1) } }

        /// Labels up to an empty one or a pointer (RFC 1035 §4.1.4), which is not followed.
        mutating func skipName() -> Bool {
            while let length = number(1) {
                switch length {
                case 0: return true
                case 0xC0...: return skip(1)
                case 1...63: if !skip(length) { return false }
                default: return false
                }
            }
            return false
        }
    }
}

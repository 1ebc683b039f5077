/// One HTTP/2 frame as it stands on the wire (RFC 9113 §4.1), valid or not: tests write wrong ones too.
public struct Frame: Equatable, Sendable {
    public var type: UInt8
    public var flags: UInt8
    public var stream: UInt32
    /// Without padding and priority, which `bytes` puts around it.
    public var payload: [UInt8]
    /// Octets of padding; nil: no padding and no flag for it.
    public var padding: Int?
    /// The five octets of priority before a HEADERS frame's fields.
    public var priority: [UInt8] = []

    public init(_ type: UInt8, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8] = []) {
        (self.type, self.flags, self.stream, self.payload) = (type, flags, stream, payload)
    }

    public static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    public var bytes: [UInt8] {
        var body = priority + payload
        var flags = flags
        if let padding {
            body = [UInt8(truncatingIfNeeded: padding)] + body + Array(repeating: 0, count: padding)
            flags |= 8
        }
        let head = Frame.octets(UInt64(body.count), 3) + [type, flags] + Frame.octets(UInt64(stream), 4)
        return head + body
    }

    /// All complete frames of `bytes`, and what is left behind them.
    public static func read(_ bytes: [UInt8]) -> (frames: [Frame], rest: [UInt8]) {
        var (frames, position): ([Frame], Int) = ([], 0)
        while bytes.count - position >= 9 {
            let count = Int(number(bytes[position..<position + 3]))
            guard bytes.count - position >= 9 + count else { break }
            let payload = Array(bytes[(position + 9)..<(position + 9 + count)])
            let stream = UInt32(number(bytes[(position + 5)..<(position + 9)])) & 0x7FFF_FFFF
            frames.append(Frame(bytes[position + 3], flags: bytes[position + 4], stream: stream, payload))
            position += 9 + count
        }
        return (frames, Array(bytes[position...]))
    }

    /// `value` in `count` octets, the highest first.
    public static func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - $0))) }
    }

    public static func number(_ octets: some Sequence<UInt8>) -> UInt64 {
        octets.reduce(0) { $0 << 8 | UInt64($1) }
    }
}

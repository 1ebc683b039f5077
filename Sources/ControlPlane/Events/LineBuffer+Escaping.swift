/// JSON strings from any bytes (RFC 8259 §7). Valid UTF-8 passes, `"` and `\` and controls are escaped, and every byte
/// that is part of no valid sequence becomes one U+FFFD, so that a line is valid JSON whatever a client sent.
extension LineBuffer {
    private static let classes: [ByteClass] = (0..<256).map { byte in
        if byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F { return .escaped }
        return byte < 0x80 ? .plain : .lead
    }

    /// Appends `bytes` as a JSON string with its quotes.
    public mutating func append(quoted bytes: UnsafeRawBufferPointer) {
        append(byte: 0x22)
        var (index, runStart) = (0, 0)
        while index < bytes.count {
            switch LineBuffer.classes[Int(bytes[index])] {
            case .plain: index += 1
            case .escaped:
                append(run: bytes, runStart..<index)
                append(escaped: bytes[index])
                index += 1
                runStart = index
            case .lead:
                let length = LineBuffer.sequenceLength(bytes, at: index)
                if length > 0 {
                    index += length
                    continue
                }
                append(run: bytes, runStart..<index)
                append("\\ufffd")
                index += 1
                runStart = index
            }
        }
        append(run: bytes, runStart..<index)
        append(byte: 0x22)
    }

    private mutating func append(run bytes: UnsafeRawBufferPointer, _ range: Range<Int>) {
        if range.isEmpty { return }
        append(slice: UnsafeRawBufferPointer(rebasing: bytes[range]))
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            append(byte: LineBuffer.hexDigit(byte >> 4))
            append(byte: LineBuffer.hexDigit(byte & 15))
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    /// The length of the well-formed sequence at `index` (Unicode 15, table 3-7), or 0.
    private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let second: ClosedRange<UInt8>
        let length: Int
        switch bytes[index] {
        case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for offset in 2..<max(2, length) where bytes[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}

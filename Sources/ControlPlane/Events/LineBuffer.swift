/// Bytes of JSON text in the making: one array that keeps its room, because access-log lines are made by the hundred
/// thousand a second. No String, no Foundation.
public struct LineBuffer: Sendable {
    /// What a byte of a JSON string needs: `plain` passes, `escaped` has an escape, `lead` may begin a UTF-8 sequence.
    enum ByteClass: UInt8 { case plain, escaped, lead }

    public private(set) var bytes: [UInt8] = []

    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    public var count: Int { bytes.count }
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Empties the buffer and keeps its room.
    public mutating func clear() { bytes.removeAll(keepingCapacity: true) }

    /// ASCII as it stands: punctuation and field names.
    public mutating func append(_ literal: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    public mutating func append(byte: UInt8) { bytes.append(byte) }

    /// Bytes as they stand.
    public mutating func append(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// Bytes as they stand.
    public mutating func append(slice: UnsafeRawBufferPointer) { bytes.append(contentsOf: slice) }

    /// Decimal.
    public mutating func append(_ value: UInt64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, start) = (value, 20)
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: 48 + rest % 10)
                rest /= 10
            } while rest > 0
            bytes.append(contentsOf: digits[start..<20])
        }
    }

    /// Decimal with leading zeros up to `width` digits.
    public mutating func append(_ value: UInt64, width: Int) {
        var divisor: UInt64 = 1
        for _ in 1..<max(1, width) { divisor *= 10 }
        while divisor > 1, value < divisor {
            bytes.append(48)
            divisor /= 10
        }
        append(value)
    }

    /// A JSON string with its quotes, from bytes of unknown origin.
    public mutating func append(quoted text: String) {
        var text = text
        text.withUTF8 { append(quoted: UnsafeRawBufferPointer($0)) }
    }
}

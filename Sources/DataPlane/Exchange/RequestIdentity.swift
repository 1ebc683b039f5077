import HTTP2
import Model

/// 128 random bits that name a request: the `x-request-id` and, where none came, the trace of W3C Trace Context.
struct RequestIdentity {
    let high: UInt64
    let low: UInt64

    func appendRequestID(to block: HeaderBlock) {
        let bytes = block.allocate(32)
        RequestIdentity.write(high, to: bytes)
        RequestIdentity.write(low, to: bytes + 16)
        block.append("x-request-id", held: ByteView(base: bytes, count: 32))
    }

    /// `00-TRACE-SPAN-00`: version 0, not sampled, since nobody asked for it.
    func appendTraceparent(to block: HeaderBlock) {
        let bytes = block.allocate(55)
        bytes.update(repeating: 48, count: 55)
        (bytes[2], bytes[35], bytes[52]) = (45, 45, 45)
        RequestIdentity.write(high, to: bytes + 3)
        RequestIdentity.write(low, to: bytes + 19)
        RequestIdentity.write(high &* 0x9E37_79B9_7F4A_7C15 | 1, to: bytes + 36)
        block.append("traceparent", held: ByteView(base: bytes, count: 55))
    }

    /// Sixteen hexadecimal digits.
    static func write(_ value: UInt64, to bytes: UnsafeMutablePointer<UInt8>) {
        for index in 0..<16 {
            let nibble = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * index)) & 15
            bytes[index] = nibble < 10 ? 48 + nibble : 87 + nibble
        }
    }
}

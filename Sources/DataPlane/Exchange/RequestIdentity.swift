import HTTP2
import Model

/// 128 random bits that name a request: the `x-request-id` and, where none came, the trace of W3C Trace Context.
struct RequestIdentity {
    let high: UInt64
    let low: UInt64

    /// One request in 64 puts the names of these fields into the endpoint's header table, for the others to refer to.
    private var introducesNames: Bool { low & 63 == 0 }

    /// Adds what the request does not have yet. The id is the first 20 digits of the trace's name: enough to find a
    /// request by in both, and each digit costs instructions.
    func append(to block: HeaderBlock, hasRequestID: Bool, hasTraceparent: Bool) {
        if hasRequestID, hasTraceparent { return }
        let bytes = block.allocate(RequestIdentity.traceparentCount)
        writeTraceparent(to: bytes)
        if !hasRequestID {
            let id = ByteView(base: bytes + 3, count: RequestIdentity.digitCount)
            block.append("x-request-id", .requestID, held: id, introducesName: introducesNames)
        }
        if !hasTraceparent {
            let trace = ByteView(base: bytes, count: RequestIdentity.traceparentCount)
            block.append("traceparent", .traceparent, held: trace, introducesName: introducesNames)
        }
    }

    private static let digitCount = 20
    private static let traceparentCount = 55

    /// `00-TRACE-SPAN-00`: version 0, not sampled, since nobody asked for it (W3C Trace Context, 3.2.2).
    private func writeTraceparent(to bytes: UnsafeMutablePointer<UInt8>) {
        (bytes[0], bytes[1], bytes[2]) = (48, 48, 45)
        RequestIdentity.write(high, to: bytes + 3)
        RequestIdentity.write(low, to: bytes + 19)
        bytes[35] = 45
        RequestIdentity.write(high &* 0x9E37_79B9_7F4A_7C15 | 1, to: bytes + 36)
        (bytes[52], bytes[53], bytes[54]) = (45, 48, 48)
    }

    /// Sixteen hexadecimal digits.
    static func write(_ value: UInt64, to bytes: UnsafeMutablePointer<UInt8>) {
        let target = UnsafeMutableRawPointer(bytes)
        target.storeBytes(of: digits(value >> 32).bigEndian, as: UInt64.self)
        target.storeBytes(of: digits(value & 0xFFFF_FFFF).bigEndian, toByteOffset: 8, as: UInt64.self)
    }

    /// Eight digits at once: each nibble moves to a byte of its own, then all become ASCII together.
    private static func digits(_ value: UInt64) -> UInt64 {
        var spread = (value << 16 | value) & 0x0000_FFFF_0000_FFFF
        spread = (spread << 8 | spread) & 0x00FF_00FF_00FF_00FF
        spread = (spread << 4 | spread) & 0x0F0F_0F0F_0F0F_0F0F
        let isLetter = (spread &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return spread &+ 0x3030_3030_3030_3030 &+ isLetter &* 39
    }
}

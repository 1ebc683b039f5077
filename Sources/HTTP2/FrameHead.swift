/// The nine octets before every frame's payload (RFC 9113 §4.1).
struct FrameHead: Equatable, BitwiseCopyable {
    static let byteCount = 9
    /// Octets of the payload. 0–2²⁴−1.
    let length: Int
    let type: UInt8
    let flags: UInt8
    let stream: UInt32

    static let data: UInt8 = 0
    static let headers: UInt8 = 1
    static let priority: UInt8 = 2
    static let reset: UInt8 = 3
    static let windowUpdate: UInt8 = 8
    static let continuation: UInt8 = 9
    /// PRIORITY_UPDATE (RFC 9218 §7.1).
    static let priorityUpdate: UInt8 = 16

    /// - Parameters:
    ///   - start: the first eight octets, the first one highest.
    ///   - last: the ninth.
    init(start: UInt64, last: UInt8) {
        length = Int(truncatingIfNeeded: start >> 40)
        type = UInt8(truncatingIfNeeded: start >> 32)
        flags = UInt8(truncatingIfNeeded: start >> 24)
        stream = (UInt32(truncatingIfNeeded: start) << 8 | UInt32(last)) & 0x7FFF_FFFF
    }

    /// END_STREAM, where the type has it.
    var endsStream: Bool { flags & 1 != 0 && type <= FrameHead.headers }
    /// Fields follow in CONTINUATION frames: only these may come next (RFC 9113 §6.10).
    var leavesFieldsOpen: Bool {
        flags & 4 == 0 && (type == FrameHead.headers || type == FrameHead.continuation)
    }
}

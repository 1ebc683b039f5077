/// What an event or a timer is about: kind in the top byte, a generation of 24 bits, an index of 32.
struct Token {
    enum Kind: UInt8 {
        case listener = 1
        case connection, sweep, stop, resume, hedge
    }

    let bits: UInt64
    init(_ bits: UInt64) { self.bits = bits }
    init(_ kind: Kind, index: Int, generation: UInt32 = 0) {
        bits = UInt64(kind.rawValue) << 56 | UInt64(generation & 0xFF_FFFF) << 32 | UInt64(UInt32(index))
    }

    var kind: Kind { Kind(rawValue: UInt8(bits >> 56)) ?? .sweep }
    var index: Int { Int(bits & 0xFFFF_FFFF) }
    var generation: UInt32 { UInt32(bits >> 32) & 0xFF_FFFF }
}

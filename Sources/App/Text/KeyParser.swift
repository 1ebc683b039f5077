/// Keys out of a terminal's bytes, however they are cut.
struct KeyParser {
    enum Key: Equatable, Sendable { case up, down, quit }

    private enum State { case plain, escaped, sequence }
    private var state = State.plain

    mutating func receive(_ bytes: some Sequence<UInt8>) -> [Key] { bytes.compactMap { key($0) } }

    /// Arrows come as ESC [ A or ESC O A (ECMA-48 §8.3.22, and a terminal's application mode).
    private mutating func key(_ byte: UInt8) -> Key? {
        switch state {
        case .plain:
            switch byte {
            case 0x1B: state = .escaped
            case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03, 0x04: return .quit
            case UInt8(ascii: "k"): return .up
            case UInt8(ascii: "j"): return .down
            default: break
            }
            return nil
        case .escaped:
            state = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") ? .sequence : .plain
            return nil
        case .sequence:
            // Parameters come before the final byte.
            if 0x20...0x3F ~= byte { return nil }
            state = .plain
            return byte == UInt8(ascii: "A") ? .up : byte == UInt8(ascii: "B") ? .down : nil
        }
    }
}

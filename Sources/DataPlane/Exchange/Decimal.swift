import Model

/// A number's decimal digits without a String.
struct Decimal {
    private var bytes: (UInt64, UInt64, UInt64) = (0, 0, 0)
    private let start: Int

    init(_ value: UInt64) {
        var rest = value
        var position = 24
        withUnsafeMutableBytes(of: &bytes) { bytes in
            repeat {
                position -= 1
                bytes[position] = UInt8(truncatingIfNeeded: rest % 10) + 48
                rest /= 10
            } while rest > 0
        }
        start = position
    }

    /// The digits, valid during the call.
    func withDigits<Result>(_ body: (ByteView) -> Result) -> Result {
        withUnsafeBytes(of: bytes) { body(ByteView(UnsafeRawBufferPointer(rebasing: $0[start...]))) }
    }
}

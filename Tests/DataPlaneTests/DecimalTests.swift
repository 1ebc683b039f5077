import Testing

@testable import DataPlane

struct DecimalTests {
    @Test("writes digits as String does", arguments: [0, 1, 9, 10, 200, 65_535, 1_000_000, .max - 1, .max] as [UInt64])
    func writes(value: UInt64) { #expect(Decimal(value).withDigits { $0.text } == "\(value)") }
}

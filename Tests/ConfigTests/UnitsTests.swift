import Testing

@testable import Config

struct UnitsTests {
    static let durations: [(String, UInt64?)] = [
        ("0ms", 0), ("250ms", 250), ("30s", 30_000), ("1m", 60_000), ("12h", 43_200_000), ("7d", 604_800_000),
        ("", nil), ("s", nil), ("30", nil), ("1.5s", nil), ("-1s", nil), ("+1s", nil), ("30 s", nil), ("30S", nil),
        ("1h30m", nil), ("99999999999999999999s", nil), ("18446744073709551615d", nil), ("٣s", nil),
    ]

    @Test("durations have a number and a unit", arguments: durations)
    func duration(text: String, expected: UInt64?) {
        #expect(Units.parse(text, Units.durations) == expected)
    }

    static let sizes: [(String, UInt64?)] = [
        ("1B", 1), ("64KiB", 65_536), ("8MiB", 8_388_608), ("1GiB", 1_073_741_824), ("64KB", nil), ("64K", nil),
        ("0x10B", nil),
    ]

    @Test("sizes are binary", arguments: sizes)
    func size(text: String, expected: UInt64?) { #expect(Units.parse(text, Units.sizes) == expected) }

    /// What a message says can be written into the file.
    @Test("texts read back", arguments: [0, 1, 999, 1_000, 1_500, 90_000, 3_600_000, 86_400_000, UInt64.max])
    func roundTrip(value: UInt64) {
        #expect(Units.parse(Units.duration(value), Units.durations) == value)
        let bytes = Int(clamping: value)
        #expect(Units.parse(Units.size(bytes), Units.sizes) == UInt64(bytes))
    }
}

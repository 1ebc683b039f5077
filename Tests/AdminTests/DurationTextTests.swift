import Testing

@testable import Admin

struct DurationTextTests {
    static let rows: [(String, UInt64?)] = [
        ("250ms", 250), ("30s", 30_000), ("15m", 900_000), ("12h", 43_200_000), ("90d", 7_776_000_000), ("0s", 0),
        ("", nil), ("s", nil), ("30", nil), ("-1s", nil), ("1.5s", nil), ("1 s", nil), ("1S", nil), ("٣s", nil),
        ("18446744073709551615d", nil), ("99999999999999999999s", nil),
    ]
    @Test("a number and a unit, as in the configuration", arguments: rows)
    func parses(text: String, milliseconds: UInt64?) { #expect(DurationText.milliseconds(text) == milliseconds) }
}

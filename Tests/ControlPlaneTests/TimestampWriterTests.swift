import ControlPlane
import Testing

struct TimestampWriterTests {
    static let rows: [(UInt64, String)] = [
        (0, "1970-01-01T00:00:00.000000Z"),
        (951_782_399_999_999_999, "2000-02-28T23:59:59.999999Z"),
        (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
        (951_868_800_000_001_000, "2000-03-01T00:00:00.000001Z"),
        (1_709_210_096_123_456_789, "2024-02-29T12:34:56.123456Z"),
        (1_767_225_599_000_000_000, "2025-12-31T23:59:59.000000Z"),
        (4_107_542_400_000_000_000, "2100-03-01T00:00:00.000000Z"),
    ]

    @Test("RFC 3339 in UTC", arguments: rows)
    func writes(nanoseconds: UInt64, expected: String) {
        var (writer, line) = (TimestampWriter(), LineBuffer())
        writer.append(nanoseconds, to: &line)
        #expect(line.text == expected)
        #expect(TimestampWriter.text(nanoseconds) == expected)
    }

    /// The part it keeps must follow the clock, forwards and back.
    @Test func followsTheClock() {
        var writer = TimestampWriter()
        for (nanoseconds, expected) in Self.rows + Self.rows.reversed() {
            var line = LineBuffer()
            writer.append(nanoseconds, to: &line)
            #expect(line.text == expected)
        }
    }
}

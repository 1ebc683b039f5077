/// Writes instants as RFC 3339 in UTC with microseconds: `2026-03-01T12:00:00.123456Z`. The part down to the second is
/// kept, because lines come many to the second; so a writer belongs to one thread.
public struct TimestampWriter: Sendable {
    private var second = UInt64.max
    private var prefix = LineBuffer(capacity: 20)

    public init() {}

    /// One instant, for whoever makes few of them.
    public static func text(_ nanoseconds: UInt64) -> String {
        var (writer, line) = (TimestampWriter(), LineBuffer(capacity: 32))
        writer.append(nanoseconds, to: &line)
        return line.text
    }

    /// - Parameter nanoseconds: since 1970-01-01T00:00:00Z, without leap seconds; below the year 10,000.
    public mutating func append(_ nanoseconds: UInt64, to line: inout LineBuffer) {
        let now = nanoseconds / 1_000_000_000
        if now != second { rewritePrefix(now) }
        line.append(raw: prefix.bytes)
        line.append(nanoseconds % 1_000_000_000 / 1_000, width: 6)
        line.append(byte: 0x5A)
    }

    private mutating func rewritePrefix(_ now: UInt64) {
        second = now
        let date = TimestampWriter.date(ofDay: now / 86_400)
        let time = now % 86_400
        prefix.clear()
        prefix.append(date.year, width: 4)
        prefix.append(byte: 0x2D)
        prefix.append(date.month, width: 2)
        prefix.append(byte: 0x2D)
        prefix.append(date.day, width: 2)
        prefix.append(byte: 0x54)
        prefix.append(time / 3_600, width: 2)
        prefix.append(byte: 0x3A)
        prefix.append(time % 3_600 / 60, width: 2)
        prefix.append(byte: 0x3A)
        prefix.append(time % 60, width: 2)
        prefix.append(byte: 0x2E)
    }

    /// The Gregorian date of a day counted from 1970-01-01. Years are counted from March, so that the leap day is a
    /// year's last; 400 years have 146,097 days.
    static func date(ofDay day: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let shifted = day + 719_468  // days from 0000-03-01 to 1970-01-01
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
        return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }
}

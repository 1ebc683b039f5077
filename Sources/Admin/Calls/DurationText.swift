/// Durations as the configuration writes them: `250ms`, `30s`, `15m`, `12h`, `90d`.
enum DurationText {
    private static let units: [(name: String, milliseconds: UInt64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// Nil when it is none, or too long to count.
    static func milliseconds(_ text: String) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (result, isTooLong) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return isTooLong ? nil : result
    }
}

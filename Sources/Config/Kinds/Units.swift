/// Durations in milliseconds and sizes in bytes, as people write them.
enum Units {
    static let durations: [(name: String, factor: UInt64)] = [
        ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]
    static let sizes: [(name: String, factor: UInt64)] = [
        ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1),
    ]

    /// In the largest unit that leaves a whole number, days aside: 90 s is `90s`, 24 h is `24h`.
    static func duration(_ milliseconds: UInt64) -> String { text(milliseconds, Array(durations.dropFirst())) }
    static func size(_ bytes: Int) -> String { text(UInt64(max(0, bytes)), sizes) }

    private static func text(_ value: UInt64, _ units: [(name: String, factor: UInt64)]) -> String {
        let unit = value == 0 ? units.last : units.first { value % $0.factor == 0 }
        return "\(value / (unit?.factor ?? 1))\(unit?.name ?? "")"
    }

    /// Nil where the number, the unit or the product is none.
    static func parse(_ text: String, _ units: [(name: String, factor: UInt64)]) -> UInt64? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = UInt64(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }
}

extension Kind where T == UInt64 {
    /// Milliseconds of `250ms`, `30s`, `5m`, `12h` or `7d`.
    static func duration(_ range: ClosedRange<UInt64>) -> Kind {
        let (low, high) = (Units.duration(range.lowerBound), Units.duration(range.upperBound))
        let expected = "a duration from \(low) to \(high), such as \(Kind.example(in: range))"
        return Kind(expected) { text in
            if let value = Units.parse(text, Units.durations) {
                return range.contains(value) ? .value(value) : .wrong()
            }
            return UInt64(text) == nil ? .wrong() : .wrong(", which has no unit")
        }
    }

    private static func example(in range: ClosedRange<UInt64>) -> String {
        let fitting = [30_000, 5_000, 250, 3_600_000].first { range.contains($0) }
        return Units.duration(fitting ?? range.lowerBound)
    }
}

extension Kind where T == Int {
    /// Bytes of `512B`, `64KiB`, `8MiB` or `1GiB`.
    static func size(_ range: ClosedRange<Int>) -> Kind {
        let (low, high) = (Units.size(range.lowerBound), Units.size(range.upperBound))
        let example = [65_536, 1 << 20].first { range.contains($0) } ?? range.lowerBound
        return Kind("a size from \(low) to \(high), such as \(Units.size(example))") { text in
            guard let bytes = Units.parse(text, Units.sizes) else {
                return UInt64(text) == nil ? .wrong() : .wrong(", which has no unit")
            }
            return Int(exactly: bytes).map { range.contains($0) ? .value($0) : .wrong() } ?? .wrong()
        }
    }
}

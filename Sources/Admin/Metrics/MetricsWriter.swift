/// Writes the Prometheus text format 0.0.4: `# HELP`, `# TYPE`, then the samples of that family.
struct MetricsWriter {
    enum Kind: String { case counter, gauge, histogram }
    typealias Labels = [(name: String, value: String)]

    private(set) var text = ""
    private var name = ""

    /// Begins a family; its samples follow. Each name once a page.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        self.name = name
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    mutating func sample(_ value: some BinaryInteger, _ labels: Labels = []) { line("", labels, "\(value)") }
    mutating func sample(_ value: Double, _ labels: Labels = []) { line("", labels, "\(value)") }
    mutating func sample(_ value: Bool, _ labels: Labels = []) { line("", labels, value ? "1" : "0") }

    /// A family of one sample without labels.
    mutating func counter(_ name: String, _ value: UInt64, _ help: String) {
        family(name, .counter, help)
        sample(value)
    }

    mutating func gauge(_ name: String, _ value: UInt64, _ help: String) {
        family(name, .gauge, help)
        sample(value)
    }

    /// One series of a histogram whose bounds are microseconds.
    /// - Parameter buckets: counts, not cumulated; one more than `bounds`.
    mutating func histogram(_ labels: Labels, bounds: [UInt32], buckets: [UInt64], sumMicroseconds: UInt64) {
        var count: UInt64 = 0
        for (index, bucket) in buckets.enumerated() {
            count += bucket
            let bound = index < bounds.count ? MetricsWriter.seconds(UInt64(bounds[index])) : "+Inf"
            line("_bucket", labels + [("le", bound)], "\(count)")
        }
        line("_sum", labels, MetricsWriter.seconds(sumMicroseconds))
        line("_count", labels, "\(count)")
    }

    private mutating func line(_ suffix: String, _ labels: Labels, _ value: String) {
        text += name + suffix
        if !labels.isEmpty {
            text += "{"
            for (index, label) in labels.enumerated() {
                text += "\(index > 0 ? "," : "")\(label.name)=\"\(MetricsWriter.escaped(label.value))\""
            }
            text += "}"
        }
        text += " \(value)\n"
    }

    /// A length of time that is told in seconds.
    mutating func sample(microseconds: UInt64, _ labels: Labels = []) {
        line("", labels, MetricsWriter.seconds(microseconds))
    }

    /// Microseconds as seconds, without a trace of binary fractions.
    static func seconds(_ microseconds: UInt64) -> String {
        let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        if rest == 0 { return "\(whole)" }
        var digits = String(rest)
        digits = String(repeating: "0", count: 6 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    private static func escaped(_ value: String) -> String {
        guard value.utf8.contains(where: { $0 == 0x5C || $0 == 0x22 || $0 == 0x0A }) else { return value }
        var result = ""
        for character in value.unicodeScalars {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }
}

/// Numbers as people say them.
enum Words {
    /// `3 d 4 h`, `12 m 5 s`, `8 s`: the two largest units.
    static func duration(seconds: UInt64) -> String {
        let units: [(String, UInt64)] = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        guard let first = units.firstIndex(where: { seconds >= $0.1 }) else { return "0 s" }
        var (parts, rest) = ([String](), seconds)
        for (name, length) in units[first...].prefix(2) {
            if rest >= length { parts.append("\(rest / length) \(name)") }
            rest %= length
        }
        return parts.joined(separator: " ")
    }

    /// `0.42 ms`, `81 ms`; `-` for 0, which stands for unknown.
    static func milliseconds(microseconds: UInt64) -> String {
        if microseconds == 0 { return "-" }
        if microseconds >= 10_000 { return "\((microseconds + 500) / 1_000) ms" }
        let hundredths = max(1, (microseconds + 5) / 10)
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) ms"
    }

    /// `1,234,567`.
    static func count(_ number: UInt64) -> String {
        var text = ""
        for (index, digit) in String(number).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}

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

    /// `1,234,567`; less than none is none.
    static func count(_ number: some BinaryInteger) -> String {
        var text = ""
        for (index, digit) in String(UInt64(clamping: number)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }

    /// `2026-01-02 03:04Z` of RFC 3339; what is no time stays as it is.
    static func minute(_ time: String) -> String {
        time.count < 16 ? time : "\(time.prefix(16).replacing("T", with: " "))Z"
    }

    /// `1,234/s`, `0.5/s`.
    static func rate(_ perSecond: Double) -> String {
        guard perSecond.isFinite, perSecond > 0 else { return "0/s" }
        if perSecond >= 9.95 { return "\(count(UInt64(min(perSecond, 1e15).rounded())))/s" }
        let tenths = Int((perSecond * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)/s"
    }

    /// `37 %`, `18.5 %`, `0.25 %`.
    static func percent(_ value: Double) -> String {
        guard value.isFinite else { return "-" }
        let hundredths = Int((min(max(value, 0), 1e9) * 100).rounded())
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return "\(whole) %" }
        return rest % 10 == 0 ? "\(whole).\(rest / 10) %" : "\(whole).\(rest < 10 ? "0" : "")\(rest) %"
    }

    /// Without control characters: what others wrote must not move a terminal's cursor, nor break a line.
    static func plain(_ text: String) -> String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: true
            default: false
            }
        }
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(isControl(scalar) ? "·" : scalar) }
        return String(result)
    }

    /// `3 requests`, `1 session`.
    static func counted(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }
}

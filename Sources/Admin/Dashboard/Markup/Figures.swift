import Foundation

/// Numbers as people read them. What is not known says so.
enum Figures {
    static let unknown = "not measured"

    /// Of microseconds; 0: nothing was measured yet.
    static func time(microseconds: UInt64) -> String {
        switch microseconds {
        case 0: unknown
        case ..<1_000: "\(microseconds) µs"
        case ..<10_000: String(format: "%.2f ms", Double(microseconds) / 1e3)
        case ..<100_000: String(format: "%.1f ms", Double(microseconds) / 1e3)
        case ..<10_000_000: "\(microseconds / 1_000) ms"
        default: "\(microseconds / 1_000_000) s"
        }
    }

    static func count(_ number: Int?) -> String { number.map { grouped("\($0)") } ?? unknown }
    static func count(_ number: UInt64) -> String { grouped("\(number)") }

    /// Requests a second.
    static func rate(_ number: Double?) -> String {
        guard let number, number.isFinite else { return unknown }
        return number < 10 && number > 0
            ? String(format: "%.1f/s", number) : grouped(String(format: "%.0f", number)) + "/s"
    }

    /// Without needless zeros: `37 %`, `0.25 %`.
    static func percent(_ number: Double?) -> String {
        guard let number, number.isFinite else { return unknown }
        var text = String(format: "%.2f", number)
        while text.contains("."), text.hasSuffix("0") || text.hasSuffix(".") { text.removeLast() }
        return "\(text) %"
    }

    /// The two largest units.
    static func duration(seconds: UInt64) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s"),
        ]
        let first = parts.firstIndex { $0.0 > 0 } ?? 3
        return parts[first...].prefix(2).map { "\($0) \($1)" }.joined(separator: " ")
    }

    /// `2026-01-02T03:04:05.006Z` as `2026-01-02 03:04:05`.
    static func instant(_ text: String) -> String {
        guard text.count >= 19 else { return text }
        return String(text.prefix(19).replacing("T", with: " "))
    }

    private static func grouped(_ digits: String) -> String {
        var out = ""
        for (index, digit) in digits.enumerated() {
            let left = digits.count - index
            if index > 0, left % 3 == 0, out != "-" { out += "\u{202F}" }
            out.append(digit)
        }
        return out
    }
}

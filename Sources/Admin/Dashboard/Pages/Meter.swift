import Foundation

/// Bars and lines. Their numbers always stand beside them as text, so they are hidden from screen readers.
enum Meter {
    /// - Parameter percent: 0–100 of the width.
    static func bar(_ percent: Double, tone: Tone = .good, mark: Double? = nil) -> HTML {
        let mark: HTML =
            mark.map {
                "<rect class=\"tick\" x=\"\(number($0))%\" y=\"0\" width=\"2\" height=\"100%\"/>"
            } ?? ""
        return """
            <svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%" rx="3"/>\
            <rect class="fill \(tone.rawValue)" width="\(number(percent))%" height="100%" rx="3"/>\(mark)</svg>
            """
    }

    static func change(from before: Double, to after: Double) -> HTML {
        let (low, high) = (min(before, after), max(before, after))
        let kind: HTML = after < before ? "loss" : "gain"
        return """
            <svg class="bar" aria-hidden="true"><rect class="track" width="100%" height="100%" rx="3"/>\
            <rect class="fill good" width="\(number(low))%" height="100%" rx="3"/>\
            <rect class="\(kind)" x="\(number(low))%" width="\(number(high - low))%" height="100%"/></svg>
            """
    }

    /// Requests a second over the last two minutes.
    static func history(_ points: [Double]) -> HTML {
        guard points.count > 1, let top = points.max(), top > 0 else {
            return "<svg class=\"history\" viewBox=\"0 0 120 24\" aria-hidden=\"true\"></svg>"
        }
        let first = Double(RateHistory.capacity - points.count)
        let line = points.enumerated().map { index, value in
            "\(number(first + Double(index) + 1)),\(number(22.5 - 21 * value / top))"
        }.joined(separator: " ")
        return """
            <svg class="history" viewBox="0 0 120 24" preserveAspectRatio="none" aria-hidden="true">\
            <polygon class="area" points="\(number(first + 1)),24 \(line) 120,24"/><polyline points="\(line)"/></svg>
            """
    }

    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = String(format: "%.1f", value)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}

/// What a value in a query or a body may be. One place says it for the check and for the OpenAPI document.
enum ValueKind: Equatable, Sendable {
    /// So many Unicode scalars.
    case text(ClosedRange<Int>)
    /// A request's path with its query, at most 8 KiB.
    case path
    case whole(ClosedRange<Int>)
    case flag
    /// `250ms`, `30s`, `15m`, `12h`, `90d`; in milliseconds.
    case duration(upTo: UInt64 = .max)
    case choice([String])
    /// A list of so many texts of 1 to 128 scalars.
    case texts(upTo: Int)
    /// Names, each with a text or a list of texts.
    case headers

    private static let longestPath = 8_192
    private static let durationDigits = 9

    /// What is wrong with the value, to follow its name; nil: nothing.
    func problem(_ value: BodyValue) -> String? {
        switch (self, value) {
        case (.text(let range), .text(let text)): return ValueKind.problem(text, range)
        case (.path, .text(let text)):
            if !text.hasPrefix("/") { return "“\(ValueKind.short(text))” does not begin with /" }
            return ValueKind.problem(text, 1...ValueKind.longestPath)
        case (.whole(let range), .whole(let number)):
            return range.contains(number) ? nil : "\(number) is not within \(range.lowerBound) to \(range.upperBound)"
        case (.flag, .bool): return nil
        case (.duration(let longest), .text(let text)): return ValueKind.problem(duration: text, upTo: longest)
        case (.choice(let words), .text(let text)):
            return words.contains(text) ? nil : "“\(ValueKind.short(text))” is none; write \(ValueKind.list(words))"
        case (.texts(let count), .list(let list)):
            if list.count > count { return "\(list.count) are more than \(count)" }
            return list.lazy.compactMap { ValueKind.text(1...128).problem($0) }.first
        case (.headers, .object(let object)):
            return object.sorted { $0.key < $1.key }.lazy.compactMap { ValueKind.problem(header: $0.key, $0.value) }
                .first
        default: return "\(value.words) is no \(noun)"
        }
    }

    private var noun: String {
        switch self {
        case .text, .path, .duration, .choice: "text"
        case .whole: "whole number"
        case .flag: "true or false"
        case .texts: "list of texts"
        case .headers: "object"
        }
    }

    private static func problem(_ text: String, _ range: ClosedRange<Int>) -> String? {
        let count = text.unicodeScalars.count
        if count < range.lowerBound { return "missing or empty" }
        return count > range.upperBound ? "\(count) characters are more than \(range.upperBound)" : nil
    }

    private static func problem(duration text: String, upTo longest: UInt64) -> String? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }.count
        guard (1...durationDigits).contains(digits), let milliseconds = DurationText.milliseconds(text) else {
            return "“\(short(text))” is no duration; write 250ms, 30s, 15m or 12h"
        }
        return milliseconds > longest ? "“\(text)” is longer than \(longest / 1_000)s" : nil
    }

    private static func problem(header name: String, _ value: BodyValue) -> String? {
        let values = if case .list(let list) = value { list } else { [value] }
        for value in values {
            guard case .text = value else { return "\(name): \(value.words) is no text" }
        }
        return nil
    }

    private static func list(_ words: [String]) -> String {
        words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
    }

    /// A text of a query as a value of this kind; nil when it cannot be one.
    func value(ofQuery text: String) -> BodyValue? {
        switch self {
        case .whole: text.allSatisfy { $0.isASCII && $0.isNumber } ? Int(text).map { .whole($0) } : nil
        case .flag: ["true": .bool(true), "false": .bool(false)][text]
        case .text, .path, .duration, .choice: .text(text)
        case .texts, .headers: nil
        }
    }

    /// What a query's text should have been.
    var queryWords: String { self == .flag ? "true or false" : noun }

    static func short(_ text: String) -> String { text.count > 60 ? text.prefix(60) + "…" : text }
}

/// A value of a query or a body, by its name.
struct Field: Equatable, Sendable {
    let name: String
    let kind: ValueKind
    var isRequired = false
    /// For the OpenAPI document.
    let summary: String

    init(_ name: String, _ kind: ValueKind, isRequired: Bool = false, _ summary: String) {
        (self.name, self.kind, self.isRequired, self.summary) = (name, kind, isRequired, summary)
    }
}

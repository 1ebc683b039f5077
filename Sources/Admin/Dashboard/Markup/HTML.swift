/// Text of a page. What the source code itself spells comes in as it is; whatever is interpolated is escaped. There is
/// no other way in, so no name, reason or event that an operator or a service chose can become markup.
struct HTML: ExpressibleByStringInterpolation, Equatable, Sendable {
    private(set) var text: String

    /// Only a literal can be a `StaticString`: text made at run time does not pass here.
    init(stringLiteral value: StaticString) { text = value.description }
    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    static let empty: HTML = ""

    static func + (a: HTML, b: HTML) -> HTML { "\(a)\(b)" }

    struct StringInterpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: StaticString) { text += literal.description }
        mutating func appendInterpolation(_ value: String) { Escaping.append(value, to: &text) }
        mutating func appendInterpolation(_ value: HTML) { text += value.text }
        mutating func appendInterpolation(_ values: [HTML]) { for value in values { text += value.text } }
        mutating func appendInterpolation(_ value: some BinaryInteger) { text += String(value) }
        /// One segment of a path.
        mutating func appendInterpolation(segment value: String) { text += Escaping.segment(value) }
    }
}

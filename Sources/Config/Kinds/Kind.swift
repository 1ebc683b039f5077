/// What a scalar may say: the words for what would be right, and the reading of it.
struct Kind<T> {
    enum Parsed {
        case value(T)
        /// `what` follows the quoted text; `right` replaces `expected`.
        case wrong(_ what: String = "", right: String? = nil)
    }
    let expected: String
    /// Never quoted back: problems end up in logs.
    var isSecret = false
    let parse: (String) -> Parsed

    init(_ expected: String, _ parse: @escaping (String) -> Parsed) {
        (self.expected, self.parse) = (expected, parse)
    }

    /// A kind that either takes a text or does not.
    init(_ expected: String, orNil parse: @escaping (String) -> T?) {
        self.init(expected) { text in parse(text).map { .value($0) } ?? .wrong() }
    }

    /// The same kind with a further demand on its value: nil, or what is wrong and what would be right.
    func demanding(_ check: @escaping (T) -> (what: String, right: String)?) -> Kind {
        Kind(expected) { text in
            guard case .value(let value) = parse(text), let failure = check(value) else { return parse(text) }
            return .wrong(failure.what, right: failure.right)
        }
    }
}

extension Kind where T == Bool {
    static var flag: Kind { Kind("true or false", orNil: { ["true": true, "false": false][$0] }) }
}

extension Kind where T == Double {
    /// A plain decimal: no exponent, no sign.
    static func fraction() -> Kind {
        Kind("a number from 0 to 1, such as 0.25") { text in
            let isDecimal = text.utf8.allSatisfy { (48...57).contains($0) || $0 == 46 }
            guard isDecimal, let value = Double(text), value <= 1 else { return .wrong() }
            return .value(value)
        }
    }
}

extension Kind where T: FixedWidthInteger {
    static func count(_ range: ClosedRange<T>) -> Kind {
        Kind("a whole number from \(range.lowerBound) to \(range.upperBound)", orNil: { number($0, in: range) })
    }

    static func percent(_ range: ClosedRange<T> = 0...100) -> Kind {
        Kind("a whole percent from \(range.lowerBound) to \(range.upperBound)", orNil: { number($0, in: range) })
    }

    /// Decimal digits alone, without leading zeros.
    static func number(_ text: String, in range: ClosedRange<T>) -> T? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), text == "0" || text.utf8.first != 48 else { return nil }
        return T(text).flatMap { range.contains($0) ? $0 : nil }
    }
}

extension Kind where T: CaseIterable & RawRepresentable, T.RawValue == String {
    /// One of the type's own words.
    static var choice: Kind {
        let words = T.allCases.map(\.rawValue)
        let expected = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return Kind(expected, orNil: { T(rawValue: $0) })
    }
}

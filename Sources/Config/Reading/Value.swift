import Yams

/// One value of the file, where it stands and what it is called: `regions.us-east.cells.use-a.weight`.
struct Value {
    let node: Node
    let path: String
    let reading: Reading

    var place: Place { reading.place(node.mark) }

    /// `what` comes after the value's path.
    func report(_ what: String, right: String, severity: Problem.Severity = .error) {
        let what = path.isEmpty ? "the file \(what)" : "\(path) \(what)"
        reading.report(what, right: right, at: place, severity: severity)
    }

    /// The value as a `kind` takes it, or nil and a problem.
    func read<T>(_ kind: Kind<T>) -> T? {
        guard let text = text(right: kind.expected) else { return nil }
        switch kind.parse(text) {
        case .value(let value): return value
        case .wrong(let what, let right):
            let what = kind.isSecret ? "is a text that is not quoted here\(what)" : "is \(Value.quoted(text))\(what)"
            report(what, right: right ?? kind.expected)
            return nil
        }
    }

    /// A scalar's text with `${NAME}` replaced, or nil and a problem.
    private func text(right: String) -> String? {
        guard case .scalar(let scalar) = node else {
            report("is a \(shape)", right: right)
            return nil
        }
        if isNull {
            report("has no value", right: right)
            return nil
        }
        switch EnvironmentText.expand(scalar.string, reading.environment) {
        case .text(let text): return text
        case .undefined(let name):
            report(
                "needs ${\(name)}, which the environment does not have",
                right: "set \(name), or write $${ for a plain ${")
        case .malformed:
            report("has a ${ without a name and }", right: "${NAME}, or $${ for a plain ${")
        }
        return nil
    }

    /// Its keys, handed to `body`; what the body did not ask for is reported as unknown.
    func section(_ body: (Section) -> Void) {
        guard let entries = entries(right: "a mapping of keys and values") else { return }
        let section = Section(self, entries)
        body(section)
        section.reportUnknown()
    }

    /// A list's values; nil and a problem for anything else.
    func items(right: String, mayBeEmpty: Bool = false) -> [Value]? {
        guard case .sequence(let sequence) = node else {
            report(isNull ? "has no value" : "is \(article)\(shape)", right: right)
            return nil
        }
        if sequence.isEmpty, !mayBeEmpty {
            report("is empty", right: right)
            return nil
        }
        return sequence.enumerated().map { Value(node: $1, path: "\(path)[\($0)]", reading: reading) }
    }

    /// A mapping's names and values in the file's order; nil and a problem for anything else.
    func entries(right: String) -> [Entry]? {
        guard case .mapping(let mapping) = node else {
            report(isNull ? "has no value" : "is \(article)\(shape)", right: right)
            return nil
        }
        var seen: Set<String> = []
        return mapping.compactMap { key, value in
            guard let name = key.scalar?.string else {
                reading.report("a key is a \(Value.shape(key))", right: "a plain word", at: reading.place(key.mark))
                return nil
            }
            if reading.maskedKeys.contains(name) || name == "<<" { return nil }
            guard seen.insert(name).inserted else {  // 1 and "1", which are two keys to YAML
                reading.report(
                    "the key \"\(name)\" is given twice", right: "each key once", at: reading.place(key.mark))
                return nil
            }
            let path = path.isEmpty ? name : "\(path).\(name)"
            return Entry(
                name: name, place: reading.place(key.mark), value: Value(node: value, path: path, reading: reading))
        }
    }

    /// Nothing, `~` or `null`, unquoted.
    private var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return scalar.string.isEmpty || scalar.string == "~" || scalar.string == "null"
    }

    private var article: String { node.scalar == nil ? "a " : "" }
    private var shape: String { node.scalar.map { Value.quoted($0.string) } ?? Value.shape(node) }

    private static func shape(_ node: Node) -> String {
        switch node {
        case .mapping: "mapping"
        case .sequence: "list"
        case .scalar, .alias: "value"
        }
    }

    /// In quotes, on one line, shortened to 60 characters.
    static func quoted(_ text: String) -> String {
        let head = text.unicodeScalars.prefix(60).map { scalar in
            scalar.value < 32 || scalar.value == 127 ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
        }
        return "\"\(head.joined())\(text.unicodeScalars.count > 60 ? "…" : "")\""
    }
}

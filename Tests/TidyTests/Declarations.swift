/// What a file declares, found by words and braces: enough for sizes and names, no more.
extension SourceFile {
    struct Function: Equatable {
        let name: String
        /// From 1.
        let line: Int
        let lineCount: Int
    }

    /// Functions, initialisers, subscripts and computed properties with a body.
    var functions: [Function] {
        let words = ["func", "init", "deinit", "subscript", "var"]
        return words.flatMap { word in offsets(of: word).compactMap { function(word, at: $0) } }
            .sorted { $0.line < $1.line }
    }

    private func function(_ word: String, at start: Int) -> Function? {
        let before = code[..<start].last { $0 != UInt8(ascii: " ") }
        if before == UInt8(ascii: ".") { return nil }  // a call: self.init(…)
        guard let open = bodyStart(after: start + word.utf8.count, isProperty: word == "var"),
            let close = matching(open)
        else { return nil }
        let first = line(at: start)
        let name = word == "init" || word == "deinit" ? word : nameAfter(start + word.utf8.count)
        return Function(name: name, line: first, lineCount: line(at: close) - first + 1)
    }

    /// The brace that opens the body; nil for a requirement of a protocol or a stored property.
    private func bodyStart(after offset: Int, isProperty: Bool) -> Int? {
        var position = offset
        var parentheses = 0
        while position < code.count {
            switch code[position] {
            case UInt8(ascii: "("), UInt8(ascii: "["): parentheses += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"): parentheses -= 1
            case UInt8(ascii: "{") where parentheses <= 0: return position
            case UInt8(ascii: "}") where parentheses <= 0: return nil
            case UInt8(ascii: "="), UInt8(ascii: "\n"): if isProperty, parentheses <= 0 { return nil }
            default: if parentheses <= 0, !isProperty, startsDeclaration(at: position) { return nil }
            }
            position += 1
        }
        return nil
    }

    private func startsDeclaration(at position: Int) -> Bool {
        guard position > 0, !isWordByte(code[position - 1]) else { return false }
        let words = ["func", "var", "let", "init", "case", "static", "mutating", "associatedtype", "subscript"]
        return words.contains { word in
            code[position...].starts(with: word.utf8)
                && !isWordByte(code[min(position + word.utf8.count, code.count - 1)])
        }
    }

    private func matching(_ open: Int) -> Int? {
        var depth = 0
        for position in open..<code.count {
            if code[position] == UInt8(ascii: "{") { depth += 1 }
            if code[position] == UInt8(ascii: "}") { depth -= 1 }
            if depth == 0 { return position }
        }
        return nil
    }

    private func nameAfter(_ offset: Int) -> String {
        let rest = code[offset...].drop { $0 == UInt8(ascii: " ") }
        return String(
            decoding: rest.prefix { $0 != UInt8(ascii: "(") && $0 > 32 && $0 != UInt8(ascii: ":") }, as: UTF8.self)
    }

    /// Names of types declared here, nested ones too, with their lines.
    var types: [(name: String, line: Int)] {
        ["struct", "class", "enum", "protocol", "actor", "typealias"].flatMap { word in
            offsets(of: word).compactMap { start -> (name: String, line: Int)? in
                let rest = code[(start + word.utf8.count)...].drop { $0 == UInt8(ascii: " ") }
                let name = String(decoding: rest.prefix { isWordByte($0) }, as: UTF8.self)
                guard let first = name.first, first.isUppercase else { return nil }  // `class func`, `import struct`
                return (name, line(at: start))
            }
        }
    }

    /// Every word of the code.
    var words: Set<String> {
        Set(code.split { !isWordByte($0) }.map { String(decoding: $0, as: UTF8.self) })
    }
}

/// Finds the second of two equal keys in a YAML text and renames it in place, so that the rest can be read as well.
///
/// The first one's place is given, hence the mapping's column (block style) or its brackets (flow style). The new name
/// is of private-use characters and as long as the old one: no place in the file moves.
struct DuplicateKeys {
    private var scalars: [Unicode.Scalar]
    /// The names given so far.
    private(set) var masks: Set<String> = []

    init(text: String) { scalars = Array(text.unicodeScalars) }

    var text: String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        return String(view)
    }

    /// The place of the second key `name` of the mapping whose first stands at `first`; nil where it is not found.
    mutating func maskSecond(_ name: String, first: Place) -> Place? {
        let wanted = Array(name.unicodeScalars)
        guard let start = index(of: first), !wanted.isEmpty else { return nil }
        guard let found = inBlock(wanted, start, column: first.column) ?? inFlow(wanted, start) else { return nil }
        let mask = Unicode.Scalar(UInt32(0xE000 + masks.count)) ?? "\u{E000}"
        for index in found..<(found + wanted.count) { scalars[index] = mask }
        masks.insert(String(repeating: Character(mask), count: wanted.count))
        let isQuoted = found > 0 && (scalars[found - 1] == "\"" || scalars[found - 1] == "'")
        return place(of: isQuoted ? found - 1 : found)
    }

    /// A later line that begins with the key in the same column, before any line that stands further left.
    private func inBlock(_ name: [Unicode.Scalar], _ start: Int, column: Int) -> Int? {
        var index = nextLine(start)
        while index < scalars.count {
            var content = index
            while content < scalars.count, scalars[content] == " " { content += 1 }
            defer { index = nextLine(content) }
            guard content < scalars.count, !isBreak(scalars[content]), scalars[content] != "#" else { continue }
            if content - index < column - 1 { return nil }
            if content - index == column - 1, let found = key(name, at: content) { return found }
        }
        return nil
    }

    /// A key further on between the same brackets.
    private func inFlow(_ name: [Unicode.Scalar], _ start: Int) -> Int? {
        var (index, depth) = (skipToken(start), 0)
        while index < scalars.count, depth >= 0 {
            switch scalars[index] {
            case "{", "[": (depth, index) = (depth + 1, index + 1)
            case "}", "]": (depth, index) = (depth - 1, index + 1)
            case "#" where index > 0 && isSpace(scalars[index - 1]): index = nextLine(index)
            case ",":
                index += 1
                while index < scalars.count, isSpace(scalars[index]) { index += 1 }
                if depth == 0, let found = key(name, at: index) { return found }
            default: index = skipToken(index)
            }
        }
        return nil
    }

    /// Past one character, or a whole quoted text.
    private func skipToken(_ start: Int) -> Int {
        let quote = scalars[start]
        guard quote == "\"" || quote == "'" else { return start + 1 }
        var index = start + 1
        while index < scalars.count, scalars[index] != quote {
            index += quote == "\"" && scalars[index] == "\\" ? 2 : 1
        }
        return index + 1
    }

    /// Where the name begins if the key there is `name`, bare or quoted, and a colon follows.
    private func key(_ name: [Unicode.Scalar], at index: Int) -> Int? {
        guard index < scalars.count else { return nil }
        let isQuoted = scalars[index] == "\"" || scalars[index] == "'"
        let begin = isQuoted ? index + 1 : index
        var end = begin + name.count
        guard end < scalars.count, scalars[begin..<end].elementsEqual(name) else { return nil }
        if isQuoted {
            guard scalars[end] == scalars[index] else { return nil }
            end += 1
        }
        while end < scalars.count, scalars[end] == " " { end += 1 }
        guard end < scalars.count, scalars[end] == ":" else { return nil }
        return isQuoted || end + 1 == scalars.count || isSpace(scalars[end + 1]) ? begin : nil
    }

    private func isBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" || scalar == "\r" }
    private func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || isBreak(scalar) }

    private func nextLine(_ start: Int) -> Int {
        var index = start
        while index < scalars.count, !isBreak(scalars[index]) { index += 1 }
        if index + 1 < scalars.count, scalars[index] == "\r", scalars[index + 1] == "\n" { index += 1 }
        return index + 1
    }

    private func index(of place: Place) -> Int? {
        var index = 0
        for _ in 1..<max(1, place.line) { index = nextLine(index) }
        index += place.column - 1
        return scalars.indices.contains(index) ? index : nil
    }

    private func place(of wanted: Int) -> Place {
        var (line, start) = (1, 0)
        while case let next = nextLine(start), next <= wanted { (line, start) = (line + 1, next) }
        return Place(line: line, column: wanted - start + 1)
    }
}

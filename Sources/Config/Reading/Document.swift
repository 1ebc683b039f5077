import Yams

/// A file's YAML as one tree of values, without what Portolan does not take: anchors, merge keys, foreign tags.
///
/// Yams stops at the first pair of equal keys, so those are found first, one after the other, and masked.
struct Document {
    /// Uses of aliases beyond which the tree is not read: each may multiply what stands below the last.
    private static let maxAliases = 20
    private static let mergeKey = "<<"

    /// Nil where there is nothing to read; then a problem says why.
    private(set) var root: Value?
    private let reading: Reading
    private var seenAnchors: Set<Place> = []
    private var anchorCount = 0

    init(text: String, reading: Reading) {
        self.reading = reading
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        reading.lines = LineMap(text)
        var keys = DuplicateKeys(text: text)
        // Each round masks one key; a file with more equal keys than this has other troubles.
        for _ in 0..<100 {
            do {
                let parser = try Parser(yaml: keys.text, resolver: .basic, encoding: .utf8)
                try withExtendedLifetime(parser) { try open(parser.singleRoot()) }  // it owns the anchors' names
                break
            } catch YamlError.duplicatedKeysInMapping(let names, let context) {
                guard report(duplicate: names.first ?? "", first: reading.place(context.mark), in: &keys) else { break }
            } catch let error as YamlError {
                report(error)
                break
            } catch {
                reading.report("not YAML: \(error)", right: "a YAML mapping", at: .start)
                break
            }
        }
        reading.maskedKeys = keys.masks
    }

    private mutating func open(_ node: Node?) throws {
        guard let node else {
            reading.report("the file is empty", right: "a mapping that begins with version: 1", at: .start)
            return
        }
        inspect(node)
        if anchorCount <= Document.maxAliases { root = Value(node: node, path: "", reading: reading) }
    }

    /// Reports what is refused anywhere in the tree.
    private mutating func inspect(_ node: Node) {
        let place = reading.place(node.mark)
        if node.anchor != nil {
            anchorCount += 1
            guard seenAnchors.insert(place).inserted else { return }
            reading.report(
                "anchors and aliases are not supported", right: "the value itself wherever it is needed", at: place)
        }
        switch node {
        case .mapping(let mapping):
            for (key, value) in mapping {
                if key.scalar?.string == Document.mergeKey, key.scalar?.style == .plain {
                    reading.report(
                        "merge keys are not supported", right: "each key written out", at: reading.place(key.mark))
                }
                inspect(key)
                inspect(value)
            }
        case .sequence(let sequence): for item in sequence { inspect(item) }
        case .scalar, .alias: break
        }
        if let tag = Document.foreignTag(node) {
            reading.report("the tag \(tag) is not supported", right: "the value without a tag", at: place)
        }
    }

    private static func foreignTag(_ node: Node) -> String? {
        let name = node.tag.description
        return name.isEmpty || name.hasPrefix("tag:yaml.org,2002:") ? nil : name
    }

    private func report(duplicate name: String, first: Place, in keys: inout DuplicateKeys) -> Bool {
        let second = keys.maskSecond(name, first: first)
        reading.report(
            "the key \"\(name)\" is given twice, first in line \(first.line)", right: "each key once",
            at: second ?? first)
        return second != nil
    }

    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let place = reading.place(mark)
            var words = problem
            if let context {
                let line = reading.place(context.mark).line
                let start = line < place.line ? " from line \(line)" : ""
                words = "\(context.text)\(start), \(problem)"
            }
            reading.report("not YAML: \(words)", right: Document.advice(on: problem), at: place)
        case .reader(let problem, let offset, _, let yaml):
            let place = offset.map { Document.place(offset: $0, in: yaml) } ?? .start
            reading.report("not YAML: \(problem)", right: "printable characters", at: place)
        case .memory:  // what libyaml also says of its limit of 1,000 levels
            reading.report("not YAML: nested too deeply", right: "the nesting of docs/configuration.md", at: .start)
        default: reading.report("not YAML: \(error)", right: Document.advice(on: ""), at: .start)
        }
    }

    private static func advice(on problem: String) -> String {
        if problem.contains("alias") { return "the value itself: aliases are not supported" }
        if problem.contains("another document") { return "one document in a file" }
        if problem.contains("cannot start any token") { return "spaces to indent, quotes around special characters" }
        return "check indentation, quotes and brackets here and just above"
    }

    /// The place of a character counted from the start of the text.
    private static func place(offset: Int, in text: String) -> Place {
        var place = Place.start
        for character in text.prefix(offset) {
            if character == "\n" || character == "\r\n" || character == "\r" {
                place = Place(line: place.line + 1, column: 1)
            } else {
                place.column += character.unicodeScalars.count
            }
        }
        return place
    }
}

import Testing

/// A broken configuration and all that must be said of it, to the letter.
struct BrokenConfiguration: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let expected: [String]
    var testDescription: String { name }

    init(_ name: String, text: String, _ expected: [String]) {
        (self.name, self.text, self.expected) = (name, text, expected)
    }

    /// Reads rows as people write them:
    ///
    ///     # its name; with `(whole)` at the end nothing is added to the text
    ///     its text, to which the sections of `Sample` that it lacks are added
    ///     > a message
    ///     >   that goes on in a second line
    static func rows(_ transcript: String) -> [BrokenConfiguration] {
        transcript.split(separator: "\n# ").map { block in
            let lines = block.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            let name = lines[0].hasPrefix("# ") ? String(lines[0].dropFirst(2)) : lines[0]
            let own = lines.dropFirst().filter { !$0.hasPrefix(">") && !$0.isEmpty }.joined(separator: "\n")
            var expected: [String] = []
            for line in lines where line.hasPrefix(">") {
                if line.hasPrefix(">   "), let last = expected.popLast() {
                    expected.append("\(last) \(line.dropFirst(4))")
                } else {
                    expected.append(String(line.dropFirst(2)))
                }
            }
            return BrokenConfiguration(name, text: name.hasSuffix("(whole)") ? own : Sample.completing(own), expected)
        }
    }
}

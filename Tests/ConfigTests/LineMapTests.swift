import Testing

@testable import Config

struct LineMapTests {
    /// Text, a place as libyaml counts, and the same as an editor does.
    static let rows: [(String, Place, Place)] = [
        ("a\nb\n", Place(line: 2, column: 1), Place(line: 2, column: 1)),
        ("", Place(line: 7, column: 3), Place(line: 7, column: 3)),
        ("a\u{2028}b\nc", Place(line: 1, column: 1), Place(line: 1, column: 1)),
        ("a\u{2028}b\nc", Place(line: 2, column: 1), Place(line: 1, column: 3)),
        ("a\u{2028}b\nc", Place(line: 3, column: 1), Place(line: 2, column: 1)),
        ("a\u{85}\u{2029}b\r\nc\rd", Place(line: 3, column: 1), Place(line: 1, column: 4)),
        ("a\u{85}\u{2029}b\r\nc\rd", Place(line: 4, column: 1), Place(line: 2, column: 1)),
        ("a\u{85}\u{2029}b\r\nc\rd", Place(line: 5, column: 2), Place(line: 3, column: 2)),
        ("a\u{85}", Place(line: 9, column: 4), Place(line: 1, column: 3)),
    ]

    @Test("only LF, CR and both together end a line", arguments: rows)
    func translates(text: String, parser: Place, editor: Place) {
        #expect(LineMap(text).place(parser) == editor)
    }

    /// What the parser says of a text with foreign breaks, in words and in places.
    static let reports: [(String, String)] = [
        (
            "version: 1 \u{2028}\n\u{85}\u{85}\u{85}\nedge: {name: [x\n",
            "e.yaml:4:1: error: not YAML: while parsing a flow sequence from line 3, "
        ),
        ("# \u{2028} \u{85}\na: 1\na: 2\n", "e.yaml:3:1: error: the key \"a\" is given twice, first in line 2"),
        ("version: \"1\u{2029}\"\nedge: 7\n", "e.yaml:2:7: error: edge is \"7\""),
    ]

    @Test("every report says the editor's lines", arguments: reports)
    func reportsEditorsLines(text: String, expected: String) {
        let loader = ConfigurationLoader(environment: [:], checksFiles: false)
        let error = #expect(throws: ConfigurationError.self) { try loader.load(text: text, file: "e.yaml") }
        let said = error?.problems.map(\.description) ?? []
        #expect(said.contains { $0.hasPrefix(expected) }, "\(said)")
    }
}

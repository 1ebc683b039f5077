import Testing

struct BlankingTests {
    static let rows: [(String, String)] = [
        ("a // b", "a     "),
        ("a /* b /* c */ d */ e", "a                   e"),
        ("f(\"x { y\")", "f(\"     \")"),
        ("f(\"\\\"}\") }", "f(\"   \") }"),
        ("f(\"a\\(b + \"{\")c\") }", "f(\"  (b + \" \") \") }"),
        ("f(#\"a\"b\\(c)\"#)", "f(#\"       \"#)"),
        ("\"\"\"\n { \" \n\"\"\" }", "\"\"\"\n     \n\"\"\" }"),
        ("a / b \" c\nd", "a / b \"  \nd"),
    ]

    @Test("comments and strings become blanks, code and lines stay", arguments: rows)
    func blanks(text: String, expected: String) {
        #expect(SourceFile("Sources/A/B.swift", text).codeText == expected)
    }

    @Test("the length never changes, or lines would be reported wrongly")
    func keepsLength() {
        for file in Repository.here.swiftFiles {
            #expect(file.code.count == file.text.utf8.count, "\(file.path)")
            #expect(file.codeLines.count == file.lines.count, "\(file.path)")
        }
    }
}

import Testing

@testable import App

struct KeyParserTests {
    static let rows: [(String, [KeyParser.Key])] = [
        ("q", [.quit]), ("\u{3}", [.quit]), ("kj", [.up, .down]), ("\u{1B}[A\u{1B}[B", [.up, .down]),
        ("\u{1B}OA", [.up]), ("\u{1B}[1;5B", [.down]), ("\u{1B}[Cx", []), ("\u{1B}[3~\u{1B}[A", [.up]),
        ("\u{1B}qq", [.quit]),
    ]
    @Test("however they are cut", arguments: rows)
    func keys(text: String, keys: [KeyParser.Key]) {
        var (whole, cut) = (KeyParser(), KeyParser())
        #expect(whole.receive(Array(text.utf8)) == keys)
        #expect(text.utf8.flatMap { cut.receive([$0]) } == keys)
    }
}

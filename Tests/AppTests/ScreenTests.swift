import Testing

@testable import App

struct ScreenTests {
    static func withoutColours(_ text: String) -> String { text.replacing(/\u{1B}\[[0-9]*m/, with: "") }

    static let rows: [(isTerminal: Bool, columns: Int?, environment: [String: String], expected: Screen)] = [
        (true, 132, ["TERM": "xterm"], Screen(columns: 132, isColoured: true)),
        (true, 43, ["TERM": "xterm"], Screen(columns: 43, isColoured: true)),
        (true, 5, ["TERM": "xterm"], Screen(columns: 40, isColoured: true)),
        (true, nil, ["TERM": "xterm", "NO_COLOR": ""], Screen(columns: 80, isColoured: true)),
        (true, 80, ["TERM": "xterm", "NO_COLOR": "1"], Screen(columns: 80, isColoured: false)),
        (true, 80, ["TERM": "dumb"], Screen(columns: 80, isColoured: false)),
        (true, 80, [:], Screen(columns: 80, isColoured: false)), (false, 132, ["TERM": "xterm"], .plain),
    ]
    @Test("a terminal's own width; colours only there, and only where nothing speaks against them", arguments: rows)
    func screens(isTerminal: Bool, columns: Int?, environment: [String: String], expected: Screen) {
        #expect(Screen(isTerminal: isTerminal, columns: columns) { environment[$0] } == expected)
    }

    @Test("what is long goes on below, at spaces")
    func paragraphs() {
        let screen = Screen(columns: 12, isColoured: false)
        #expect(screen.paragraph("one two three") == ["one two", "three"])
        #expect(screen.paragraph("one two three", indent: 2, hanging: 4) == ["  one two", "    three"])
        #expect(screen.paragraph("") == [""])
        #expect(screen.paragraph("https://example.com/long") == ["https://example.com/long"], "copied whole")
        let narrow = Screen(columns: 20, isColoured: true)
        #expect(
            narrow.facts([("name", "one two three"), ("n", "1")], inks: [1: .good]).map(ScreenTests.withoutColours)
                == ["name        one two", "            three", "n           1"])
    }

    @Test("a line ends with the screen")
    func lines() {
        let screen = Screen(columns: 10, isColoured: true)
        #expect(screen.line("0123456789") == "0123456789" && screen.line("0123456789a") == "012345678…")
        #expect(Screen.cut("abc", to: 0) == "" && screen.paint("", .bad) == "")
        #expect(ScreenTests.withoutColours(screen.paint("abc", .bad)) == "abc" && screen.paint("abc", nil) == "abc")
    }
}

import Testing

@testable import App

struct TextTableTests {
    @Test("text to the left, numbers to the right, no space at a line's end")
    func aligns() {
        var table = TextTable([.text("NAME"), .number("N"), .text("X")])
        table.add(["a", "1", ""])
        table.add(["longer", "1,000", "yes"])
        #expect(table.lines() == ["NAME        N  X", "a           1", "longer  1,000  yes"])
    }

    @Test("whatever is in it, a table fits the width")
    func fits() {
        var table = TextTable([.text("A"), .text("B"), .number("C")])
        table.add([String(repeating: "a", count: 200), String(repeating: "b", count: 60), "12,345,678"])
        table.add(["short", "also", "1"])
        #expect(table.lines().allSatisfy { $0.count <= Screen.usualColumns })
        #expect(table.lines()[1].contains("…"))
        #expect(table.lines()[1].hasSuffix("12,345,678"), "what is narrow is not cut")
    }

    @Test("without rows only the titles are there")
    func empty() { #expect(TextTable([.text("A"), .number("B")]).lines() == ["A  B"]) }

    @Test("as wide as the screen, be it a wall or a phone", arguments: [40, 60, 80, 132, 400])
    func follows(columns: Int) {
        var table = TextTable([.text("A"), .text("B"), .number("C")])
        table.add([String(repeating: "a", count: 70), String(repeating: "b", count: 60), "12,345,678"])
        let lines = table.lines(on: Screen(columns: columns, isColoured: false))
        #expect(lines.allSatisfy { $0.count <= columns })
        #expect(lines[1].contains("…") == (columns < 70 + 2 + 60 + 2 + 10))
    }

    @Test("colours add nothing to what is read, and what others wrote moves no cursor")
    func colours() {
        var table = TextTable([.text("A"), .number("B")])
        table.add(["x\u{1B}[2J\ny", "1"], inks: [1: .bad])
        let plain = table.lines()
        #expect(plain[1] == "x·[2J·y  1")
        let coloured = table.lines(on: Screen(columns: 80, isColoured: true))
        #expect(coloured[1] == "x·[2J·y  \u{1B}[31m1\u{1B}[0m")
        #expect(coloured.map(ScreenTests.withoutColours) == plain)
    }
}

import Testing

@testable import App

struct TextTableTests {
    @Test("text to the left, numbers to the right, no space at a line's end")
    func aligns() {
        var table = TextTable([.text("NAME"), .number("N"), .text("X")])
        table.add(["a", "1", ""])
        table.add(["longer", "1,000", "yes"])
        #expect(table.lines == ["NAME        N  X", "a           1", "longer  1,000  yes"])
    }

    @Test("whatever is in it, a table fits the width")
    func fits() {
        var table = TextTable([.text("A"), .text("B"), .number("C")])
        table.add([String(repeating: "a", count: 200), String(repeating: "b", count: 60), "12,345,678"])
        table.add(["short", "also", "1"])
        #expect(table.lines.allSatisfy { $0.count <= TextTable.width })
        #expect(table.lines[1].contains("…"))
        #expect(table.lines[1].hasSuffix("12,345,678"), "what is narrow is not cut")
    }

    @Test("without rows only the titles are there")
    func empty() { #expect(TextTable([.text("A"), .number("B")]).lines == ["A  B"]) }
}

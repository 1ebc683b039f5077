import Model
import Support
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

    @Test("where names do not fit, each row is told line by line, and nothing of it is lost")
    func records() {
        var table = TextTable([.name("REGION"), .name("CELL"), .number("WEIGHT"), .text("REASON"), .name("BY")])
        table.add(["us-east", "use-a", "37 % (of 50)", "deploy 42 of the orders service, second try", "anna"])
        table.add(["us-east", "use-b", "63 %", "-", ""])
        #expect(
            table.lines(on: Screen(columns: 40, isColoured: false)) == [
                "REGION us-east  CELL use-a", "  WEIGHT 37 % (of 50)",
                "  REASON deploy 42 of the orders", "    service, second try", "  BY anna",
                "REGION us-east  CELL use-b  WEIGHT 63 %",
            ])
        let row = table.lines(on: Screen(columns: 60, isColoured: false))[1]
        #expect(row.contains("use-a") && row.contains("…"), "a text may be cut")
        let grid = table.grid(on: Screen(columns: 40, isColoured: false))
        #expect(grid.count == 3 && grid.allSatisfy { $0.count <= 40 })
    }

    /// Replay: PORTOLAN_SEED=<seed>.
    @Test func namesAreWholeOnAnyScreen() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let seed = random.seed
        for round in 0..<500 {
            var table = TextTable([.number("N"), .name("NAME"), .text("WHY"), .name("OTHER")])
            let names = (0..<Int.random(in: 1...5, using: &random)).map { index in
                String(repeating: "n", count: Int.random(in: 1...30, using: &random)) + "\(index)"
            }
            for name in names {
                let why = String(repeating: "why ", count: Int.random(in: 0...40, using: &random))
                table.add(["12", name, why, name.uppercased()])
            }
            let columns = Int.random(in: 40...120, using: &random)
            let lines = table.lines(on: Screen(columns: columns, isColoured: false))
            try #require(lines.allSatisfy { $0.count <= columns }, "seed \(seed), round \(round)")
            for name in names {
                let isThere = lines.contains { $0.contains(name) } && lines.contains { $0.contains(name.uppercased()) }
                try #require(isThere, "seed \(seed), round \(round)")
            }
        }
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

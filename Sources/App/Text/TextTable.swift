/// A table for people: columns as wide as their widest cell, together at most the screen's; numbers to the right.
struct TextTable {
    struct Column {
        let title: String
        let isNumber: Bool
        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private static let gap = 2
    /// A column is not made narrower than this.
    private static let narrowest = 6

    let columns: [Column]
    private(set) var rows: [[String]] = []
    /// Of the cells of a row that have one.
    private var inks: [[Int: Screen.Ink]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [String], inks: [Int: Screen.Ink] = [:]) {
        precondition(row.count == columns.count, "a row has a cell for each column")
        rows.append(row.map(Words.plain))
        self.inks.append(inks)
    }

    /// Titles and rows, each line without trailing spaces.
    func lines(on screen: Screen = .plain) -> [String] {
        let widths = fittedWidths(screen.columns)
        let titles = line(columns.map(\.title), widths, .plain, [:])
        return [screen.paint(titles, .strong)] + zip(rows, inks).map { line($0, widths, screen, $1) }
    }

    private func line(_ row: [String], _ widths: [Int], _ screen: Screen, _ inks: [Int: Screen.Ink]) -> String {
        var line = ""
        for (index, cell) in row.enumerated() {
            let text = Screen.cut(cell, to: widths[index])
            let padding = String(repeating: " ", count: widths[index] - text.count)
            let painted = screen.paint(text, inks[index])
            line += columns[index].isNumber ? padding + painted : painted + padding
            if index < row.count - 1 { line += String(repeating: " ", count: TextTable.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
    }

    /// Takes from the widest until all fit.
    private func fittedWidths(_ width: Int) -> [Int] {
        var widths = columns.indices.map { index in
            ([columns[index].title] + rows.map { $0[index] }).map(\.count).max() ?? 0
        }
        let room = width - TextTable.gap * (columns.count - 1)
        while widths.reduce(0, +) > room, let widest = widths.max(), widest > TextTable.narrowest,
            let index = widths.firstIndex(of: widest)
        {
            widths[index] -= 1
        }
        return widths
    }
}

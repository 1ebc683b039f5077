/// A table for people: columns as wide as their widest cell, together at most `width`; numbers to the right.
struct TextTable {
    struct Column {
        let title: String
        let isNumber: Bool
        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    /// Of a terminal as they were always (interfaces.md promises tables for people).
    static let width = 80
    private static let gap = 2
    /// A column is not made narrower than this.
    private static let narrowest = 6

    let columns: [Column]
    private(set) var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ row: [String]) {
        precondition(row.count == columns.count, "a row has a cell for each column")
        rows.append(row)
    }

    /// Titles and rows, each line without trailing spaces.
    var lines: [String] {
        let widths = fittedWidths()
        return ([columns.map(\.title)] + rows).map { row in
            var line = ""
            for (index, cell) in row.enumerated() {
                let text = TextTable.cut(cell, to: widths[index])
                let padding = String(repeating: " ", count: widths[index] - text.count)
                line += columns[index].isNumber ? padding + text : text + padding
                if index < row.count - 1 { line += String(repeating: " ", count: TextTable.gap) }
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// Takes from the widest until all fit.
    private func fittedWidths() -> [Int] {
        var widths = columns.indices.map { index in
            ([columns[index].title] + rows.map { $0[index] }).map(\.count).max() ?? 0
        }
        let room = TextTable.width - TextTable.gap * (columns.count - 1)
        while widths.reduce(0, +) > room, let widest = widths.max(), widest > TextTable.narrowest,
            let index = widths.firstIndex(of: widest)
        {
            widths[index] -= 1
        }
        return widths
    }

    private static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }
}

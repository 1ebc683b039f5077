/// A table for people: columns as wide as their widest cell, together at most the screen's; numbers to the right.
///
/// Texts are cut where the screen asks for it. Names and numbers never are, for half of one is another one: where they
/// do not fit, on a phone, each row becomes a few lines of titles with their values.
struct TextTable {
    struct Column {
        let title: String
        let isNumber: Bool
        /// It is not cut to less than that; nil: not at all.
        let narrowest: Int?

        /// Whole or not at all: what people type again.
        static func name(_ title: String) -> Column { Column(title: title, isNumber: false, narrowest: nil) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true, narrowest: nil) }
        static func text(_ title: String, narrowest: Int = 12) -> Column {
            Column(title: title, isNumber: false, narrowest: narrowest)
        }
    }

    private static let gap = 2

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

    /// Titles and rows, each line without trailing spaces; or, where that does not fit, row after row.
    func lines(on screen: Screen = .plain) -> [String] {
        if let widths = fittedWidths(screen.columns, narrowest: columns.map(\.narrowest)) {
            return grid(widths, screen)
        }
        return zip(rows, inks).flatMap { record($0, $1, screen) }
    }

    /// Titles and rows on any screen, names cut where it must be.
    func grid(on screen: Screen) -> [String] {
        let widths =
            fittedWidths(screen.columns, narrowest: columns.map(\.narrowest))
            ?? fittedWidths(screen.columns, narrowest: columns.map { _ in 1 })
        return grid(widths ?? columns.map { _ in 1 }, screen)
    }

    private func grid(_ widths: [Int], _ screen: Screen) -> [String] {
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

    /// Takes from the widest that may be cut until all fit; nil: they cannot.
    private func fittedWidths(_ width: Int, narrowest: [Int?]) -> [Int]? {
        var widths = columns.indices.map { index in
            ([columns[index].title] + rows.map { $0[index] }).map(\.count).max() ?? 0
        }
        let room = width - TextTable.gap * (columns.count - 1)
        var excess = widths.reduce(0, +) - room
        while excess > 0 {
            let cuttable = widths.indices.filter { index in narrowest[index].map { widths[index] > $0 } ?? false }
            guard let index = cuttable.max(by: { widths[$0] < widths[$1] }) else { return nil }
            widths[index] -= 1
            excess -= 1
        }
        return widths
    }

    /// `TITLE value` of each cell that says something, as many on a line as fit; long texts go on below.
    private func record(_ row: [String], _ inks: [Int: Screen.Ink], _ screen: Screen) -> [String] {
        var (lines, line, width) = ([String](), "", 0)
        for (index, cell) in row.enumerated() where !["", "-"].contains(cell) {
            let title = columns[index].title
            let length = title.count + 1 + cell.count
            if width > 0, width + TextTable.gap + length > screen.columns {
                lines.append(line)
                (line, width) = ("", 0)
            }
            let indent = width > 0 || !lines.isEmpty ? TextTable.gap : 0
            if indent + length > screen.columns, columns[index].narrowest != nil {
                lines += screen.paragraph("\(title) \(cell)", indent: indent, hanging: 2 * TextTable.gap)
                continue
            }
            let painted = "\(screen.paint(title, .faint)) \(screen.paint(cell, inks[index]))"
            line += String(repeating: " ", count: indent) + painted
            width += indent + length
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

import Glibc

/// What text is made for: how wide, and whether in colours.
struct Screen: Equatable, Sendable {
    /// Attributes of a terminal, as the numbers of its SGR sequence (ECMA-48 §8.3.117).
    enum Ink: String, Sendable {
        case strong = "1"
        case faint = "2"
        case reversed = "7"
        case bad = "31"
        case good = "32"
        case warning = "33"
    }

    /// Where nobody says otherwise: tables fit it (interfaces.md promises them to people).
    static let usualColumns = 80
    /// Below this nothing can be shown sensibly; lines break then.
    static let fewestColumns = 40

    var columns = Screen.usualColumns
    var isColoured = false

    /// A file or a pipe.
    static let plain = Screen()

    /// Standard output.
    static var current: Screen {
        Screen(isTerminal: Terminal.isTerminal, columns: Terminal.size?.columns, environment: Terminal.environment)
    }

    private init() {}

    init(columns: Int, isColoured: Bool) { (self.columns, self.isColoured) = (columns, isColoured) }

    /// A terminal's own width, be it a phone's; colours only there, and not where NO_COLOR or TERM speak against it.
    init(isTerminal: Bool, columns: Int?, environment: (String) -> String?) {
        guard isTerminal else { return }
        if let columns { self.columns = max(columns, Screen.fewestColumns) }
        let speaksAgainst = environment("NO_COLOR")?.isEmpty == false
        isColoured = !speaksAgainst && !["", "dumb"].contains(environment("TERM") ?? "")
    }

    func paint(_ text: String, _ ink: Ink?) -> String {
        guard isColoured, let ink, !text.isEmpty else { return text }
        return "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m"
    }

    /// One line of it, cut where the screen ends.
    func line(_ text: String) -> String { Screen.cut(Words.plain(text), to: columns) }

    /// As many lines as it takes, broken at spaces; a word that is longer than the screen stays whole.
    /// - Parameters:
    ///   - indent: spaces before the first line.
    ///   - hanging: spaces before the others.
    func paragraph(_ text: String, indent: Int = 0, hanging: Int = 0) -> [String] {
        var (lines, line, isEmpty) = ([String](), String(repeating: " ", count: indent), true)
        for word in Words.plain(text).split(separator: " ") {
            // A percentage stays whole.
            if !isEmpty, !word.hasPrefix("%"), line.count + 1 + word.count > columns {
                lines.append(line)
                (line, isEmpty) = (String(repeating: " ", count: hanging), true)
            }
            line += (isEmpty ? "" : " ") + word
            isEmpty = false
        }
        return lines + [line]
    }

    /// Names, and beside each what is to be said of it; what is long goes on under its beginning.
    /// - Parameter inks: of the values, by their index.
    func facts(_ rows: [(name: String, value: String)], inks: [Int: Ink] = [:]) -> [String] {
        let width = 12
        return rows.enumerated().flatMap { index, row in
            let lines = paragraph(row.value, indent: width, hanging: width).map { String($0.dropFirst(width)) }
            return lines.enumerated().map { number, line in
                let name = number == 0 ? row.name : ""
                return name + String(repeating: " ", count: width - name.count) + paint(line, inks[index])
            }
        }
    }

    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : width < 1 ? "" : text.prefix(width - 1) + "…"
    }
}

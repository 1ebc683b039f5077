/// A decision for people, as the edge words it for 80 columns: on a narrower screen, what is long goes on below.
enum ExplanationText {
    /// Where the edge's columns begin; a stage's name stands before.
    private static let column = 14

    static func lines(_ text: String, on screen: Screen = .plain) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
            if line.count <= screen.columns || line.count <= column { return [Words.plain(String(line))] }
            let (name, rest) = (line.prefix(column), String(line.dropFirst(column)))
            let indent = column + rest.prefix { $0 == " " }.count
            let below = screen.paragraph(rest, indent: indent, hanging: indent + 2)
            return below.enumerated().map { index, line in
                index == 0 ? Words.plain(String(name)) + line.dropFirst(column) : line
            }
        }.reversed().drop { $0.isEmpty }.reversed()
    }
}

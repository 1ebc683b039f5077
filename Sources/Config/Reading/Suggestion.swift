/// What somebody who wrote a word probably meant.
enum Suggestion {
    /// The candidate with the fewest edits, if those are few for the word's length; the first of several.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        guard word.unicodeScalars.count <= 64 else { return nil }
        let most = word.unicodeScalars.count < 4 ? 1 : word.unicodeScalars.count < 8 ? 2 : 3
        let ranked = candidates.map { ($0, distance(word, $0)) }
        guard let best = ranked.min(by: { $0.1 < $1.1 }), best.1 <= most else { return nil }
        return best.0
    }

    /// Insertions, deletions, substitutions, and swaps of neighbours that turn one word into the other, case aside.
    static func distance(_ first: String, _ second: String) -> Int {
        let (a, b) = (Array(first.lowercased().unicodeScalars), Array(second.lowercased().unicodeScalars))
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}

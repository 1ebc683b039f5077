import ControlPlane

extension ReplayReport {
    /// The most flows in the table.
    private static let flows = 30

    /// For people.
    var text: String {
        let other = [
            (otherEndpoint, "by another endpoint of the same cell"), (elsewhere, "elsewhere"),
            (refused, "of those refused that were not"),
            (unknown, "would depend on headers or keys that the log does not keep; decided as far as it does"),
        ]
        var lines = ["\(lines) lines, \(requests) requests, \(decided) decided again: \(same) the same"]
        for (count, words) in other where count > 0 { lines.append("  \(count) \(words)") }
        if undecided > 0 { lines.append("\(undecided) answered by the edge before it decided anything") }
        if missing > 0 {
            lines.append(
                "\(missing) not decided: what their generation was like is not in the log"
                    + " (give the file before it, too)")
        }
        if unreadable > 0 {
            lines.append("\(unreadable) lines cannot be used:")
            lines += badLines.map { "  line \($0.line): \($0.why)" }
        }
        return (lines + table).joined(separator: "\n")
    }

    private var table: [String] {
        if moves.isEmpty { return [] }
        var table = TextTable([.name("FROM"), .name("TO"), .number("REQUESTS"), .number("%")])
        for move in moves.prefix(ReplayReport.flows) {
            let tenths = (move.requests * 1_000 + decided / 2) / max(1, decided)
            table.add([move.from, move.to, "\(move.requests)", "\(tenths / 10).\(tenths % 10)"])
        }
        let left = moves.dropFirst(ReplayReport.flows).reduce(0) { $0 + $1.requests }
        return [""] + table.lines() + (left > 0 ? ["and \(left) requests between other places"] : [])
    }
}

extension ProblemTests {
    /// Rows whose text is made, or would not show on a page.
    static let generated = [
        BrokenConfiguration(
            "a control character", text: "version: 1\nedge: \u{1}\n",
            ["edge.yaml:2:7: error: not YAML: control characters are not allowed (printable characters)"]),
        BrokenConfiguration(
            "a tab as indentation", text: "version: 1\nedge:\n\tname: edge-1\n",
            [
                "edge.yaml:3:1: error: not YAML: while scanning for the next token, found character that cannot start "
                    + "any token (spaces to indent, quotes around special characters)"
            ]),
        BrokenConfiguration(
            "nesting without end", text: "version: " + String(repeating: "[", count: 5_000),
            [
                "edge.yaml:1:11: error: not YAML: while parsing, Maximum nesting level reached, set with "
                    + "yaml_set_max_nest_level()) (check indentation, quotes and brackets here and just above)"
            ]),
        BrokenConfiguration(
            "a socket path too long to be bound",
            text: Sample.completing("admin: {socket: /\(String(repeating: "a", count: 95))}"),
            ["edge.yaml:1:17: error: admin.socket makes 96 bytes (a socket path of at most 95 bytes)"]),
        BrokenConfiguration(
            "too many regions", text: Sample.completing("regions:\n  us-east: \(region)\n" + manyRegions),
            ["edge.yaml:66:3: error: this is region 65 of 65 (at most 64 regions)"]),
        BrokenConfiguration(
            "too many cells for equal shares", text: Sample.completing("regions: {us-east: \(manyCells)}"),
            [
                "edge.yaml:1:46: error: regions.us-east.cells are 101, too many for equal shares in whole percents "
                    + "(at most 100 cells, or weights that sum to 100)"
            ]),
    ]

    private static let region = "{jurisdiction: us, edge: us.example}"
    private static var manyRegions: String { (2...65).map { "  r\($0): \(region)" }.joined(separator: "\n") }
    private static var manyCells: String {
        let cells = (0...100).map { "c\($0): {endpoints: [\"127.0.0.1:\(7_000 + $0)\"]}" }
        return "{jurisdiction: us, cells: {\(cells.joined(separator: ", "))}}"
    }
}

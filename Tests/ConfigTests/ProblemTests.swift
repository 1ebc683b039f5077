import Config
import Testing

/// A message is an interface, and one mistake must not drag others behind it.
struct ProblemTests {
    static let rows =
        generated
        + [document, edge, listeners, sections, regions, routes, headers, data, rules, events].flatMap(
            BrokenConfiguration.rows)

    @Test("is reported where it stands, and nothing else is", arguments: rows)
    func reports(row: BrokenConfiguration) {
        #expect(ProblemTests.said(of: row) == row.expected, "\(row.text)")
    }

    /// Rows are told apart by their names, and each has something to say.
    @Test func rowsAreRows() {
        #expect(Set(ProblemTests.rows.map(\.name)).count == ProblemTests.rows.count)
        #expect(ProblemTests.rows.allSatisfy { !$0.expected.isEmpty })
    }

    static func said(of row: BrokenConfiguration) -> [String] {
        do throws(ConfigurationError) {
            return try Sample.loader.load(text: row.text, file: "edge.yaml").warnings.map(\.description)
        } catch {
            return error.problems.map(\.description)
        }
    }
}

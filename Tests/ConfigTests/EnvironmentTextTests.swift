import Testing

@testable import Config

struct EnvironmentTextTests {
    static let rows: [(String, EnvironmentText.Outcome)] = [
        ("", .text("")), ("plain $ text", .text("plain $ text")), ("$A", .text("$A")),
        ("${A}", .text("1")), ("x${A}y${B_2}z", .text("x1y${A}z")), ("${EMPTY}", .text("")),
        ("$${A}", .text("${A}")), ("$$${A}", .text("$${A}")), ("$${A}${A}", .text("${A}1")), ("$", .text("$")),
        ("${C}", .undefined("C")), ("${A}${C}", .undefined("C")),
        ("${", .malformed), ("${}", .malformed), ("${A", .malformed), ("${1}", .malformed), ("${A-B}", .malformed),
        ("${A:-x}", .malformed), ("${ A}", .malformed), ("${é}", .malformed),
    ]

    @Test("is replaced once, by what the environment has", arguments: rows)
    func expand(text: String, expected: EnvironmentText.Outcome) {
        #expect(EnvironmentText.expand(text, ["A": "1", "B_2": "${A}", "EMPTY": ""]) == expected)
    }
}

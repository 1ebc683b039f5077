import Testing

@testable import App

struct DrainProgressTests {
    static let rows: [(Int, Int, Int)] = [(100, 0, 0), (50, 0, 7), (0, 0, 15), (0, 50, 22), (0, 100, 30)]
    @Test("new work is the bar's first half, sessions its second", arguments: rows)
    func bar(admission: Int, moved: Int, filled: Int) throws {
        let drain = try OperatorTextTests.drain("moving", admission: admission, moved: moved)
        let line = DrainProgress.line(drain, String(repeating: "x", count: 90))
        #expect(line.count { $0 == "#" } == filled && line.count { $0 == "." } == DrainProgress.width - filled)
        #expect(line.count == 79, "a terminal's line would break")
    }
}

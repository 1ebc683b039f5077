import Model
import Testing

@testable import Probes

struct ProbeJudgeTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var expected: [ClosedRange<Int>] = [200...299]
        var wanted: String?
        var status: Int? = 200
        var body: [String] = []
        var isEnded = true
        var verdict: ProbeJudge.Verdict
        var testDescription: String { name }
    }

    static let rows: [Row] = [
        Row(name: "an expected status and an end", verdict: .passed),
        Row(name: "no end yet", isEnded: false, verdict: .undecided),
        Row(
            name: "an unexpected status, before any end", status: 503, isEnded: false,
            verdict: .failed("status 503, expected 200–299")),
        Row(name: "one of several statuses", expected: [200...200, 404...404], status: 404, verdict: .passed),
        Row(
            name: "none of several statuses", expected: [200...200, 300...399], status: 404,
            verdict: .failed("status 404, expected 200, 300–399")),
        Row(name: "no status at all", status: nil, verdict: .failed("no valid status")),
        Row(name: "the text, torn over two frames", wanted: "ready", body: ["I am rea", "dy."], verdict: .passed),
        Row(
            name: "the text is missing", wanted: "ready", body: ["not yet"],
            verdict: .failed("the body of 7 bytes does not contain “ready”")),
        Row(
            name: "an empty body where text is wanted", wanted: "ready",
            verdict: .failed("the body of 0 bytes does not contain “ready”")),
        Row(
            name: "a body without end and without a text to find", body: [String(repeating: "x", count: 70_000)],
            isEnded: false, verdict: .passed),
        Row(
            name: "the text past the bound", wanted: "ready", body: [String(repeating: "x", count: 65_534), "ready"],
            isEnded: false, verdict: .failed("the first 64 KiB of the body do not contain “ready”")),
        Row(
            name: "the text just inside the bound", wanted: "ready",
            body: [String(repeating: "x", count: 65_531), "ready"], isEnded: false, verdict: .passed),
    ]

    @Test("status and body decide", arguments: rows)
    func judges(row: Row) {
        var health = Configuration.Health()
        health.expectedStatuses = row.expected
        health.bodyContains = row.wanted
        var judge = ProbeJudge(health)
        judge.headReceived(status: row.status)
        for part in row.body { part.utf8.withContiguousStorageIfAvailable { judge.bodyReceived(.init($0)) } }
        if row.isEnded { judge.ended() }
        #expect(judge.verdict == row.verdict)
    }
}

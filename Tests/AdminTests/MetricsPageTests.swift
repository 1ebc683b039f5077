import Foundation
import Testing

@testable import Admin

struct MetricsPageTests {
    /// `UPDATE=1 swift test` writes it anew; it is to be read before it is committed.
    static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Transcripts/metrics.txt")

    @Test("the page is the one that dashboards were written for")
    func page() throws {
        let text = MetricsPage(SmallReading.metrics).text
        if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
            try text.write(to: MetricsPageTests.golden, atomically: true, encoding: .utf8)
        }
        let expected = try String(contentsOf: MetricsPageTests.golden, encoding: .utf8)
        let (lines, wanted) = (text.split(separator: "\n"), expected.split(separator: "\n"))
        for (line, want) in zip(lines, wanted) { try #require(line == want) }
        #expect(lines.count == wanted.count)
    }

    @Test("each family is told once, with help and type, before its samples")
    func families() throws {
        var seen: Set<Substring> = []
        var current: Substring = ""
        for line in MetricsPage(SmallReading.metrics).text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# HELP") {
                current = words[2]
                #expect(seen.insert(current).inserted, "\(current) twice")
                #expect(words.count == 4 && words[3].hasSuffix("."), "\(line)")
            } else if line.hasPrefix("# TYPE") {
                #expect(words[2] == current)
                #expect(["counter", "gauge", "histogram"].contains(words[3]))
                #expect((words[3] == "counter") == current.hasSuffix("_total"), "\(line)")
            } else {
                #expect(line.hasPrefix(current), "\(line)")
                #expect(words.count == 2 && Double(words[1]) != nil, "\(line)")
            }
        }
        #expect(seen.allSatisfy { $0.hasPrefix("portolan_") || $0.hasPrefix("process_") })
    }
}

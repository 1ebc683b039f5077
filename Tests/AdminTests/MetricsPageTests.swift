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

    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// `UPDATE=1 swift test` writes it anew.
    @Test("docs/metrics.md lists what the page has")
    func document() throws {
        let file = MetricsPageTests.root.appending(path: "docs/metrics.md")
        let text = MetricsPageTests.document(of: MetricsPage(SmallReading.metrics).text)
        if ProcessInfo.processInfo.environment["UPDATE"] == "1" {
            try text.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == text, "UPDATE=1 writes docs/metrics.md anew")
    }

    @Test("alert rules and the Grafana dashboard ask for metrics that are there")
    func consumers() throws {
        let page = MetricsPage(SmallReading.metrics).text
        let known = Set(
            page.split(separator: "\n").filter { $0.hasPrefix("# TYPE") }.map { $0.split(separator: " ")[2] })
        for name in ["alerts.yaml", "grafana.json"] {
            let text = try String(
                contentsOf: MetricsPageTests.root.appending(path: "monitoring/\(name)"), encoding: .utf8)
            let asked = text.matches(of: /\b(portolan|process)_[a-z_]+/).map(\.output.0)
            #expect(asked.count > 20, "\(name)")
            for metric in Set(asked) {
                let family = metric.replacing(/_(bucket|sum|count)$/, with: "")
                #expect(known.contains(metric) || known.contains(family[...]), "\(name) asks for \(metric)")
            }
        }
    }

    @Test("each alert has a section in the runbook, and no other section is there")
    func runbook() throws {
        func text(_ path: String) throws -> String {
            try String(contentsOf: MetricsPageTests.root.appending(path: path), encoding: .utf8)
        }
        let alerts = try text("monitoring/alerts.yaml").matches(of: /alert: (\w+)/).map { String($0.output.1) }
        let sections = try text("docs/runbook.md").matches(of: /\n## (\w+)/).map { String($0.output.1) }
        #expect(alerts == sections && !alerts.isEmpty)
    }

    private static func document(of page: String) -> String {
        var rows: [String] = []
        var (name, help, kind) = ("", "", "")
        var labels: [String] = []
        func row() -> String { "| `\(name)` | \(kind) | \(labels.joined(separator: ", ")) | \(help) |" }
        for line in page.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP") {
                if !name.isEmpty { rows.append(row()) }
                (name, help, labels) = (words[2], words[3], [])
            } else if line.hasPrefix("# TYPE") {
                kind = words[3]
            } else if let first = line.firstMatch(of: /\{(.*)\}/), labels.isEmpty {
                labels = first.output.1.matches(of: /([a-z]+)="/).map { "`\($0.output.1)`" }
            }
        }
        rows.append(row())
        return """
            # Metrics

            What `GET /metrics` answers, in the text format of Prometheus. This page is written from the code that \
            writes that one.
            Labels come from the configuration and from fixed lists alone, so that their number is bounded. \
            `monitoring/` has
            alert rules with their tests (`promtool test rules`) and a dashboard for Grafana.

            | metric | kind | labels | tells |
            |---|---|---|---|
            \(rows.joined(separator: "\n"))

            """
    }
}

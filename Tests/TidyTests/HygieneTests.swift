import Testing

struct HygieneTests {
    static let rows: [(String, Int)] = [
        ("// TO" + "DO: later", 1), ("// TO" + "DO #12: later", 0), ("mastodon todos", 0),
        ("cd /wo" + "rk/main", 1), ("/ro" + "ot", 1), ("see /ho" + "me/somebody/x", 1), ("portolan/wo" + "rkers", 0),
        ("/v1/wo" + "rk", 0), ("GET /wo" + "rkers", 0),
        ("https://github.com/apple/swift-log", 0), ("http://127.0.0.1:9443/metrics", 0), ("https://a.example.com/x", 0),
        ("https://mirror" + ".packages.lan/simple", 1),
    ]

    @Test("promises, machines' paths and unknown hosts are found", arguments: rows)
    func finds(line: String, count: Int) throws {
        let findings = try Hygiene.findings(path: "a", text: "\n" + line)
        #expect(findings.count == count, "\(report(findings))")
        #expect(findings.allSatisfy { $0.line == 2 })
    }

    static let links: [(String, Bool)] = [
        ("[a](b.md)", true), ("[a](b.md#top)", true), ("[a](../README.md)", true), ("[a](decisions/)", true),
        ("[a](https://example.com/x)", true), ("[a](missing.md)", false), ("[a](../docs/c.md)", false),
    ]

    @Test("a link between documents leads somewhere", arguments: links)
    func deadLinks(line: String, isRight: Bool) {
        let known: Set<String> = ["docs/b.md", "README.md", "docs/decisions/0001.md"]
        let findings = Hygiene.deadLinks(path: "docs/a.md", text: line, known: known)
        #expect(findings.isEmpty == isRight, "\(report(findings))")
    }
}

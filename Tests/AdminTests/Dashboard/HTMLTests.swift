import Model
import Support
import Testing

@testable import Admin

struct HTMLTests {
    static let rows: [(String, String)] = [
        ("a & b", "a &amp; b"), ("<script>", "&lt;script&gt;"), ("\"' onload=", "&quot;&#39; onload="),
        ("a\u{0}b\u{1B}", "a\u{FFFD}b\u{FFFD}"), ("abc\u{202E}cba", "abc\u{FFFD}cba"), ("Übergröße 東京", "Übergröße 東京"),
    ]

    @Test("what is interpolated is escaped, in content and in attributes", arguments: rows)
    func escapes(text: String, escaped: String) {
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        #expect(html.text == "<p title=\"\(escaped)\">\(escaped)</p>")
    }

    @Test("markup that was made stays markup, once")
    func nests() {
        let inner: HTML = "<b>\("<")</b>"
        let outer: HTML = "<p>\(inner)\([inner, inner])\(7)</p>"
        #expect(outer.text == "<p><b>&lt;</b><b>&lt;</b><b>&lt;</b>7</p>")
    }

    @Test("a segment of a path cannot leave it")
    func segments() {
        let html: HTML = "\(segment: "../a b?c#d%\"/é")"
        #expect(html.text == "..%2Fa%20b%3Fc%23d%25%22%2F%C3%A9")
    }

    @Test("no text of any kind opens a tag or ends an attribute")
    func property() throws {
        var random = SplitMix64.fromEnvironmentOrFresh()
        let alphabet = Array("<>&\"'/= \n\u{0}\u{202E}abcüé-!;").map(String.init) + ["]]>", "-->", "&#60;", "<script"]
        for round in 0..<2_000 {
            let text = (0..<random.next(below: 24)).map { _ in
                alphabet[Int(random.next(below: UInt32(alphabet.count)))]
            }.joined()
            let html: HTML = "\(text)"
            let isTame = !html.text.contains { "<>\"'\u{0}\u{202E}".contains($0) }
            try #require(isTame, "seed \(random.seed), round \(round): \(html.text)")
        }
    }
}

import Model
import Testing

@testable import ControlPlane

struct PositionPageTests {
    static let metrics = """
        # HELP pg_lsn Where it is.
        # TYPE pg_lsn gauge
        pg_lsn_total 99
        pg_lsn{slot="c"} 12000001 1700000000000
        pg_lsn{slot="a b}\\"{",timeline="1"} 1.2e+07
        pg_lsn_bytes 5
        one\t7\r
        spoilt{a="1"} 5
        spoilt{a="2"} NaN
        below -1
        open{a="1 5
        other 3
        """

    static let samples: [(metric: String, expected: String)] = [
        ("pg_lsn", "12000001"), ("pg_lsn_total", "99"), ("pg_lsn_bytes", "5"), ("one", "7"), ("other", "3"),
        ("pg_ls", "the page has no metric pg_ls"), ("slot", "the page has no metric slot"),
        ("spoilt", "spoilt: “NaN” is not a position"), ("below", "below: “-1” is not a position"),
        ("open", "open: “” is not a position"),
    ]

    private static func said(_ page: PositionPage, _ source: Configuration.PositionSource) -> String {
        do throws(PositionFailure) { return "\(try page.position(for: source))" } catch { return "\(error)" }
    }

    @Test("a metric by its whole name, the greatest of its series", arguments: samples)
    func prometheus(metric: String, expected: String) {
        let page = PositionPage(body: Array(Self.metrics.utf8))
        #expect(Self.said(page, .prometheus(url: "", metric: metric)) == expected)
    }

    static let json = """
        {"a/b": {"~x": 3}, "lsn": "16/B374D848", "big": 9007199254740993, "float": 1.2e+07, "part": 1.25, "": 8,
         "list": [{"n": 1}, {"n": "1700000000000-5"}, [4]], "no": null, "yes": true, "minus": -4, "o": {}}
        """

    static let pointers: [(pointer: String, expected: String)] = [
        ("/lsn", "16/B374D848"), ("/big", "9007199254740993"), ("/float", "12000000"), ("/part", "1.25"),
        ("/a~1b/~0x", "3"), ("/list/1/n", "1700000000000-5"), ("/list/2/0", "4"), ("/", "8"),
        ("/minus", "“-4” is not a position"), ("/none", "the answer has no number or text at /none"),
        ("/no", "the answer has no number or text at /no"), ("/yes", "the answer has no number or text at /yes"),
        ("/o", "the answer has no number or text at /o"), ("/list", "the answer has no number or text at /list"),
        ("/list/7", "the answer has no number or text at /list/7"),
        ("/list/01", "the answer has no number or text at /list/01"),
        ("/lsn/0", "the answer has no number or text at /lsn/0"),
    ]

    @Test("what a pointer leads to", arguments: pointers)
    func json(pointer: String, expected: String) {
        let page = PositionPage(body: Array(Self.json.utf8))
        #expect(Self.said(page, .json(url: "", pointer: pointer)) == expected)
    }

    @Test("what is no JSON, and bare scalars")
    func notJSON() {
        let source = Configuration.PositionSource.json(url: "", pointer: "/a")
        for text in ["", "{", "{\"a\": 5", "<html>"] {
            #expect(Self.said(PositionPage(body: Array(text.utf8)), source) == "the answer is not JSON")
        }
        #expect(Self.said(PositionPage(body: Array("5".utf8)), source).hasSuffix("no number or text at /a"))
    }

    @Test("a header")
    func header() {
        let source = Configuration.PositionSource.header(url: "", name: "x-offset")
        #expect(Self.said(PositionPage(body: [], header: " 42 "), source) == "42")
        #expect(Self.said(PositionPage(body: []), source) == "the answer has no header x-offset")
        #expect(Self.said(PositionPage(body: [], header: "soon"), source) == "“soon” is not a position")
    }
}

import Testing

@testable import App

struct ExplainCommandTests {
    static let rows: [(String, String?, String)] = [
        ("/a?b", nil, "/a?b"), ("http://h", "h", "/"), ("https://h:8443/a/b?c=d#e", "h:8443", "/a/b?c=d"),
        ("http://h?x", "h", "/?x"),
    ]
    @Test("the parts of a URL", arguments: rows)
    func parts(url: String, authority: String?, path: String) throws {
        let parts = try ExplainCommand.parts(of: url)
        #expect(parts.authority == authority && parts.path == path)
    }

    @Test("what is no URL is told", arguments: ["h/a", "ftp://h/", "http:///a", "", "/a b", "/ä"])
    func wrong(url: String) { #expect(throws: (any Error).self) { try ExplainCommand.parts(of: url) } }
}

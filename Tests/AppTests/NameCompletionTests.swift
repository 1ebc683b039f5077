import Testing

@testable import App

struct NameCompletionTests {
    static let rows: [([String], [String])] = [
        (["portolan", "drain", ""], []),
        (["portolan", "drain", "--admin", "unix:/s", "--now", "u"], ["--admin", "unix:/s"]),
        (
            ["portolan", "cells", "--cacert=/c", "--token-file", "/t", "--admin"],
            ["--cacert=/c", "--token-file", "/t"]
        ),
        (["--admin", ""], []),
    ]
    @Test("of a line, what says where the API is", arguments: rows)
    func place(words: [String], place: [String]) { #expect(NameCompletion.place(words) == place) }
}

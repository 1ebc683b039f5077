import Testing

@testable import Config

struct DuplicateKeysTests {
    /// Text, the key, where it stands first, and where the second one is looked for and found.
    static let rows: [(String, String, Place, Place?)] = [
        ("a: 1\na: 2", "a", Place(line: 1, column: 1), Place(line: 2, column: 1)),
        ("a:\n  a: 1\n# a: 3\n\na : 2", "a", Place(line: 1, column: 1), Place(line: 5, column: 1)),
        ("- k: 1\n  k: 2\n- k: 3", "k", Place(line: 1, column: 3), Place(line: 2, column: 3)),
        ("- k: 1\n- k: 2", "k", Place(line: 1, column: 3), nil),
        ("a: 1\nab: 2\n'a': 3", "a", Place(line: 1, column: 1), Place(line: 3, column: 1)),
        ("x: {a: {a: 1}, a: 2}", "a", Place(line: 1, column: 5), Place(line: 1, column: 16)),
        ("{a: \"}, a: \", b: '{', # ], a: 1\n \"a\":2}", "a", Place(line: 1, column: 2), Place(line: 2, column: 2)),
        ("[{a: 1}, {a: 2}]", "a", Place(line: 1, column: 3), nil),
        ("a: 1\r\na: 2", "a", Place(line: 1, column: 1), Place(line: 2, column: 1)),
        ("é: 1\né: 2", "é", Place(line: 1, column: 1), Place(line: 2, column: 1)),
        ("a: 1", "a", Place(line: 9, column: 1), nil),
        ("", "a", Place(line: 1, column: 1), nil),
    ]

    @Test("finds the second and renames it in place", arguments: rows)
    func masks(text: String, name: String, first: Place, expected: Place?) {
        var keys = DuplicateKeys(text: text)
        #expect(keys.maskSecond(name, first: first) == expected)
        #expect(keys.text.unicodeScalars.count == text.unicodeScalars.count)
        #expect((keys.text == text) == (expected == nil))
        #expect(keys.masks.count == (expected == nil ? 0 : 1))
    }
}

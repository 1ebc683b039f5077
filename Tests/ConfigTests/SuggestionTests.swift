import Testing

@testable import Config

struct SuggestionTests {
    static let rows: [(String, [String], String?)] = [
        ("regoin", ["name", "region"], "region"),
        ("adress", ["name", "address"], "address"),
        ("US-EAST", ["us-east", "eu-west"], "us-east"),
        ("nmae", ["name", "region"], "name"),
        ("us", ["eu", "us"], "us"),
        ("uk", ["eu", "in"], nil),
        ("colour", ["name", "region"], nil),
        ("", ["name"], nil),
        ("name", [], nil),
        (String(repeating: "a", count: 1_000), ["a"], nil),
    ]

    @Test("names what was probably meant, or nothing", arguments: rows)
    func nearest(word: String, candidates: [String], expected: String?) {
        #expect(Suggestion.nearest(to: word, among: candidates) == expected)
    }

    static let distances: [(String, String, Int)] = [
        ("", "", 0), ("a", "", 1), ("", "ab", 2), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abd", 1),
        ("kitten", "sitting", 3), ("ab", "ba", 1),
    ]

    @Test("counts edits the same way in both directions", arguments: distances)
    func distance(first: String, second: String, expected: Int) {
        #expect(Suggestion.distance(first, second) == expected)
        #expect(Suggestion.distance(second, first) == expected)
    }
}
